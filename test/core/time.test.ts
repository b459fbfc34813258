import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parsePast, parseTime } from '../../src/core/time.js';

const before = process.env['TZ'];
const inZone = (zone: string, run: () => void): void => {
  process.env['TZ'] = zone;
  run();
};
const utc = (text: string): number => Date.parse(text);
const NOW = utc('2026-11-21T12:34:56.789Z');

beforeEach(() => {
  process.env['TZ'] = 'UTC';
});
afterEach(() => {
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});

describe('parseTime', () => {
  test.each([
    ['now', NOW],
    ['2026-11-20', utc('2026-11-20T00:00:00Z')],
    ['2026-11-20T14:00', utc('2026-11-20T14:00:00Z')],
    ['2026-11-20 14:00:05', utc('2026-11-20T14:00:05Z')],
    ['2026-11-20T14:00:05.1239', utc('2026-11-20T14:00:05.123Z')],
    ['2026-11-20T14:00:05,5z', utc('2026-11-20T14:00:05.5Z')],
    ['2026-11-20T14:00Z', utc('2026-11-20T14:00:00Z')],
    ['2026-11-20T14:00+01:00', utc('2026-11-20T13:00:00Z')],
    ['2026-11-20T14:00:00-0330', utc('2026-11-20T17:30:00Z')],
    ['2026-11-20 14:00 +02', utc('2026-11-20T12:00:00Z')],
    ['0050-01-01T00:00Z', utc('0050-01-01T00:00:00Z')],
    ['2024-02-29', utc('2024-02-29T00:00:00Z')],
    ['14:00', utc('2026-11-21T14:00:00Z')],
    ['00:00:01', utc('2026-11-21T00:00:01Z')],
    ['today', utc('2026-11-21T00:00:00Z')],
    ['Today 14:00', utc('2026-11-21T14:00:00Z')],
    ['yesterday', utc('2026-11-20T00:00:00Z')],
    ['yesterday 14:00', utc('2026-11-20T14:00:00Z')],
    ['tomorrow', utc('2026-11-22T00:00:00Z')],
    ['1795232000', 1795232000000],
    ['@1795232000.25', 1795232000250],
    ['1795232000250', 1795232000250],
    ['@0', 0],
    ['2h', NOW - 7_200_000],
    ['-2h', NOW - 7_200_000],
    ['1h30m', NOW - 5_400_000],
    ['500ms', NOW - 500],
    ['  2h ', NOW - 7_200_000],
    ['2h ago', NOW - 7_200_000],
    ['2 hours ago', NOW - 7_200_000],
    ['1.5 min ago', NOW - 90_000],
    ['1 week ago', NOW - 604_800_000],
    ['30 seconds ago', NOW - 30_000],
  ])('%s', (text, expected) => {
    expect(parseTime(text, NOW)).toBe(expected);
  });

  test.each([
    '',
    ' ',
    'soon',
    '25:00',
    '14:60',
    '14:00:60',
    '4:00',
    '2026-02-30',
    '2026-13-01',
    '2026-11-20T',
    '2026-11-20T14',
    '2026-11-20T14:00+1',
    '2026-11-20T14:00+25:00',
    '2026-11-20T14:00+01:75',
    'yesterday14:00',
    'yesterday 25:00',
    '2 hours',
    '2 moons ago',
    'hours ago',
    // Seconds, minutes or a year of our era: nobody knows.
    '5',
    '-5',
    '2026',
    '--2h',
    '14:00Z',
    '1e9',
    'NaN',
  ])('refuses %j', (text) => {
    expect(parseTime(text, NOW)).toBeUndefined();
  });

  test('reads times without a zone as local, and those with one as they say', () => {
    inZone('Asia/Kolkata', () => {
      expect(parseTime('2026-11-20T14:00', NOW)).toBe(utc('2026-11-20T08:30:00Z'));
      expect(parseTime('2026-11-20T14:00Z', NOW)).toBe(utc('2026-11-20T14:00:00Z'));
      expect(parseTime('00:00', NOW)).toBe(utc('2026-11-20T18:30:00Z'));
    });
    inZone('Pacific/Auckland', () => {
      // It is already the 22nd there.
      expect(parseTime('today', NOW)).toBe(utc('2026-11-21T11:00:00Z'));
    });
  });

  test('counts days by the calendar where the clocks change', () => {
    inZone('Europe/Berlin', () => {
      // Noon after the night of 29 March 2026, in which 02:00 became 03:00.
      const spring = utc('2026-03-29T10:00:00Z');
      expect(parseTime('yesterday 14:00', spring)).toBe(utc('2026-03-28T13:00:00Z'));
      expect(parseTime('today', spring)).toBe(utc('2026-03-28T23:00:00Z'));
      expect(parseTime('24h', spring)).toBe(spring - 86_400_000);
      expect(parseTime('02:30', spring)).toBe(utc('2026-03-29T01:30:00Z'));
      expect(parseTime('2026-03-29T02:30', spring)).toBe(utc('2026-03-29T01:30:00Z'));
      // 25 October 2026: 03:00 became 02:00; the first 02:30 is meant.
      const autumn = utc('2026-10-25T11:00:00Z');
      expect(parseTime('02:30', autumn)).toBe(utc('2026-10-25T00:30:00Z'));
      expect(parseTime('2026-10-25T02:30', autumn)).toBe(utc('2026-10-25T00:30:00Z'));
      expect(parseTime('yesterday', utc('2026-10-26T11:00:00Z'))).toBe(utc('2026-10-24T22:00:00Z'));
    });
  });

  test('begins a day that has no midnight with its first moment', () => {
    inZone('America/Sao_Paulo', () => {
      const noon = utc('2018-11-04T14:00:00Z');
      expect(parseTime('today', noon)).toBe(utc('2018-11-04T03:00:00Z'));
      expect(parseTime('2018-11-04', noon)).toBe(utc('2018-11-04T03:00:00Z'));
    });
  });

  test.each(['UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'])(
    'reads every moment back from its ISO text, in %s',
    (zone) => {
      inZone(zone, () => {
        fc.assert(
          fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (moment) => {
            expect(parseTime(new Date(moment).toISOString(), NOW)).toBe(moment);
          }),
        );
      });
    },
  );

  test.each(['UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'])(
    'shows the clock time that was asked, or one the clocks were moved on to, in %s',
    (zone) => {
      inZone(zone, () => {
        fc.assert(
          fc.property(
            fc.integer({ min: 0, max: 4_102_444_800_000 }),
            fc.integer({ min: 0, max: 23 }),
            fc.integer({ min: 0, max: 59 }),
            (now, hour, minute) => {
              const two = (value: number): string => String(value).padStart(2, '0');
              const found = new Date(parseTime(`${two(hour)}:${two(minute)}`, now) as number);
              expect(found.toDateString()).toBe(new Date(now).toDateString());
              const late = (found.getHours() - hour) * 60 + found.getMinutes() - minute;
              expect([0, 30, 60]).toContain(late);
            },
          ),
        );
      });
    },
  );
});

test('a clock time alone is one of the past, and of the day that is shown', () => {
  const shown = utc('2026-11-03T22:00:00Z');
  const cases: readonly (readonly [string, number | undefined, string])[] = [
    ['03:00', undefined, '2026-11-21T03:00:00Z'],
    ['3:00', undefined, '2026-11-21T03:00:00Z'],
    ['23:00', undefined, '2026-11-20T23:00:00Z'],
    ['today 23:00', undefined, '2026-11-21T23:00:00Z'],
    ['03:00', shown, '2026-11-03T03:00:00Z'],
    ['23:00:30', shown, '2026-11-03T23:00:30Z'],
    ['yesterday 03:00', shown, '2026-11-20T03:00:00Z'],
    ['2026-11-01 23:00', shown, '2026-11-01T23:00:00Z'],
    ['2h', shown, '2026-11-21T10:34:56.789Z'],
  ];
  for (const [text, day, time] of cases) expect(parsePast(text, NOW, day), text).toBe(utc(time));
  for (const text of ['', 'soon', '25:00']) expect(parsePast(text, NOW), text).toBeUndefined();
});

test('a time that clocks skipped at midnight is moved by what they skipped, and by no more', () => {
  inZone('Asia/Pyongyang', () => {
    expect(parseTime('2018-05-04 23:45', NOW)).toBe(utc('2018-05-04T15:15:00Z'));
  });
});
