/** What began and what ended between two runs of a check. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChangeMemory, findChanges, openChanges } from '../../../src/commands/alerts/changes.js';
import { evaluateAlerts } from '../../../src/commands/alerts/evaluate.js';
import { severitiesFrom } from '../../../src/commands/alerts/severity.js';
import { alertsJson } from '../../../src/formats/alerts-json.js';
import { MemorySet } from '../../../src/promql/memory.js';
import { readSeries } from '../../../src/promql/notation.js';
import { loadRules } from '../../../src/promql/rules/load.js';
import { testWorld } from '../../world.js';

const MINUTE = 60_000;
const START = Date.parse('2026-11-21T00:00:00Z');
const SEVERITIES = severitiesFrom([]);

const folder = mkdtempSync(join(tmpdir(), 'sysmon-changes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let state: string;
beforeEach(() => {
  state = mkdtempSync(join(folder, 'state-'));
});

const memoryOf = (): ChangeMemory =>
  openChanges({ files: ['f.yml'], log: '/sysmon.log', state }, testWorld().world);

/** One run: what it tells, in words, and as programs are told. */
const runAt = async (
  minute: number,
  written: string,
  rules: readonly string[],
  { lookback = 0 }: { readonly lookback?: number } = {},
) => {
  const { groups } = await loadRules(
    `groups:\n- name: g\n  rules:\n${rules.map((line) => `  - {${line}}\n`).join('')}`,
    'f.yml',
  );
  const set = new MemorySet();
  const { labels, points } = readSeries(written);
  points.forEach((point, index) => {
    if (typeof point === 'number') set.append(labels, START + index * MINUTE, point);
  });
  const now = START + minute * MINUTE;
  const memory = memoryOf();
  const { found, replayed } = await evaluateAlerts(
    { load: async () => set, metrics: async () => [] },
    {
      groups,
      severities: SEVERITIES,
      now,
      lookback: START + lookback * MINUTE,
      ...(memory.time === undefined ? {} : { before: memory.time }),
      newest: () => now,
      replay: {},
    },
  );
  const { changes, firing } = findChanges(memory, replayed, SEVERITIES, now);
  memory.save(now, firing, '');
  return {
    told: changes.map(({ kind, alert, until }) => {
      const when = `since ${(alert.since - START) / MINUTE}${alert.sinceAtLeast ? ' at least' : ''}`;
      return `${alert.name} ${kind}, ${when}${until === undefined ? '' : ` until ${(until - START) / MINUTE}`}`;
    }),
    json: alertsJson({ ...found, changes }),
  };
};

const told = async (...run: Parameters<typeof runAt>): Promise<readonly string[]> =>
  (await runAt(...run)).told;

const RULE = ['alert: A, expr: x > 5'];

describe('between two runs', () => {
  it('each end and each beginning is told, oldest first', async () => {
    const series = 'x 1x4 9x4 1x4 9x4 1x30';
    expect(await told(7, series, RULE)).toEqual(['A began, since 5']);
    expect(await told(17, series, RULE)).toEqual(['A ended, since 5 until 10', 'A began, since 15']);
    expect(await told(18, series, RULE)).toEqual([]);
    expect(await told(30, series, RULE)).toEqual(['A ended, since 15 until 20']);
    expect(await told(31, series, RULE)).toEqual([]);
  });

  it('what both rules of one name say is told once, and ends with the last of them', async () => {
    const rules = ['alert: A, expr: x > 5', 'alert: A, expr: x > 3'];
    const series = 'x 1x4 9x4 4x4 1x30';
    expect(await told(7, series, rules)).toEqual(['A began, since 5']);
    expect(await told(8, series, rules)).toEqual([]);
    expect(await told(12, series, rules)).toEqual([]);
    expect(await told(20, series, rules)).toEqual(['A ended, since 5 until 15']);
    expect(await told(21, series, rules)).toEqual([]);
  });

  it('a rule that is gone takes its alerts along', async () => {
    await told(7, 'x 9x20', RULE);
    expect(await told(8, 'x 9x20', ['alert: B, expr: x > 50'])).toEqual(['A ended, since 0 at least']);
    expect(await told(9, 'x 9x20', ['alert: B, expr: x > 50'])).toEqual([]);
  });

  it('a clock that was set back tells nothing twice', async () => {
    await told(50, 'x 1x4 9x60', RULE);
    expect(await told(30, 'x 1x4 9x60', RULE)).toEqual([]);
    expect(await told(51, 'x 1x4 9x60', RULE)).toEqual([]);
  });

  it('it is remembered since when, and no longer "at least" once that is known', async () => {
    const series = 'x 1x4 9x60 1x20';
    expect(await told(50, series, RULE, { lookback: 40 })).toEqual(['A began, since 40 at least']);
    expect(await told(60, series, RULE)).toEqual([]);
    expect(await told(70, series, RULE)).toEqual(['A ended, since 5 until 66']);
  });

  it('values that JSON has no word for are values', async () => {
    const rules = ['alert: A, expr: "x / 0 > 5"'];
    await told(3, 'x 1x20', rules);
    const { json } = await runAt(4, 'x 1x20', ['alert: B, expr: x > 50']);
    expect(json['changes']).toMatchObject([{ kind: 'ended', name: 'A', value: 'NaN' }]);
  });
});

describe('a memory', () => {
  it.each([
    ['{"v":1,"time":1,"firing":[null],"trouble":""}'],
    ['{"v":1,"time":1,"firing":[{"key":"k"}],"trouble":""}'],
    ['{"v":2,"time":1,"firing":[],"trouble":""}'],
    ['[]'],
    ['null'],
    [''],
  ])('that is none is refused: %s', async (text) => {
    memoryOf().save(1, [], '');
    const [file = ''] = readdirSync(state);
    writeFileSync(join(state, file), text);
    expect(memoryOf).toThrow(/is not what this version of sysmon remembers alerts in/);
  });

  it('comes back as it was left', async () => {
    await told(7, 'x 9x20', RULE);
    const [file = ''] = readdirSync(state);
    const before = readFileSync(join(state, file), 'utf8');
    const { time, firing, trouble, save } = memoryOf();
    save(time as number, firing, trouble);
    expect(readFileSync(join(state, file), 'utf8')).toBe(before);
  });
});
