import { expect, test } from 'vitest';
import { unreadable } from '../../src/core/nothing.js';
import { exactly, parseRange } from '../../src/core/range.js';
import type { Verdict } from '../../src/core/rule.js';
import { row } from '../../src/core/sample.js';
import { describeRange, sentence } from '../../src/core/words.js';
import { filesystem } from '../../src/vitals/filesystem.js';
import { verdictWith } from '../formats/reporting.js';

const typed = (more: Partial<Verdict>): Verdict => {
  const found = verdictWith('top.cpu_percent', 120, more);
  return { ...found, rule: { ...found.rule, path: { group: 'top', field: 'cpu_percent' } } };
};

test('a row that is only a number has its name beside it', () => {
  const path = { group: 'top', id: ['3683'], field: 'cpu_percent' };
  expect(sentence(typed({ path, called: 'esbuild' }))).toBe('top[3683].cpu_percent (esbuild): 120, ');
});

test.each([
  ['0', 'if yes'],
  ['1:', 'if no'],
  ['@1', 'always'],
  ['@1:', 'if yes'],
  ['0:1', 'never'],
])('what is yes or no and must stay within %s', (range, words) => {
  expect(describeRange(parseRange(range), 'boolean')).toBe(words);
});

test('what is not as it should be says how it should be', () => {
  const limits = { warning: exactly(1) };
  const found = verdictWith('read-only', 1, { unit: 'boolean', state: 'warning' });
  expect(sentence({ ...found, rule: { ...found.rule, limits } })).toBe('read-only: yes, should be no');
});

test('what could not be read says why', () => {
  const reading = { group: filesystem, rows: [] };
  expect(unreadable(reading, row(['/mnt/nas'], { readonly: 0, device_error: 1 }))).toBe(
    'its space could not be read, or not in time',
  );
  expect(unreadable(reading, row(['/mnt/nas'], {}))).toBe('it could not be read');
});
