import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LineContext } from '../../src/lines/format.js';
import { findStamp, parseStamp } from '../../src/lines/times.js';

const before = process.env['TZ'];

const inZone = (zone: string): void => {
  process.env['TZ'] = zone;
};

beforeEach(() => inZone('UTC'));
afterEach(() => {
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});

const NOON = Date.parse('2026-11-21T12:00:00Z');
const context: LineContext = { notAfter: NOON, zone: 0 };

/** ISO with ms, and undefined for no time. */
const shown = (text: string, of: LineContext = context): string | undefined => {
  const time = parseStamp(text, of);
  return time === undefined ? undefined : new Date(time).toISOString();
};

describe('the shapes', () => {
  test.each([
    ['2026-01-02T15:04:05Z', '2026-01-02T15:04:05.000Z'],
    ['2026-01-02t15:04:05z', '2026-01-02T15:04:05.000Z'],
    ['2026-01-02 15:04:05', '2026-01-02T15:04:05.000Z'],
    ['2026-01-02T15:04Z', '2026-01-02T15:04:00.000Z'],
    ['2026-01-02_15:04:05.123', '2026-01-02T15:04:05.123Z'],
    ['2026-01-02T15:04:05,678', '2026-01-02T15:04:05.678Z'],
    ['2026-01-02T15:04:05.6', '2026-01-02T15:04:05.600Z'],
    ['2026-01-02T15:04:05.678+01:00', '2026-01-02T14:04:05.678Z'],
    ['2026-01-02T15:04:05+0530', '2026-01-02T09:34:05.000Z'],
    ['2026-01-02 15:04:05.678-08', '2026-01-02T23:04:05.678Z'],
    ['2026-01-02 15:04:05 -0330', '2026-01-02T18:34:05.000Z'],
    ['2026-01-02 15:04:05 UTC', '2026-01-02T15:04:05.000Z'],
    ['2026-01-02 15:04:05.678 CET', '2026-01-02T14:04:05.678Z'],
    ['2026-01-02  5:04:05', '2026-01-02T05:04:05.000Z'],
    ['2026/01/02 15:04:05', '2026-01-02T15:04:05.000Z'],
    ['2026/01/02 15:04:05.000123', '2026-01-02T15:04:05.000Z'],
    ['20260102T150405Z', '2026-01-02T15:04:05.000Z'],
    ['20260102T150405.678+0100', '2026-01-02T14:04:05.678Z'],
    ['20260102 15:04:05.678901', '2026-01-02T15:04:05.678Z'],
    ['20260102150405Z', '2026-01-02T15:04:05.000Z'],
    ['20260102150405', '2026-01-02T15:04:05.000Z'],
    ['02/Jan/2026:15:04:05 +0100', '2026-01-02T14:04:05.000Z'],
    ['02/Jan/2026 15:04:05', '2026-01-02T15:04:05.000Z'],
    ['Fri Jan 02 15:04:05.123456 2026', '2026-01-02T15:04:05.123Z'],
    ['Fri Jan  2 15:04:05 2026', '2026-01-02T15:04:05.000Z'],
    ['Fri Jan  2 15:04:05 PST 2026', '2026-01-02T23:04:05.000Z'],
    ['Fri Jan 02 2026 15:04:05 GMT+0100 (Central European Standard Time)', '2026-01-02T14:04:05.000Z'],
    ['Jan  2 15:04:05', '2026-01-02T15:04:05.000Z'],
    ['Jan 2 15:04:05.678', '2026-01-02T15:04:05.678Z'],
    ['Jan  2 2025 15:04:05', '2025-01-02T15:04:05.000Z'],
    ['Jan 02, 2026 3:04:05 PM', '2026-01-02T15:04:05.000Z'],
    ['Jan 02, 2026 12:04:05 AM', '2026-01-02T00:04:05.000Z'],
    ['Jan 02, 2026 12:04:05 PM', '2026-01-02T12:04:05.000Z'],
    ['Fri, 02 Jan 2026 15:04:05 GMT', '2026-01-02T15:04:05.000Z'],
    ['Fri, 2 Jan 2026 15:04:05 -0500 (EST)', '2026-01-02T20:04:05.000Z'],
    ['Friday, 02-Jan-26 15:04:05 GMT', '2026-01-02T15:04:05.000Z'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['02 Jan 2026 15:04:05.678', '2026-01-02T15:04:05.678Z'],
    ['02-Jan-2026 15:04:05 Europe/Berlin', '2026-01-02T14:04:05.000Z'],
    ['Fri 2026-01-02 15:04:05 CET', '2026-01-02T14:04:05.000Z'],
    ['2026-01-02 15:04:05.678901234 +0100 CET m=+0.000012', '2026-01-02T14:04:05.678Z'],
    ['2026-01-02 15:04:05 +0000 UTC', '2026-01-02T15:04:05.000Z'],
    ['1767366245', '2026-01-02T15:04:05.000Z'],
    ['1767366245.678', '2026-01-02T15:04:05.678Z'],
    ['1767366245678', '2026-01-02T15:04:05.678Z'],
    ['1767366245678901', '2026-01-02T15:04:05.678Z'],
    ['1767366245678901234', '2026-01-02T15:04:05.678Z'],
    ['0102 15:04:05.678901', '2026-01-02T15:04:05.678Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s', (text, iso) => expect(shown(text)).toBe(iso));

  test('digits finer than a millisecond are kept', () => {
    const whole = Date.parse('2026-01-02T15:04:05.678Z');
    for (const text of ['2026-01-02T15:04:05.678901Z', '1767366245678901', '1767366245.678901'])
      expect(parseStamp(text, context)).toBeCloseTo(whole + 0.901, 3);
    expect(parseStamp('1767366245678901234', context)).toBeCloseTo(whole + 0.901, 3);
  });
});

describe('what is no time, or cannot be told', () => {
  test.each([
    '',
    ' ',
    '2026',
    '2026-01-02',
    '15:04:05',
    '2026-13-02T15:04:05Z',
    '2026-00-02T15:04:05Z',
    '2026-02-30T15:04:05Z',
    '2025-02-29T15:04:05Z',
    '1900-02-29T15:04:05Z',
    '2026-01-00T15:04:05Z',
    '2026-01-02T24:00:00Z',
    '2026-01-02T15:60:05Z',
    '2026-01-02T15:04:61Z',
    '2026-01-02T15:04:60Z',
    '2026-01-02T15:04:05+24:00',
    '2026-01-02T15:04:05+01:60',
    '2026-01-02T15:04:05Zulu',
    '2026-01-02T15:04:05 ',
    '2026-01-02T15:04:05Z and more',
    '2026-01-02 15:04:05 IST',
    '2026-01-02 15:04:05 QQQ',
    '2026-01-02 15:04:05 Europe/Nowhere',
    '2026-01-02 15:04:05 UTC+3',
    '2026-1-2 15:04:05',
    '2026-01/02 15:04:05',
    '02/Foo/2026:15:04:05 +0100',
    '01/02/2026 15:04:05',
    'Jan 32 15:04:05',
    'Jan  2 15:04',
    'Jan 2026',
    'Mon Foo  2 15:04:05 2026',
    'Jan 02, 2026 13:04:05 PM',
    'Feb 30 10:00:00',
    '1302 15:04:05.678901',
    '20261302150405',
    '12345',
    '17673662450',
    '17673662456789',
    '17673662456789012',
    '12345.678901',
    '-1767366245',
    '1e12',
    'NaN',
  ])('%j', (text) => expect(shown(text)).toBeUndefined());

  test('a leap second is the second after it, at the end of a quarter of an hour', () => {
    expect(shown('2016-12-31T23:59:60Z')).toBe('2017-01-01T00:00:00.000Z');
    expect(shown('2017-01-01T05:29:60+05:30')).toBe('2017-01-01T00:00:00.000Z');
    expect(shown('2016-12-31T23:58:60Z')).toBeUndefined();
    expect(shown('2016-12-31T23:59:61Z')).toBeUndefined();
  });
});

describe('without a year', () => {
  const at = (text: string, notAfter: string, zone = 0): string | undefined =>
    shown(text, { notAfter: Date.parse(notAfter), zone });

  test('the last such moment, give or take a day', () => {
    expect(at('Dec 31 23:59:59', '2026-01-01T00:00:05Z')).toBe('2025-12-31T23:59:59.000Z');
    expect(at('Jan  1 00:00:01', '2025-12-31T23:59:59Z')).toBe('2026-01-01T00:00:01.000Z');
    expect(at('Nov 21 12:00:00', '2026-11-21T11:00:00Z')).toBe('2026-11-21T12:00:00.000Z');
    expect(at('Nov 22 11:00:00', '2026-11-21T11:00:00Z')).toBe('2026-11-22T11:00:00.000Z');
    expect(at('Nov 22 11:00:01', '2026-11-21T11:00:00Z')).toBe('2025-11-22T11:00:01.000Z');
    expect(at('1231 23:59:59.000000', '2026-01-01T00:00:05Z')).toBe('2025-12-31T23:59:59.000Z');
  });

  test('29 February is of the last leap year', () => {
    expect(at('Feb 29 10:00:00', '2026-11-21T12:00:00Z')).toBe('2024-02-29T10:00:00.000Z');
    expect(at('Feb 29 10:00:00', '2024-03-01T00:00:00Z')).toBe('2024-02-29T10:00:00.000Z');
    expect(at('Feb 29 10:00:00', '2024-02-01T00:00:00Z')).toBe('2020-02-29T10:00:00.000Z');
    expect(at('Feb 29 10:00:00', '2103-06-01T00:00:00Z')).toBe('2096-02-29T10:00:00.000Z');
  });

  test('the year is that of the zone', () => {
    // 1 January in Auckland, still 31 December in Greenwich.
    expect(at('Jan  2 12:00:00', '2025-12-31T12:00:00Z', 13 * 60)).toBe('2025-01-01T23:00:00.000Z');
    expect(at('Jan  1 01:00:00', '2025-12-31T12:00:00Z', 13 * 60)).toBe('2025-12-31T12:00:00.000Z');
    expect(at('Jan  1 01:00:00', '2025-12-31T12:00:00Z', -8 * 60)).toBe('2026-01-01T09:00:00.000Z');
    inZone('Pacific/Auckland');
    expect(shown('Jan  1 01:00:00', { notAfter: Date.parse('2025-12-31T12:00:00Z') })).toBe(
      '2025-12-31T12:00:00.000Z',
    );
  });
});

describe('without a zone', () => {
  const local = (text: string): string | undefined => shown(text, { notAfter: NOON });

  test('the local rules hold', () => {
    inZone('Europe/Berlin');
    expect(local('2026-01-02 15:04:05')).toBe('2026-01-02T14:04:05.000Z');
    expect(local('2026-07-02 15:04:05')).toBe('2026-07-02T13:04:05.000Z');
    inZone('Asia/Kathmandu');
    expect(local('2026-01-02 15:04:05.500')).toBe('2026-01-02T09:19:05.500Z');
  });

  test.each(['Europe/Berlin'])(
    'a time that comes twice is the first, one that is skipped is moved on: %s',
    (zone) => {
      for (const [read, name] of [
        [local, ''],
        [(text: string) => shown(`${text} ${zone}`), ' by name'],
      ] as const) {
        inZone(name === '' ? zone : 'UTC');
        expect(read('2026-10-25 01:59:59')).toBe('2026-10-24T23:59:59.000Z');
        expect(read('2026-10-25 02:30:00')).toBe('2026-10-25T00:30:00.000Z');
        expect(read('2026-10-25 03:00:00')).toBe('2026-10-25T02:00:00.000Z');
        expect(read('2026-03-29 01:59:59')).toBe('2026-03-29T00:59:59.000Z');
        expect(read('2026-03-29 02:30:00')).toBe('2026-03-29T01:30:00.000Z');
        expect(read('2026-03-29 03:00:00')).toBe('2026-03-29T01:00:00.000Z');
      }
    },
  );

  test('a change in the middle of an hour of the clock', () => {
    // Half an hour at 2:00, to 2:30 and back to 1:30.
    inZone('Australia/Lord_Howe');
    expect(local('2026-10-04 02:10:00')).toBe('2026-10-03T15:40:00.000Z');
    expect(local('2026-10-04 02:40:00')).toBe('2026-10-03T15:40:00.000Z');
    expect(local('2026-04-05 01:40:00')).toBe('2026-04-04T14:40:00.000Z');
    expect(local('2026-04-05 01:20:00')).toBe('2026-04-04T14:20:00.000Z');
  });

  test('a change at midnight', () => {
    // The clocks were set from 23:30 to midnight.
    inZone('Asia/Pyongyang');
    expect(local('2018-05-04 23:56:00')).toBe('2018-05-04T15:26:00.000Z');
    expect(local('2018-05-04 23:29:59')).toBe('2018-05-04T14:59:59.000Z');
    expect(local('2018-05-05 00:00:00')).toBe('2018-05-04T15:00:00.000Z');
    inZone('UTC');
    expect(local('0004-02-29 23:56:00')).toBe('0004-02-29T23:56:00.000Z');
  });

  test("a context's zone is fixed, and a stamp's own goes before it", () => {
    inZone('Europe/Berlin');
    expect(shown('2026-07-02 15:04:05', { notAfter: NOON, zone: -300 })).toBe('2026-07-02T20:04:05.000Z');
    expect(shown('2026-07-02 15:04:05Z', { notAfter: NOON, zone: -300 })).toBe('2026-07-02T15:04:05.000Z');
  });

  test('agrees with Date in any hour, whatever was read before', () => {
    inZone('America/St_Johns');
    const one: LineContext = { notAfter: NOON };
    const hour = fc.integer({ min: 0, max: 24 * 366 * 60 });
    fc.assert(
      fc.property(hour, hour, (a, b) => {
        for (const at of [a, b, a]) {
          const wall = new Date(Date.UTC(2007, 0, 1) + at * 3_600_000 + 1234);
          const text = wall.toISOString().slice(0, -1);
          if (parseStamp(text, one) !== new Date(text).getTime()) return false;
        }
        return true;
      }),
    );
  });
});

describe('round trips', () => {
  const moment = fc.integer({ min: 1e11, max: Date.UTC(2099, 11, 31) });
  const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
  const two = (number: number): string => String(number).padStart(2, '0');
  const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
  const DAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');

  test('every shape, in every zone', () => {
    fc.assert(
      fc.property(moment, offset, (time, zone) => {
        const wall = new Date(time + zone * 60_000);
        const iso = wall.toISOString();
        const [day, clock] = [iso.slice(0, 10), iso.slice(11, 23)];
        const size = Math.abs(zone);
        const sign = `${zone < 0 ? '-' : '+'}${two(Math.floor(size / 60))}`;
        const [long, tight] = [`${sign}:${two(size % 60)}`, `${sign}${two(size % 60)}`];
        const [year, month, date] = [wall.getUTCFullYear(), MONTHS[wall.getUTCMonth()], wall.getUTCDate()];
        const week = DAYS[wall.getUTCDay()];
        const exact = [
          `${day}T${clock}${long}`,
          `${day} ${clock.replace('.', ',')} ${tight}`,
          `${day.replaceAll('-', '')}T${clock.replaceAll(':', '')}${tight}`,
          `${day.replaceAll('-', '/')} ${clock}${long}`,
          `${two(date)}/${month}/${year}:${clock} ${tight}`,
          `${week}, ${date} ${month} ${year} ${clock} ${tight}`,
          `${month} ${String(date).padStart(2)} ${year} ${clock} ${tight}`,
          `${time}`,
          `${time / 1000}`.replace(/^(\d+)$/, '$1.0'),
        ];
        const bare = [`${day} ${clock}`, `${week} ${month} ${String(date).padStart(2)} ${clock} ${year}`];
        for (const text of exact) expect(parseStamp(text, context), text).toBe(time);
        for (const text of bare) expect(parseStamp(text, { ...context, zone }), text).toBe(time);
      }),
    );
  });

  test('without a year: the last one that is not later than the limit', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 0, max: 300 * 86_400 }), (limit, back) => {
        const time = Math.floor(limit / 1000) * 1000 - back * 1000;
        const wall = new Date(time);
        const text = `${MONTHS[wall.getUTCMonth()]} ${String(wall.getUTCDate()).padStart(2)} ${wall.toISOString().slice(11, 19)}`;
        expect(parseStamp(text, { notAfter: limit, zone: 0 }), text).toBe(time);
      }),
    );
  });

  test('nothing throws, and what is found is where it is said to be', () => {
    const pieces = fc.constantFrom(
      ...'2026 -01 -02 T 15 :04 :05 .678 Z Jan 2 02 / : , + [ ] ( < > Fri ERROR time= 1767366245 é \u0000'.split(
        ' ',
      ),
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
        const line = parts.join('');
        parseStamp(line, context);
        const stamp = findStamp(line, context);
        if (stamp === undefined) return;
        expect(Number.isFinite(stamp.time)).toBe(true);
        expect(parseStamp(line.slice(stamp.start, stamp.end), context)).toBe(stamp.time);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('near the beginning of a line', () => {
  const ISO = '2026-01-02T15:04:05.678Z';
  const found = (line: string): string | undefined => {
    const stamp = findStamp(line, context);
    return stamp && line.slice(stamp.start, stamp.end);
  };

  test.each([
    [`${ISO} message`, ISO],
    [`[${ISO}] message`, ISO],
    [`"${ISO}": message`, ISO],
    [`<34>${ISO} host message`, ISO],
    [`ERROR ${ISO} message`, ISO],
    [`[error] [${ISO}] message`, ISO],
    [`[main thread] ${ISO} message`, ISO],
    [`127.0.0.1 - - [${ISO}] message`, ISO],
    [`web-1 | ${ISO} message`, ISO],
    [`time=${ISO} message`, ISO],
    [`ts: ${ISO} message`, ISO],
    [`I, [${ISO} #1234] INFO -- : message`, ISO],
    ['Jan  2 15:04:05 host message', 'Jan  2 15:04:05'],
    ['02 Jan 2026 15:04:05 message', '02 Jan 2026 15:04:05'],
    ['[1767366245] message', '1767366245'],
    ['1767366245.678 message', '1767366245.678'],
    [`${ISO} until ${ISO.replace('15', '16')}`, ISO],
  ])('%s', (line, stamp) => expect(found(line)).toBe(stamp));

  test.each([
    `started at ${ISO}`,
    `Expires: ${ISO}`,
    `a sentence of words that then names ${ISO}`,
    `${'x'.repeat(90)} ${ISO}`,
    `file-${ISO}.log was written`,
    `v1.${ISO}`,
    `${ISO}-backup.tar${ISO}x`.replace('Z', 'Zx'),
    '1767366245 items were found',
    '[12345.678901] usb 1-1: new device',
    'May 5 things be with you',
    '2026-01-02 was a Friday',
    '\tat 2026-02-30 15:04:05',
    '',
  ])('not in: %s', (line) => expect(found(line)).toBeUndefined());
});
