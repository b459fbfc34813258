/** Rules that read what they write, against what plain evaluation of one moment after the other gives. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EvaluationError } from '../../../src/promql/functions.js';
import { labelsFrom } from '../../../src/promql/labels.js';
import { MemorySet } from '../../../src/promql/memory.js';
import { loadRules } from '../../../src/promql/rules/load.js';
import { openRecorder, seenUntil } from '../../../src/promql/rules/recorder.js';
import { replay } from '../../../src/promql/rules/replay.js';
import type { RuleGroup } from '../../../src/promql/rules/rule.js';
import { openRun } from '../../../src/promql/rules/run.js';
import { samplesAt } from '../../../src/promql/rules/samples.js';

const MINUTE = 60_000;
const END = 80 * MINUTE;
const FIRING = 'ALERTS{alertstate="firing",alertname="A"}';

/** Each reads itself, or another one that reads it. */
const FILES: readonly string[] = [
  `- {alert: A, expr: 'x > 7 or x > 3 and on (i) ${FIRING}', for: 2m}`,
  `- {alert: A, expr: 'x > 7 unless on (i) max_over_time(${FIRING}[9m]) > 0', keep_firing_for: 3m}`,
  `- {record: r, expr: 'x + on (i) group_left () (0 * (r or x))'}\n  - {alert: A, expr: 'r > 5 and on () absent(${FIRING})'}`,
  `- {alert: A, expr: 'count(${FIRING}) or sum(x) > scalar(count(x) * 5)', for: 1m}`,
  `- {alert: A, expr: 'x > 6 unless on (i) ALERTS{alertname="B"}'}\n  - {alert: B, expr: 'x < 5 and on () absent(${FIRING})', for: 1m}`,
  `- {alert: A, expr: 'x * on (i) y > 20 or x and on (i) ${FIRING} offset 2m'}`,
  `- {alert: A, expr: 'count_over_time((x > 5 or on (i) ${FIRING})[5m:1m]) > 2'}`,
];

const groupsOf = async (rules: string, head: string): Promise<readonly RuleGroup[]> => {
  const { groups, problems } = await loadRules(`groups:\n- name: g\n${head}  rules:\n  ${rules}\n`, 'f.yml');
  expect(problems).toEqual([]);
  return groups;
};

/** What every rule was, moment by moment, with one evaluation for each. */
const plainly = ([group]: readonly RuleGroup[], set: MemorySet): unknown => {
  const { rules, queryOffset } = group as RuleGroup;
  const recorder = openRecorder(set);
  const runs = rules.map((rule) => openRun({ rule, group: group as RuleGroup }, 0, recorder, (text) => text));
  for (let moment = 0; moment <= END; moment += MINUTE)
    for (const run of runs)
      try {
        const seen = seenUntil(recorder, moment);
        run.step(moment, samplesAt(run.rule, seen, moment - queryOffset, { subqueryStep: MINUTE }));
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        run.fail(moment, error.message);
      }
  return runs.map(({ alerts, failures }) => ({ episodes: alerts?.episodes, failures }));
};

/** Mostly going on as they were, with holes; two series of one name may be there at once, which fails where one is wanted. */
const arbitrarySeries = fc.record({
  labels: fc.constantFrom('a', 'b', 'c').chain((i) => fc.constantFrom({ i }, { i, j: '1' })),
  name: fc.constantFrom('x', 'x', 'y'),
  values: fc.array(fc.option(fc.integer({ min: 0, max: 10 }), { freq: 6 }), { maxLength: 40 }),
  step: fc.constantFrom(1, 2, 3),
});

it.each(FILES)('%s', async (rules) => {
  const plain = await groupsOf(rules, '');
  const late = await groupsOf(rules, '  query_offset: 90s\n');
  fc.assert(
    fc.property(fc.array(arbitrarySeries, { maxLength: 4 }), fc.boolean(), (all, isLate) => {
      const set = new MemorySet();
      for (const { labels, name, values, step } of all)
        values.forEach((value, index) => {
          if (value !== null)
            set.append(
              labelsFrom([['__name__', name], ...Object.entries(labels)]),
              index * step * MINUTE,
              value,
            );
        });
      const groups = isLate ? late : plain;
      const { rules: got } = replay(groups, set, { since: 0, until: END });
      expect(
        got.map((one) => ({
          episodes: one.kind === 'alert' ? one.episodes : undefined,
          failures: one.failures,
        })),
      ).toEqual(plainly(groups, set));
    }),
    { numRuns: 12 },
  );
});
