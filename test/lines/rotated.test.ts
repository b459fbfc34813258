import { describe, expect, test } from 'vitest';
import { compareMarks, type RotatedName, rotatedAmong, rotatedAs } from '../../src/lines/rotated.js';

describe('the past of a log, by the names beside it', () => {
  test.each([
    [
      'numbers count down; of one that is there twice the plain one; what cannot be read is none',
      'log',
      ['log', 'log.1', 'log.10.gz', 'log.2', 'log.2.gz', 'log-20260101.gz', 'log.x', 'log.1.bz2', 'other.1'],
      ['log-20260101.gz', 'log.10.gz', 'log.2', 'log.1'],
    ],
    [
      'dates count up, however fine they are',
      'app.log',
      ['app.log-2026010113.gz', 'app.log-20260102', 'app.log-20260101.gz', 'app.log.2026-01-03T10:15:00Z'],
      ['app.log-20260101.gz', 'app.log-2026010113.gz', 'app.log-20260102', 'app.log.2026-01-03T10:15:00Z'],
    ],
    [
      'seconds since 1970',
      'app.log',
      ['app.log-1767312000', 'app.log-1767225600.gz'],
      ['app.log-1767225600.gz', 'app.log-1767312000'],
    ],
    [
      'the end of the name may stay where it was',
      'app.log',
      ['app-20260102.log', 'app-20260101.log.gz', 'app.2.log', 'app.3.log.gz'],
      ['app-20260101.log.gz', 'app-20260102.log', 'app.3.log.gz', 'app.2.log'],
    ],
    [
      'logs of others, copies and serial numbers are not sure to be its past',
      'app.log',
      ['app-1.log', 'app_2.log', 'app.log.old', 'app.log.bak', 'app.log-123456', 'app.log.1.swp', 'app.logs'],
      [],
    ],
  ])('%s', (_what, log, names, expected) => {
    expect(rotatedAmong(log, names)).toEqual(expected);
    expect(rotatedAmong(log, [...names].reverse())).toEqual(expected);
  });
});

test.each([
  ['app.log.old', 'app.log.bak', undefined],
  ['app.log.1', 'app.log-20260101', undefined],
  ['app.log.1', 'app.log.2', 1],
  ['app.log-123456', 'app.log-123457', -1],
])('%s beside %s', (one, other, order) => {
  const [a, b] = [one, other].map((name) => rotatedAs('app.log', name)) as [RotatedName, RotatedName];
  expect(compareMarks(a, b)).toBe(order);
});

test.each(['app.log', 'app.log.1.2.gz.x', 'app.log-', 'bpp.log.1', 'app.logx.1', 'app'])(
  '%s is none',
  (name) => {
    expect(rotatedAs('app.log', name)).toBeUndefined();
  },
);
