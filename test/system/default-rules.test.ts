/** The default rules over a simulated week: quiet on what such machines do, not blind, and the same as a rule file. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../src/core/defaults.js';
import { OUTSIDE } from '../../src/core/outside.js';
import { formatRuleFile } from '../../src/formats/rule-file.js';
import { GROUPS } from '../../src/vitals/index.js';
import { type Episode, openNative, outcomeOf, replayRuleFile, tableOf } from '../backtest/judged.js';
import { DAY } from '../backtest/plan.js';
import { HOST, writeWeek } from '../backtest/week.js';

const folder = mkdtempSync(join(tmpdir(), 'sysmon-week-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The log of a week, and what the judge said at each sample, and at each whole minute alone. */
const week = async (seed: number) => {
  const path = join(folder, `week-${seed}.log`);
  const every = openNative();
  const minutely = openNative(60);
  await writeWeek(path, seed, (sample) => {
    minutely.look(sample);
    return [{ kind: 'sample', time: sample.time, host: HOST, sample: every.look(sample) }];
  });
  return { path, judged: every.episodes(), minutely: minutely.episodes() };
};

const MINUTE = 60;
const RANK = { warning: 1, critical: 2 } as const;

/** How serious a rule's row is in each minute of the week. */
const levelsOf = (episodes: readonly Episode[]): ReadonlyMap<string, Uint8Array> => {
  const levels = new Map<string, Uint8Array>();
  for (const { rule, row, severity, from, until } of episodes) {
    const key = `${rule} ${row}`.trim();
    const level = levels.get(key) ?? new Uint8Array((7 * DAY) / MINUTE + 1);
    levels.set(key, level);
    for (let minute = Math.ceil(from / MINUTE); minute * MINUTE < until; minute++)
      level[minute] = Math.max(level[minute] as number, RANK[severity]);
  }
  return levels;
};

/** The minutes at which both say something else, by rule and row. */
const differences = (
  a: readonly Episode[],
  b: readonly Episode[],
): Readonly<Record<string, readonly number[]>> => {
  const [left, right] = [levelsOf(a), levelsOf(b)];
  const found: Record<string, number[]> = {};
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const minutes: number[] = [];
    for (let minute = 0; minute <= (7 * DAY) / MINUTE; minute++)
      if ((left.get(key)?.[minute] ?? 0) !== (right.get(key)?.[minute] ?? 0)) minutes.push(minute);
    if (minutes.length > 0) found[key] = minutes;
  }
  return found;
};

/** Rules whose windows Prometheus cuts a sample shorter than the judge does, or fits a line through other points of. */
const WINDOWED = new Set(DEFAULT_RULES.filter(({ measure }) => 'seconds' in measure).map(({ name }) => name));

describe.each([1, 2])('a week (%d)', (seed) => {
  let told: Awaited<ReturnType<typeof week>>;
  let filed: readonly Episode[];
  beforeAll(async () => {
    told = await week(seed);
    filed = await replayRuleFile(told.path);
  }, 300_000);

  it.each(['the judge', 'the rule file'])(
    'is told of by %s: eight faults, and two false alarms at most',
    (who) => {
      const outcome = outcomeOf(who === 'the judge' ? told.judged : filed);
      process.stdout.write(`${who}, week ${seed}\n${tableOf(outcome)}\n`);
      for (const { fault, after, within } of outcome.found) {
        expect(after, fault).toBeDefined();
        expect(after, fault).toBeLessThanOrEqual(within);
      }
      expect(outcome.falseAlarms.length, tableOf(outcome)).toBeLessThanOrEqual(2);
    },
  );

  it('is the same week to the judge and to the rule file, minute by minute', () => {
    for (const [key, minutes] of Object.entries(differences(told.minutely, filed))) {
      const [rule = ''] = key.split(' ');
      // A window that ends a sample earlier moves where it begins and ends by as much.
      const allowed = rule === 'log' ? 2 * 2 : WINDOWED.has(rule) ? 12 : 0;
      expect(minutes.length, `${key}: ${minutes.join(' ')}`).toBeLessThanOrEqual(allowed);
    }
  });
});

it('is a rule file to promtool', () => {
  const file = join(folder, 'defaults.yml');
  writeFileSync(file, formatRuleFile(DEFAULT_RULES, new Map([...GROUPS, ...OUTSIDE])));
  const said = execFileSync('promtool', ['check', 'rules', file], { encoding: 'utf8' });
  expect(said).toMatch(/SUCCESS: \d+ rules found/);
});
