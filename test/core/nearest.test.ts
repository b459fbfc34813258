import { expect, test } from 'vitest';
import { nearestWord } from '../../src/core/nearest.js';

test.each([
  ['used_percnt', ['free_bytes', 'used_percent', 'used_bytes'], 'used_percent'],
  ['memroy', ['memory', 'meminfo'], 'memory'],
  ['dsik', ['disk', 'list'], 'disk'],
  ['chekc', ['check', 'cheek'], 'check'],
  ['cpu', ['cpu'], 'cpu'],
  ['cpuu', ['core', 'cpu'], 'cpu'],
  ['disk', ['network', 'filesystem'], undefined],
  ['a', ['b'], 'b'],
  ['ab', ['cd'], undefined],
  ['x', [], undefined],
])('%s of %j is meant to be %s', (word, known, meant) => {
  expect(nearestWord(word, known)).toBe(meant);
});

test('of two as near, the first', () => {
  expect(nearestWord('cat', ['bat', 'rat'])).toBe('bat');
});
