/** Which source is taken where, and what it says of the machine. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openSource } from '../../src/vitals/source.js';
import { TREE_DEFAULTS } from '../../src/vitals/tree.js';

const LINUX = process.platform === 'linux';
const options = { platform: 'linux', hostname: 'web-1', now: Date.now };
const roots = { ...TREE_DEFAULTS, procfs: '/nonexistent/proc' };

const folder = mkdtempSync(join(tmpdir(), 'sysmon-source-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const recorded = (files: Readonly<Record<string, string>>): typeof roots => {
  const procfs = mkdtempSync(join(folder, 'proc-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(procfs, path)), { recursive: true });
    writeFileSync(join(procfs, path), text);
  }
  return { procfs, sysfs: join(procfs, 'sys-of-it'), rootfs: procfs };
};

test('elsewhere it is the portable one, and its boot is told by its time', async () => {
  const source = await openSource({ ...options, platform: 'darwin' });
  expect(source).toMatchObject({
    kind: 'portable',
    host: 'web-1',
    boot: expect.stringMatching(/^boot-\d+0$/),
  });
  expect(source.uptime()).toBeGreaterThan(0);
  source.close();
});

test.runIf(LINUX)('on Linux it is the kernel’s files, unless the other is asked for', async () => {
  const kinds = [options, { ...options, kind: 'linux' }, { ...options, kind: 'portable' }] as const;
  const sources = await Promise.all(kinds.map((one) => openSource(one)));
  expect(sources.map(({ kind }) => kind)).toEqual(['linux', 'linux', 'portable']);
  for (const source of sources) source.close();
});

test('a tree that is named is meant: it is an error when it is not there', async () => {
  await expect(openSource({ ...options, roots })).rejects.toThrow(/ENOENT.*nonexistent\/proc/);
  await expect(openSource({ ...options, roots, kind: 'linux' })).rejects.toThrow(/ENOENT/);
});

test('a recorded tree says whose it is and of which boot, on any system', async () => {
  const tree = recorded({
    stat: 'cpu  1 2 3 4 5 6 7 8 0 0\nbtime 1795230000\n',
    uptime: '2000.50 100.00\n',
    'sys/kernel/hostname': 'db-7\n',
    'sys/kernel/random/boot_id': '0b5e-1\n',
  });
  const source = await openSource({ ...options, platform: 'darwin', roots: tree });
  expect(source).toMatchObject({ kind: 'linux', host: 'db-7', boot: '0b5e-1' });
  expect(source.uptime()).toBe(2000.5);
});

test('a tree that does not say whose it is counts as this machine’s', async () => {
  const tree = recorded({ stat: 'cpu  1 2 3 4 5 6 7 8 0 0\nbtime 1795230000\n' });
  const source = await openSource({ ...options, roots: tree });
  expect(source).toMatchObject({ host: 'web-1', boot: '1795230000' });
  expect(source.uptime()).toBeUndefined();
});
