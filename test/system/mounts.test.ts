/** What is mounted and unmounted while a run goes on. Needs root. */

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Reading } from '../../src/core/sample.js';
import { rowsOf } from '../../src/core/sample.js';
import { WANT_DEFAULTS } from '../../src/core/vital.js';
import { openFilesystems } from '../../src/vitals/filesystem.js';
import { TREE_DEFAULTS, Tree } from '../../src/vitals/tree.js';
import { temporaryFolder } from '../logs/bench-log.js';

test.skipIf(process.getuid?.() !== 0)('a mount that has gone is never told with what is below it', () => {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  const mount = (): unknown => execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]);
  const umount = (): unknown => execFileSync('umount', ['-l', folder]);
  const reader = openFilesystems(new Tree(TREE_DEFAULTS));
  const sizeAt = (time: number): number | undefined => {
    const readings = reader.read({ ...WANT_DEFAULTS, detail: false, time }) as readonly Reading[];
    const row = rowsOf(readings, 'filesystem').find(({ id }) => id[0] === folder);
    return row?.numbers['size_bytes'];
  };
  let mounted = false;
  onTestFinished(() => {
    if (mounted) umount();
    reader.close();
  });

  mount();
  mounted = true;
  expect(sizeAt(1000)).toBe(2 * 1024 * 1024);
  expect(sizeAt(2000)).toBe(2 * 1024 * 1024);
  umount();
  mounted = false;
  expect(sizeAt(3000)).toBeUndefined();
  mount();
  mounted = true;
  // A new one is found when the table is read again.
  expect(sizeAt(13_000)).toBe(2 * 1024 * 1024);
});
