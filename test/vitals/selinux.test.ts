import { expect, test } from 'vitest';
import { part } from '../../src/vitals/selinux.js';
import { openMachines, rowsFrom } from './read-part.js';
import { DETAIL } from './recorded.js';

const machine = openMachines();

const numbers = async (files: Record<string, string>) =>
  (
    await rowsFrom(
      part,
      machine({ 'proc/self/attr/current': 'unconfined_u:unconfined_r\0', ...files }).tree,
      DETAIL,
    )
  )[0]?.numbers;

test('off where the kernel has no such files', async () => {
  expect(await numbers({})).toEqual({ enabled: 0 });
});

test('on, with the mode now and the one after the next boot', async () => {
  const files = {
    'sys/fs/selinux/enforce': '1',
    'root/etc/selinux/config': '# SELINUX= mode\nSELINUX=permissive\n',
  };
  expect(await numbers(files)).toEqual({ enabled: 1, current_mode: 1, config_mode: 0 });
  expect(await numbers({ 'sys/fs/selinux/enforce': '0' })).toEqual({
    enabled: 1,
    current_mode: 0,
    config_mode: -1,
  });
});

test('off where there is no policy', async () => {
  const files = { 'sys/fs/selinux/enforce': '0', 'proc/self/attr/current': 'kernel\0' };
  expect(await numbers(files)).toEqual({ enabled: 0 });
});
