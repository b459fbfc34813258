import { expect, test } from 'vitest';
import { oncePerDetail, oncePerSample } from '../../src/vitals/once.js';
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

test('keeps what hardly ever changes until the next sample that has the detail', () => {
  let reads = 0;
  const read = oncePerDetail(() => {
    if (reads++ === 2) throw new Error('not now');
    return reads;
  });
  const tree = new Tree(TREE_DEFAULTS);
  const detail = { ...TICK, detail: true };
  expect([read(tree, { ...TICK }), read(tree, { ...TICK })]).toEqual([1, 1]);
  expect([read(tree, detail), read(tree, detail), read(tree, { ...TICK })]).toEqual([2, 2, 2]);
  expect(() => read(tree, { ...detail })).toThrow('not now');
  expect(read(tree, { ...detail })).toBe(4);
});
