import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gauge, group } from '../../src/core/group.js';
import { row, type Sample } from '../../src/core/sample.js';
import { openBoard } from '../../src/screen/board.js';
import { openTrail, SLOTS } from '../../src/screen/trail.js';

const cpu = group({ name: 'cpu', help: '', fields: { used_percent: gauge('percent', '') } });
const disk = group({
  name: 'disk',
  help: '',
  identity: ['device'],
  fields: { busy_percent: gauge('percent', '') },
});

const sampleAt = (
  seconds: number,
  used: number | undefined,
  disks: Readonly<Record<string, number>> = {},
): Sample => ({
  time: seconds * 1000,
  host: 'h',
  boot: 'b',
  interval: 1,
  readings: new Map([
    ['cpu', { group: cpu, rows: used === undefined ? [] : [row([], { used_percent: used })] }],
    [
      'disk',
      { group: disk, rows: Object.entries(disks).map(([name, busy]) => row([name], { busy_percent: busy })) },
    ],
  ]),
});

const CHARTS = [
  { group: 'cpu', field: 'used_percent' },
  { group: 'disk', field: 'busy_percent' },
];

test('the last values stand as they came, however many there were', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined }), {
        maxLength: 1500,
      }),
      fc.integer({ min: 1, max: SLOTS }),
      (values, count) => {
        const trail = openTrail(CHARTS);
        values.forEach((value, second) => {
          trail.add(sampleAt(second, value));
        });
        const wanted = values.slice(-count).map((value) => value ?? Number.NaN);
        const padded = [...Array.from({ length: count - wanted.length }, () => Number.NaN), ...wanted];
        expect(trail.values('cpu', [], 'used_percent', count)).toEqual(padded);
      },
    ),
    { numRuns: 30 },
  );
});

test('a device that comes and goes leaves holes, also where the ring has gone round meanwhile', () => {
  const trail = openTrail(CHARTS);
  for (let second = 0; second < SLOTS + 50; second++) {
    const there = second < 10 || second >= SLOTS - 5;
    trail.add(sampleAt(second, 1, there ? { sda: second } : {}));
  }
  const values = trail.values('disk', ['sda'], 'busy_percent', SLOTS);
  expect(values.filter((value) => !Number.isNaN(value))).toEqual(
    Array.from({ length: 55 }, (_, index) => SLOTS - 5 + index),
  );
  expect(trail.values('disk', ['nobody'], 'busy_percent', 3)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
});

test('a silence is one hole', () => {
  const trail = openTrail(CHARTS);
  for (const second of [1, 2, 60, 61]) trail.add(sampleAt(second, second));
  expect(trail.values('cpu', [], 'used_percent', 5)).toEqual([1, 2, Number.NaN, 60, 61]);
  expect(trail.times(5)).toEqual([1000, 2000, Number.NaN, 60_000, 61_000]);
});

test('the board keeps the last reading of what fails, and says its age', () => {
  const board = openBoard();
  board.add(sampleAt(1, 5));
  const failing: Sample = {
    ...sampleAt(9, 7),
    readings: new Map([['cpu', { group: cpu, failed: 'no answer for 8 s' }]]),
  };
  board.add(failing);
  const kept = board.readings().get('cpu');
  expect(kept).toMatchObject({ age: 8, failed: 'no answer for 8 s' });
  expect(kept?.rows[0]?.numbers['used_percent']).toBe(5);
  // What is not due at every tick stays, for some minutes.
  expect(board.readings().get('disk')).toMatchObject({ age: 0 });
  board.add({ ...failing, time: 400_000, readings: new Map() });
  expect(board.readings().size).toBe(0);
});

test('nothing of another boot stays on the board', () => {
  const board = openBoard();
  board.add(sampleAt(1, 5));
  board.add({ ...sampleAt(2, 6), boot: 'c', readings: new Map() });
  expect(board.readings().size).toBe(0);
});
