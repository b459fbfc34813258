import fc from 'fast-check';
import { expect, test } from 'vitest';
import { archiveName, archivesAmong, parseArchiveName } from '../../src/logs/archive-name.js';

const moment = Date.UTC(2026, 10, 21, 4, 55, 31, 123);

test('an archive is named by its moment and number', () => {
  expect(archiveName('sysmon.log', { time: moment, serial: 17, form: 'gzip' })).toBe(
    'sysmon.log.20261121T045531123Z.000017.gz',
  );
});

test('a name is read back as it was made', () => {
  const times = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) });
  const serials = fc.integer({ min: 0, max: 1e12 });
  const forms = fc.constantFrom('plain' as const, 'gzip' as const, 'unfinished' as const);
  const logs = fc.constantFrom('sysmon.log', 'a', 'x.gz', 'sysmon.log.20261121T045531123Z.000017', '[.*]');
  fc.assert(
    fc.property(logs, times, serials, forms, (log, time, serial, form) => {
      expect(parseArchiveName(log, archiveName(log, { time, serial, form }))).toEqual({ time, serial, form });
    }),
  );
});

test.each([
  'sysmon.log',
  'sysmon.log2.20261121T045531123Z.000017.gz',
  'sysmon.log.old',
  'sysmon.log.1.gz',
  'sysmon.log.old.20261121T045531123Z.000017.gz',
  'xsysmon.log.20261121T045531123Z.000017.gz',
  'sysmonxlog.20261121T045531123Z.000017.gz',
  'sysmon.log.20261121T045531123Z.17.gz',
  'sysmon.log.20261121T045531123Z.000017.bz2',
  'sysmon.log.20261121T045531123Z.000017.tmp',
  'sysmon.log.20260230T045531123Z.000017',
  'sysmon.log.20261321T045531123Z.000017',
  'sysmon.log.20261121T045531123Z.0000017',
])('%s is not an archive of sysmon.log', (name) => {
  expect(parseArchiveName('sysmon.log', name)).toBeUndefined();
});

test('archives are ordered by number, with a complete gzip before the plain file it was made from', () => {
  const name = (serial: number, form: 'plain' | 'gzip' | 'unfinished', time = moment): string =>
    archiveName('s', { time, serial, form });
  const names = [
    name(12, 'plain'),
    name(3, 'plain'),
    name(3, 'gzip'),
    name(4, 'plain', moment - 3_600_000),
    name(4, 'unfinished', moment - 3_600_000),
    name(2, 'unfinished'),
    's',
    's.1',
  ];
  expect(archivesAmong('s', names).map(({ serial, form, leftovers }) => [serial, form, leftovers])).toEqual([
    [2, undefined, [name(2, 'unfinished')]],
    [3, 'gzip', [name(3, 'plain')]],
    [4, 'plain', [name(4, 'unfinished', moment - 3_600_000)]],
    [12, 'plain', []],
  ]);
});
