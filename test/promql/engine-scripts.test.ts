/** Prometheus's own scripts, and ours in the same format. */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runScript } from '../promqltest/run.js';

const THEIRS = new URL('prometheus/', import.meta.url);
const OURS = new URL('cases/', import.meta.url);

const scriptsIn = (directory: URL): string[] =>
  readdirSync(directory).filter((name) => name.endsWith('.test'));

const textOf = (name: string, directory: URL): string => readFileSync(new URL(name, directory), 'utf8');

/** How often each reason stands for a skipped query. */
const countReasons = (reasons: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
};

const functionReason = (name: string): string =>
  `function "${name}" is experimental, which sysmon does not have`;
const aggregationReason = (name: string): string =>
  `"${name}" is an experimental aggregation, which sysmon does not have`;

const IN_DATA = 'a native histogram in the data';
const IN_RESULT = 'a native histogram in the result expected';

/** Passed ones, and skipped ones by reason, of each file of theirs. */
const WANTED: Readonly<Record<string, readonly [passed: number, skipped: Record<string, number>]>> = {
  'aggregators.test': [
    123,
    { [IN_DATA]: 35, [aggregationReason('limitk')]: 1, [aggregationReason('limit_ratio')]: 1 },
  ],
  'collision.test': [2, {}],
  'functions.test': [
    262,
    {
      [IN_DATA]: 71,
      [IN_RESULT]: 18,
      [functionReason('sort_by_label')]: 8,
      [functionReason('sort_by_label_desc')]: 3,
      [functionReason('double_exponential_smoothing')]: 4,
      [functionReason('mad_over_time')]: 7,
      [functionReason('ts_of_min_over_time')]: 1,
      [functionReason('ts_of_max_over_time')]: 1,
      [functionReason('ts_of_last_over_time')]: 4,
      [functionReason('ts_of_first_over_time')]: 5,
      [functionReason('step')]: 7,
      [functionReason('range')]: 8,
      [functionReason('start')]: 8,
      [functionReason('end')]: 10,
      [functionReason('min_of')]: 7,
      [functionReason('max_of')]: 7,
    },
  ],
  'literals.test': [25, {}],
  'selectors.test': [31, {}],
};

describe("Prometheus's scripts", () => {
  it('are all there', () => expect(scriptsIn(THEIRS).sort()).toEqual(Object.keys(WANTED).sort()));

  it.each(scriptsIn(THEIRS))('%s passes, but for what is not to be had', (name) => {
    const { passed, failed, skipped } = runScript(textOf(name, THEIRS));
    expect(failed).toEqual([]);
    expect([passed, countReasons(skipped.map(({ reason }) => reason))]).toEqual(WANTED[name]);
  });
});

describe('scripts of ours', () => {
  it.each(scriptsIn(OURS))('%s passes', (name) => {
    const { passed, failed, skipped } = runScript(textOf(name, OURS));
    expect(failed).toEqual([]);
    expect(skipped).toEqual([]);
    expect(passed).toBeGreaterThan(0);
  });
});
