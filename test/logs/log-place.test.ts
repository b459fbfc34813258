import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { UserError } from '../../src/exit.js';
import { explainPlace } from '../../src/logs/log-place.js';
import { temporaryFolder } from './bench-log.js';

/** What a person is told when there is nothing at a path. */
const explained = (path: string): string => {
  const error = Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
  return (explainPlace(path, error) as Error).message;
};

const target = (fd: string): string => {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
};

test.skipIf(process.platform !== 'linux')('an open pipe is no place for a log', () => {
  // Every process of Node has one, or something like it.
  const fd = readdirSync('/proc/self/fd').find((one) => /^(pipe|socket|anon_inode):/.test(target(one)));
  expect(explained(`/proc/self/fd/${fd}`)).toBe(`/proc/self/fd/${fd} is not a regular file`);
});

test('the advice can be pasted, whatever the path holds', () => {
  const error = Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
  const { hint } = explainPlace("/nowhere/it's here/log", error) as UserError;
  expect(hint).toBe("Make it first: mkdir -p '/nowhere/it'\\''s here'");
});

test('a directory that is there, and lets no file be made in it, is not called missing', () => {
  const path = join(temporaryFolder(), 'log');
  expect(explained(path)).toBe(`cannot write ${path}: no such file or directory`);
});

test('a directory that is not there is to be made', () => {
  const path = join(temporaryFolder(), 'gone');
  expect(explained(join(path, 'log'))).toBe(`the directory ${path} does not exist`);
});
