/** What a check reads of a log's past, in leaps and by picking, judges as all of it does, whatever happened to the log. */

import { readdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { pastFor } from '../../src/commands/past.js';
import { DEFAULT_RULES } from '../../src/core/defaults.js';
import { LOOKBACK, openHistory } from '../../src/core/history.js';
import { judgeAll } from '../../src/core/judge.js';
import { latest } from '../../src/core/latest.js';
import { pastNeeded } from '../../src/core/past-needed.js';
import { formatPath } from '../../src/core/path.js';
import type { Measure, Rule } from '../../src/core/rule.js';
import { type Log, openLog } from '../../src/logs/reader.js';
import { gatherRecent } from '../../src/logs/recent.js';
import { timeOf } from '../../src/logs/time-index.js';
import { GROUPS } from '../../src/vitals/index.js';
import { makeFolder } from '../logs/log-folder.js';
import { type LogPlan, logPlan, makeLog, type Written } from './random-log.js';

const folder = makeFolder();
afterAll(() => folder.remove());

/** Minutes of a log, and of how many logs: more of either have been tried than there is time for at each save. */
const LONGEST = 90;
const RUNS = 5;

const store = ({ files }: Written): void => {
  const place = dirname(folder.path);
  for (const name of readdirSync(place)) rmSync(`${place}/${name}`);
  for (const [index, { lines, form }] of files.entries()) {
    if (index === files.length - 1) folder.live(lines.map((line) => `${line}\n`).join(''));
    else folder.archive(Date.UTC(2026, 10, 21) + index, index, lines, form, 7);
  }
};

/** A log of which each line is looked at, newest first, and those taken are decoded as a whole. */
const inFull = (lines: readonly Buffer[]): Pick<Log, 'recent'> => ({
  recent: (since, only, more) => {
    const { reach: _, ...rest } = more ?? {};
    return gatherRecent(
      (containing) =>
        lines
          .filter((line) => containing === undefined || line.includes(containing))
          .map((line) => ({ line, groups: GROUPS })),
      { since, only, detailSince: since, sparseSince: since, between: only, ...rest },
    );
  },
});

/** The same, without what is too old to matter to any rule. */
const withinReach = (log: Pick<Log, 'recent'>, rules: readonly Rule[]): Pick<Log, 'recent'> => {
  const { reach } = pastNeeded(rules);
  return {
    recent: (since, only, more) => {
      const samples = log.recent(since, only, more);
      const end = samples.at(-1)?.time ?? 0;
      return samples.map((sample) => {
        const age = (end - sample.time) / 1000;
        const readings = [...sample.readings].filter(([name]) => age <= (reach.get(name) ?? 0));
        return age <= LOOKBACK ? sample : { ...sample, readings: new Map(readings) };
      });
    },
  };
};

const verdictsOf = (rules: readonly Rule[], log: Pick<Log, 'recent'>, now: number): readonly string[] => {
  const groups = new Set(['system', ...rules.map(({ path }) => path.group)]);
  const samples = pastFor(rules, log as Log, groups, now);
  const newest = samples.at(-1);
  if (newest === undefined) return [];
  const history = openHistory(rules);
  for (const sample of samples) history.add(sample);
  const merged = latest(
    samples.filter(({ time }) => time >= newest.time - LOOKBACK * 1000),
    LOOKBACK * 1000,
  );
  return judgeAll(rules, { now: merged ?? newest, history, log: { began: samples[0]?.time ?? 0 } }).map(
    ({ rule, path, state, value, reason }) =>
      `${rule.name} ${JSON.stringify(rule.measure)} ${formatPath(path)}: ${state} ${value} ${reason}`,
  );
};

const withMeasure = (rule: Rule, measure: Measure): Rule => ({ ...rule, measure });

const ruleFrom = fc
  .tuple(fc.constantFrom(...DEFAULT_RULES), fc.constantFrom(60, 300, 600, 1800, 3600, 5400, 9000), fc.nat(3))
  .map(([rule, seconds, kind]): Rule => {
    const { measure } = rule;
    if (measure.kind === 'value') {
      if (kind < 2) return rule;
      return withMeasure(rule, { kind: kind === 2 ? 'average' : 'throughout', seconds });
    }
    return kind === 0
      ? withMeasure(rule, { kind: 'average', seconds })
      : withMeasure(rule, { ...measure, seconds });
  });

const rulesFrom = fc.oneof(
  fc.constant(DEFAULT_RULES),
  fc.uniqueArray(ruleFrom, { minLength: 1, maxLength: 6, selector: ({ name }) => name }),
);

/** Judges by the log as a check does, so many seconds after its last sample, and by all of it that `rest` gives. */
const compare = (
  plan: LogPlan,
  rules: readonly Rule[],
  later: number,
  rest: (log: Pick<Log, 'recent'>) => Pick<Log, 'recent'>,
): void => {
  const written = makeLog(plan);
  store(written);
  const lines = written.files.flatMap((file) => file.lines.map((line) => Buffer.from(line))).reverse();
  const now = written.end + (later % Math.min(LOOKBACK, 3 * plan.interval)) * 1000;
  const log = openLog(folder.path, GROUPS);
  try {
    expect(verdictsOf(rules, rest(log), now)).toEqual(verdictsOf(rules, rest(inFull(lines)), now));
  } finally {
    log.close();
  }
};

it('judges as the whole lines do, without a leap', () => {
  fc.assert(
    fc.property(logPlan(LONGEST), rulesFrom, fc.nat(LOOKBACK), (plan, rules, later) => {
      compare(plan, rules, later, (log) => withinReach(log, rules));
    }),
    { numRuns: RUNS },
  );
});

/** Leaps that come down short of where they should, in one of which there seemed to be a hole. */
const LEAPS: LogPlan = {
  ...{ interval: 5, detail: 60, minutes: 90, padding: 50_000, wobble: 3, failing: 0, events: [] },
  seed: 14,
};

it('leaves out nothing that a rule looks at, where nothing has happened', () => {
  // Where a longer window is read for another rule, points of an average are merged from another beginning on.
  const alone = fc.oneof(
    fc.constant(DEFAULT_RULES),
    ruleFrom.map((rule) => [rule]),
  );
  const calm = logPlan(LONGEST).map((plan) => ({ ...plan, failing: 0, events: [] }));
  fc.assert(
    fc.property(calm, alone, fc.nat(LOOKBACK), (plan, rules, later) => {
      compare(plan, rules, later, (log) => log);
    }),
    { numRuns: RUNS, examples: [[LEAPS, DEFAULT_RULES, 0]] },
  );
});

it.each([
  [5, 60],
  [30, 120],
  [60, 60],
])('judges a log of a sample in %d s, with detail in %d, at whichever moment', (interval, detail) => {
  const calm = { minutes: 170, padding: 0, wobble: 0, failing: 0, events: [] };
  const { files, end } = makeLog({ ...calm, interval, detail, seed: 7 });
  const lines = files.flatMap((file) => file.lines.map((line) => Buffer.from(line))).reverse();
  const rules = DEFAULT_RULES.filter(({ path }) => path.group !== 'conntrack' && path.group !== 'log');
  for (let ago = 0; ago < 600; ago += interval === 5 ? 17 : 5) {
    const now = end - ago * 1000 - 137;
    const known = lines.slice(lines.findIndex((line) => (timeOf(line) ?? 0) <= now));
    const verdicts = verdictsOf(rules, inFull(known), now);
    expect(verdicts.filter((text) => text.includes('not judged'))).toEqual([]);
  }
});
