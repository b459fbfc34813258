/** A log of an hour of two tanks, and a rule that fires over it. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach } from 'vitest';
import { gauge, group } from '../../src/core/group.js';
import { row, type Sample } from '../../src/core/sample.js';
import { encodeRecord } from '../../src/logs/codec.js';
import { createLineMaker } from '../../src/logs/line.js';
import type { LogRecord } from '../../src/logs/record.js';
import { fakeClock, sysmon } from '../world.js';

const tank = group({
  name: 'tank',
  help: 'A tank',
  identity: ['side'],
  fields: { level: gauge('count', 'How full', { prometheus: 'node_tank_level' }) },
});

export const START = Date.parse('2026-11-21T12:00:00Z');
export const MINUTE = 60_000;
const HOST = { host: 'test-host' };

/** The left one is above 80 from the 20th to the 30th minute and from the 50th on, the right one never. */
const levelAt = (minute: number): number =>
  (minute >= 20 && minute < 30) || minute >= 50 ? 85 + minute / 10 : 40;

const sampleAt = (seconds: number): LogRecord => {
  const time = START + seconds * 1000;
  const rows = [row(['left'], { level: levelAt(seconds / 60) }), row(['right'], { level: 10 })];
  const sample: Sample = {
    time,
    ...HOST,
    boot: 'b',
    interval: 15,
    readings: new Map([['tank', { group: tank, rows }]]),
  };
  return { kind: 'sample', time, ...HOST, sample };
};

const lineOf = await createLineMaker(encodeRecord);
/** Samples every 15 s, of an hour where not given. */
export const writeTankLog = (log: string, from = 0, count = 241): void =>
  writeFileSync(
    log,
    [
      { kind: 'schema', time: START, ...HOST, v: 1, groups: [tank] } as LogRecord,
      ...Array.from({ length: count }, (_, index) => sampleAt(from + index * 15)),
    ]
      .map((record, index) => lineOf(record, index + 1))
      .join(''),
  );

export const RULES = `
groups:
  - name: tanks
    interval: 1m
    rules:
      - record: side:level:ratio
        expr: node_tank_level / 100
      - alert: TankFull
        expr: side:level:ratio > 0.8
        for: 5m
        labels: { severity: SEVERITY }
        annotations: { summary: 'The {{ $labels.side }} tank is {{ $value | humanizePercentage }} full' }
`;

/** A folder with the log and the rules; these are anew before each test, as is what checks remember. */
export const useTank = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-tank-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const log = join(folder, 'sysmon.log');
  writeTankLog(log);
  const rules = join(folder, 'rules.yml');
  let state = folder;
  beforeEach(() => {
    writeFileSync(rules, RULES.replace('SEVERITY', 'page'));
    state = mkdtempSync(join(folder, 'state-'));
  });
  return {
    folder,
    log,
    rules,
    /** Where checks of this test remember. */
    state: () => state,
    check: (minute: number, ...words: readonly string[]) =>
      sysmon(['check', '--rules', rules, '--file', log, '--state', state, ...words], {
        clock: fakeClock(START + minute * MINUTE),
      }),
  };
};
