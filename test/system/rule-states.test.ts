/**
 * Rules over random series, moment by moment: what ours wrote and fired is given to promtool as what a unit test expects, in
 * alerts, their annotations, ALERTS, ALERTS_FOR_STATE and recorded series. promtool has to find nothing else.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/promql/engine.js';
import { type Labels, pairsOf } from '../../src/promql/labels.js';
import { MemorySet } from '../../src/promql/memory.js';
import { readSeries } from '../../src/promql/notation.js';
import { parse } from '../../src/promql/parse.js';
import { loadRules } from '../../src/promql/rules/load.js';
import { type Replayed, replay } from '../../src/promql/rules/replay.js';
import { has, run } from './sysmon.js';

const MINUTE = 60_000;
const LENGTH = 40;
const RULES = new URL('../fixtures/rules/states.yml', import.meta.url).pathname;

const folder = mkdtempSync(join(tmpdir(), 'sysmon-states-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Mostly what was there before, so that something has the time to fire; no gap of five minutes, whose edge 3.0 has moved. */
const values = fc
  .array(
    fc.tuple(
      fc.constantFrom('1', '4', '7', '9', '_ _ _ 4', '_ _ 9', 'stale'),
      fc.integer({ min: 1, max: 7 }),
    ),
    {
      minLength: 12,
      maxLength: 12,
    },
  )
  .map((runs) =>
    runs
      .flatMap(([value, times]) => Array<string>(times).fill(value).join(' ').split(' '))
      .slice(0, LENGTH)
      .join(' '),
  );

const NAMES = ['x{a="1",b="p"}', 'x{a="2",b="p"}', 'x{a="3",b="q"}'];

const setOf = (series: readonly string[]): MemorySet => {
  const set = new MemorySet();
  for (const [which, text] of series.entries()) {
    const { labels, points } = readSeries(`${NAMES[which]} ${text}`);
    points.forEach((point, index) => {
      if (point === 'stale') set.end(labels, index * MINUTE);
      else if (point !== 'none') set.append(labels, index * MINUTE, point);
    });
  }
  return set;
};

const metric = (labels: Labels): string =>
  `{${pairsOf(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}}`;

const exprTests = ({ set }: Replayed): readonly unknown[] =>
  ['{__name__=~"ALERTS|ALERTS_FOR_STATE"}', '{__name__=~"r|s"}'].flatMap((expr) =>
    Array.from({ length: LENGTH }, (_, minute) => {
      const time = minute * MINUTE;
      const result = evaluate(expr, parse(expr), set, { start: time, end: time, step: 0 });
      if (result.type !== 'vector') throw new Error(result.type);
      const samples = result.series.map((one) => ({ labels: metric(one.labels), value: one.values[0] }));
      return { expr, eval_time: `${minute}m`, exp_samples: samples };
    }),
  );

const alertTests = ({ rules }: Replayed): readonly unknown[] =>
  rules.flatMap((one) => {
    if (one.kind === 'record') return [];
    return Array.from({ length: LENGTH }, (_, minute) => {
      const time = minute * MINUTE;
      const firing = one.episodes.filter(
        ({ firingSince = Infinity, resolvedAt = Infinity }) => firingSince <= time && time < resolvedAt,
      );
      const alerts = firing.map((episode) => ({
        exp_labels: Object.fromEntries(pairsOf(episode.labels)),
        exp_annotations: Object.fromEntries(one.annotate(episode, time)),
      }));
      return { eval_time: `${minute}m`, alertname: one.rule.name, exp_alerts: alerts };
    });
  });

describe.runIf(has('promtool'))('promtool', () => {
  it('sees every alert begin, fire and end when ours do', async () => {
    const { groups, problems } = await loadRules(readFileSync(RULES, 'utf8'), RULES);
    expect(problems).toEqual([]);
    const inputs = fc.sample(fc.tuple(values, values, values), { numRuns: 40, seed: 5 });
    const fired = new Map<string, number>();
    const tests = inputs.map((series) => {
      const replayed = replay(groups, setOf(series), { since: 0, until: (LENGTH - 1) * MINUTE });
      for (const one of replayed.rules)
        if (one.kind === 'alert')
          fired.set(
            one.rule.name,
            (fired.get(one.rule.name) ?? 0) +
              one.episodes.filter((episode) => episode.firingSince !== undefined).length,
          );
      return {
        interval: '1m',
        input_series: series.map((text, which) => ({ series: NAMES[which], values: text })),
        alert_rule_test: alertTests(replayed),
        promql_expr_test: exprTests(replayed),
      };
    });
    // Each of them has something to show.
    expect(Math.min(...fired.values()), JSON.stringify([...fired])).toBeGreaterThan(10);
    const file = join(folder, 'states.json');
    writeFileSync(file, JSON.stringify({ rule_files: [RULES], evaluation_interval: '1m', tests }));
    const { status, stdout, stderr } = run('promtool', ['test', 'rules', file]);
    expect(status, `${stdout}${stderr}`.replace(/\n+/g, '\n').slice(0, 3000)).toBe(0);
  });
});
