import { expect, test } from 'vitest';
import { oncePerSample } from '../../src/vitals/once.js';
import { TREE_DEFAULTS, Tree } from '../../src/vitals/tree.js';
import { TICK } from './recorded.js';

test('reads once for a sample and a tree, and again after a failure', () => {
  let reads = 0;
  const read = oncePerSample(() => {
    if (reads++ === 2) throw new Error('not now');
    return reads;
  });
  const [here, there] = [new Tree(TREE_DEFAULTS), new Tree(TREE_DEFAULTS)];
  const ask = { ...TICK };
  expect([read(here, ask), read(here, ask), read(there, ask)]).toEqual([1, 1, 2]);
  const next = { ...TICK };
  expect(() => read(here, next)).toThrow('not now');
  expect([read(here, next), read(there, ask)]).toEqual([4, 2]);
});
