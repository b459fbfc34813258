import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localTimeAt } from '../../src/vitals/time-zone.js';

/** A TZif file with types, changes of type, and a rule for later. */
const tzif = (
  types: readonly { name: string; offset: number }[],
  changes: readonly { at: number; type: number }[],
  rule: string,
): Buffer => {
  const chars = Buffer.from(types.map(({ name }) => `${name}\0`).join(''), 'latin1');
  const header = (times: number, kinds: number, letters: number): Buffer => {
    const bytes = Buffer.alloc(44);
    bytes.write('TZif2', 'latin1');
    [0, 0, 0, times, kinds, letters].forEach((count, index) => {
      bytes.writeUInt32BE(count, 20 + index * 4);
    });
    return bytes;
  };
  const times = Buffer.alloc(changes.length * 8);
  changes.forEach(({ at }, index) => {
    times.writeBigInt64BE(BigInt(at), index * 8);
  });
  const kinds = Buffer.alloc(types.length * 6);
  let letter = 0;
  types.forEach(({ name, offset }, index) => {
    kinds.writeInt32BE(offset, index * 6);
    kinds[index * 6 + 5] = letter;
    letter += name.length + 1;
  });
  return Buffer.concat([
    header(0, 1, 4),
    Buffer.from([0, 0, 0, 0, 0, 0, 0x55, 0x54, 0x43, 0]),
    header(changes.length, types.length, chars.length),
    times,
    Buffer.from(changes.map(({ type }) => type)),
    kinds,
    chars,
    Buffer.from(`\n${rule}\n`),
  ]);
};

const at = (iso: string): number => Date.parse(iso) / 1000;
const ruled = (rule: string, iso: string) =>
  localTimeAt(tzif([{ name: 'LMT', offset: 1 }], [], rule), at(iso));

test('changes that are listed, before and after', () => {
  const types = [
    { name: 'LMT', offset: 3208 },
    { name: 'CET', offset: 3600 },
    { name: 'CEST', offset: 7200 },
  ];
  const changes = [
    { at: -2422054408, type: 1 },
    { at: 1000, type: 2 },
  ];
  const file = tzif(types, changes, '');
  expect(localTimeAt(file, -2422054409)).toEqual({ name: 'LMT', offset: 3208 });
  expect(localTimeAt(file, 999)).toEqual({ name: 'CET', offset: 3600 });
  expect(localTimeAt(file, 1000)).toEqual({ name: 'CEST', offset: 7200 });
});

test.each([
  ['CET-1CEST,M3.5.0,M10.5.0/3', '2026-03-29T00:59:59Z', 'CET', 3600],
  ['CET-1CEST,M3.5.0,M10.5.0/3', '2026-03-29T01:00:00Z', 'CEST', 7200],
  ['CET-1CEST,M3.5.0,M10.5.0/3', '2026-10-25T00:59:59Z', 'CEST', 7200],
  ['CET-1CEST,M3.5.0,M10.5.0/3', '2026-10-25T01:00:00Z', 'CET', 3600],
  ['EST5EDT,M3.2.0,M11.1.0', '2026-07-01T00:00:00Z', 'EDT', -14400],
  ['EST5EDT,M3.2.0,M11.1.0', '2026-11-21T00:00:00Z', 'EST', -18000],
  // South of the equator summer spans the new year.
  ['AEST-10AEDT,M10.1.0,M4.1.0/3', '2026-12-31T20:00:00Z', 'AEDT', 39600],
  ['AEST-10AEDT,M10.1.0,M4.1.0/3', '2026-06-01T00:00:00Z', 'AEST', 36000],
  ['<+0545>-5:45', '2026-06-01T00:00:00Z', '+0545', 20700],
  ['<-02>2<-01>,M3.5.0/-1,M10.5.0/0', '2026-06-01T00:00:00Z', '-01', -3600],
  ['XXX3YYY,J60/0,J300/0', '2028-03-01T02:59:59Z', 'XXX', -10800],
  ['XXX3YYY,J60/0,J300/0', '2028-03-01T03:00:00Z', 'YYY', -7200],
])('the rule %s at %s says %s', (rule, iso, name, offset) => {
  expect(ruled(rule, iso)).toEqual({ name, offset });
});

test('what is no such file, or has a rule nobody knows, is not guessed at', () => {
  expect(localTimeAt(Buffer.from('Europe/Berlin\n'), 0)).toBeUndefined();
  expect(localTimeAt(Buffer.alloc(0), 0)).toBeUndefined();
  expect(ruled('???', '2026-06-01T00:00:00Z')).toEqual({ name: 'LMT', offset: 1 });
});

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
  'Africa/Casablanca',
];

test.each(ZONES.filter((zone) => existsSync(join('/usr/share/zoneinfo', zone))))(
  'agrees with Node about %s in every third week of 65 years',
  (zone) => {
    const file = readFileSync(join('/usr/share/zoneinfo', zone));
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    for (
      let moment = at('1971-01-01T00:00:00Z');
      moment < at('2036-01-01T00:00:00Z');
      moment += 7 * 86_400 * 3
    ) {
      const text =
        format.formatToParts(moment * 1000).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      const [, sign, hours = '0', minutes = '0'] = /GMT(?:([+-])(\d+):(\d+))?/.exec(text) ?? [];
      const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
      expect([moment, localTimeAt(file, moment)?.offset]).toEqual([moment, offset]);
    }
  },
);
