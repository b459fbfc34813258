import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localOffset, type Offset, periodOf, type Rotate, turn } from '../../src/logs/calendar.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The offset of a zone as the time zone database has it. */
const offsetIn = (timeZone: string): Offset => {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (time) => {
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(format.format(time)) ?? [];
    if (sign === undefined) return 0;
    return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * MINUTE);
  };
};

const zones = {
  utc: offsetIn('UTC'),
  berlin: offsetIn('Europe/Berlin'),
  newYork: offsetIn('America/New_York'),
  // Half an hour of DST, and half an hour off.
  lordHowe: offsetIn('Australia/Lord_Howe'),
  kathmandu: offsetIn('Asia/Kathmandu'),
  // DST begins at midnight: the day has no 00:00.
  santiago: offsetIn('America/Santiago'),
};

test("the process's own zone is the one the database has", () => {
  const before = process.env['TZ'];
  try {
    for (const zone of [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'UTC',
    ]) {
      process.env['TZ'] = zone;
      const offset = offsetIn(zone);
      for (let time = Date.UTC(2026, 0, 1); time < Date.UTC(2027, 0, 1); time += 7 * HOUR)
        expect(localOffset(time)).toBe(offset(time));
    }
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
});

/** Moments at which a file is put aside when a line comes every `step`, as the rotating file decides it. */
const rotations = (times: Iterable<number>, rotate: Rotate, offset: Offset): number[] => {
  const found: number[] = [];
  let begun: number | undefined;
  for (const time of times) {
    const now = periodOf(time, rotate, offset);
    begun ??= now;
    const action = turn(begun, now);
    if (action === 'rotate') found.push(time);
    if (action !== 'stay') begun = now;
  }
  return found;
};

function* every(step: number, from: number, to: number): Generator<number> {
  for (let time = from; time < to; time += step) yield time;
}

const iso = (times: readonly number[]): string[] =>
  times.map((time) => new Date(time).toISOString().slice(0, 16));

describe('a day that is not 24 hours long', () => {
  test('of 25 hours is one file', () => {
    const from = Date.UTC(2026, 9, 24, 12);
    expect(iso(rotations(every(MINUTE, from, from + 3 * DAY), 'daily', zones.berlin))).toEqual([
      '2026-10-24T22:00',
      '2026-10-25T23:00',
      '2026-10-26T23:00',
    ]);
  });

  test('of 23 hours is one file', () => {
    const from = Date.UTC(2026, 2, 28, 12);
    expect(iso(rotations(every(MINUTE, from, from + 3 * DAY), 'daily', zones.berlin))).toEqual([
      '2026-03-28T23:00',
      '2026-03-29T22:00',
      '2026-03-30T22:00',
    ]);
  });

  test('without a midnight is one file', () => {
    const from = Date.UTC(2026, 8, 5, 12);
    expect(iso(rotations(every(MINUTE, from, from + 2 * DAY), 'daily', zones.santiago))).toEqual([
      '2026-09-06T04:00',
      '2026-09-07T03:00',
    ]);
  });

  test('has a file for each real hour, repeated or skipped', () => {
    for (const day of [Date.UTC(2026, 9, 24, 12, 30), Date.UTC(2026, 2, 28, 12, 30)])
      expect(rotations(every(MINUTE, day, day + 2 * DAY), 'hourly', zones.berlin)).toHaveLength(48);
  });
});

test('weeks begin on Monday, local time', () => {
  const from = Date.UTC(2026, 10, 18);
  expect(iso(rotations(every(HOUR, from, from + 14 * DAY), 'weekly', zones.newYork))).toEqual([
    '2026-11-23T05:00',
    '2026-11-30T05:00',
  ]);
});

test('never is never', () => {
  expect(rotations(every(DAY, 0, 1000 * DAY), 'never', zones.berlin)).toEqual([]);
});

describe('a clock that is set', () => {
  const midnight = Date.UTC(2026, 10, 21);

  test('back over midnight does not rotate a second time', () => {
    const times = [
      ...every(MINUTE, midnight - HOUR, midnight + 10 * MINUTE),
      ...every(MINUTE, midnight - 50 * MINUTE, midnight + DAY + HOUR),
    ];
    expect(iso(rotations(times, 'daily', zones.utc))).toEqual(['2026-11-21T00:00', '2026-11-22T00:00']);
  });

  test('forward over midnight rotates, and back again does not', () => {
    const times = [
      ...every(MINUTE, midnight - HOUR, midnight - 30 * MINUTE),
      ...every(MINUTE, midnight + 30 * MINUTE, midnight + 40 * MINUTE),
      ...every(MINUTE, midnight - 20 * MINUTE, midnight + DAY + HOUR),
    ];
    expect(iso(rotations(times, 'daily', zones.utc))).toEqual(['2026-11-21T00:30', '2026-11-22T00:00']);
  });

  test('far into the future and back rotates on from the present', () => {
    const times = [
      midnight,
      Date.UTC(2099, 0, 1),
      ...every(MINUTE, midnight + MINUTE, midnight + 2 * DAY + HOUR),
    ];
    expect(iso(rotations(times, 'daily', zones.utc))).toEqual([
      '2099-01-01T00:00',
      '2026-11-22T00:00',
      '2026-11-23T00:00',
    ]);
  });

  test('anywhere by an hour, in any zone, gives each day exactly one file', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(zones)),
        fc.integer({ min: 0, max: 4 * 365 * 24 * 60 }),
        fc.constantFrom(-HOUR, HOUR),
        (offset, startMinute, jump) => {
          const from = Date.UTC(2026, 0, 1) + startMinute * MINUTE;
          const times = [
            ...every(10 * MINUTE, from, from + DAY),
            ...every(10 * MINUTE, from + DAY + jump, from + 3 * DAY),
          ];
          const days = times.map((time) => Math.floor((time + offset(time)) / DAY));
          const first = days[0] as number;
          const entered = new Set(days.filter((day) => day > first));
          const rotated = rotations(times, 'daily', offset).map((time) =>
            Math.floor((time + offset(time)) / DAY),
          );
          expect(rotated).toEqual([...entered].sort((a, b) => a - b));
        },
      ),
      { numRuns: 60 },
    );
  });
});
