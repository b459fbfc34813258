import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TREE_DEFAULTS, Tree } from '../../src/vitals/tree.js';

const opened = (path: string): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false; // The one that the folder itself is read with.
    }
  }).length;

test.runIf(existsSync('/proc/uptime'))('keeps a lasting file open, and reads what is so now', async () => {
  const tree = new Tree(TREE_DEFAULTS);
  const before = Number.parseFloat(tree.proc('uptime'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(Number.parseFloat(tree.proc('uptime'))).toBeGreaterThan(before);
  expect(opened('/proc/uptime')).toBe(1);
  tree.close();
  expect(opened('/proc/uptime')).toBe(0);
  expect(tree.proc('uptime')).toMatch(/^\d/);
  tree.close();
});

test.runIf(existsSync('/proc/self/stat'))('keeps no file of a process open', () => {
  const tree = new Tree(TREE_DEFAULTS);
  const path = `${process.pid}/stat`;
  expect(tree.proc(path)).toContain(String(process.pid));
  expect(opened(`/proc/${path}`)).toBe(0);
});
