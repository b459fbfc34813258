import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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

test('a directory that is not there is to be made', () => {
  const path = join(temporaryFolder(), 'gone');
  expect(explained(join(path, 'log'))).toBe(`the directory ${path} does not exist`);
});
