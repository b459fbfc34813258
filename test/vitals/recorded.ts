/** Recorded machines for tests: files under a folder of their own, read as procfs, sysfs and root. */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { known } from '../../src/core/rates.js';
import type { Reading, Row } from '../../src/core/sample.js';
import { rowsOf } from '../../src/core/sample.js';
import { type Ask, WANT_DEFAULTS } from '../../src/core/vital.js';
import { Tree } from '../../src/vitals/tree.js';

export interface Recorded {
  readonly tree: Tree;
  /** Writes one of its files again. */
  readonly write: (path: string, text: string) => void;
  readonly remove: () => void;
}

/** Paths begin with `proc/`, `sys/` or `root/`; a text that begins with `-> ` is a link to what follows. */
export const record = (files: Readonly<Record<string, string>>): Recorded => {
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-recorded-'));
  const write = (path: string, text: string): void => {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), full);
    else writeFileSync(full, text);
  };
  for (const path in files) write(path, files[path] as string);
  const tree = new Tree({
    procfs: join(folder, 'proc'),
    sysfs: join(folder, 'sys'),
    rootfs: join(folder, 'root'),
  });
  return { tree, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

export const TICK: Ask = { ...WANT_DEFAULTS, detail: false };
export const DETAIL: Ask = { ...WANT_DEFAULTS, detail: true };

/** Rows of a group by the first value of their identity. */
export const byId = (readings: readonly Reading[], group: string): Record<string, Row> =>
  Object.fromEntries(
    rowsOf(readings, group).map((row) => [row.id[0] as string, { ...row, numbers: known(row.numbers) }]),
  );
