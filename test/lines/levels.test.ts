import { expect, test } from 'vitest';
import { atLeast, levelOf, levelOfNumber } from '../../src/lines/levels.js';
import { LEVELS } from '../../src/lines/line.js';

test.each([
  ['trace', 'trace TRACE finest FINER verbose silly TRC t trace1 trace8'],
  ['debug', 'debug Fine DBG D debug5'],
  ['info', 'info INFO notice information Informational Note LOG i'],
  ['warn', 'warn WARNING wrn W [warn] <4> (warning)'],
  ['error', 'error ERR severe eror E [ERROR] <3> <131> fail'],
  ['fatal', 'fatal critical CRIT alert emerg emergency panic DPANIC F <0> <2> [crit]'],
])('%s: %s', (level, words) => {
  for (const word of words.split(' ')) expect(levelOf(word), word).toBe(level);
});

test.each([
  '',
  'x',
  'errors',
  'warn!',
  '[warn',
  '<192>',
  '<999>',
  '[]',
  '30',
  'constructor',
  '__proto__',
  'toString',
])('no level: %j', (word) => expect(levelOf(word)).toBeUndefined());

test("pino's and bunyan's numbers, with those between", () => {
  expect([10, 20, 30, 40, 50, 60].map((number) => levelOfNumber(number, 'pino'))).toEqual(LEVELS);
  expect([35, 59, 69].map((number) => levelOfNumber(number, 'pino'))).toEqual(['info', 'error', 'fatal']);
  for (const number of [-1, 0, 9, 70, Number.NaN]) expect(levelOfNumber(number, 'pino')).toBeUndefined();
});

test("syslog's count from the worst", () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7].map((number) => levelOfNumber(number, 'syslog'))).toEqual(
    'fatal fatal fatal error warn info info debug'.split(' '),
  );
  for (const number of [-1, 8, 3.5]) expect(levelOfNumber(number, 'syslog')).toBeUndefined();
});

test("Python's critical is pino's error", () => {
  expect([10, 20, 30, 40, 50].map((number) => levelOfNumber(number, 'python'))).toEqual(
    'debug info warn error fatal'.split(' '),
  );
  expect(levelOfNumber(60, 'python')).toBeUndefined();
});

test('each level is at least itself and all below it', () => {
  for (const [place, level] of LEVELS.entries())
    for (const [other, least] of LEVELS.entries()) expect(atLeast(level, least)).toBe(place >= other);
});
