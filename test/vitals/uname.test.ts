import { hostname, machine as kind, release, type, version } from 'node:os';
import { expect, test } from 'vitest';
import { TREE_DEFAULTS, Tree } from '../../src/vitals/tree.js';
import { part, readHost } from '../../src/vitals/uname.js';
import { openMachines, rowsFrom } from './read-part.js';
import { DETAIL } from './recorded.js';

const machine = openMachines();

test('what the kernel files say', async () => {
  const { tree } = machine({
    'proc/sys/kernel/ostype': 'Linux\n',
    'proc/sys/kernel/osrelease': '6.1.0-13-arm64\n',
    'proc/sys/kernel/version': '#1 SMP Debian 6.1.55-1\n',
    'proc/sys/kernel/arch': 'aarch64\n',
    'proc/sys/kernel/hostname': 'web-1\n',
    'proc/sys/kernel/domainname': '(none)\n',
  });
  expect((await rowsFrom(part, tree, DETAIL))[0]?.texts).toEqual({
    sysname: 'Linux',
    release: '6.1.0-13-arm64',
    version: '#1 SMP Debian 6.1.55-1',
    machine: 'aarch64',
    nodename: 'web-1',
    domainname: '(none)',
  });
  expect(readHost(tree)).toBe('web-1');
  expect(readHost(machine({ 'proc/stat': '' }).tree)).toBeUndefined();
});

test('this machine: as uname says', async () => {
  const [only] = await rowsFrom(part, new Tree(TREE_DEFAULTS), DETAIL);
  expect(only?.texts).toMatchObject({
    sysname: type(),
    release: release(),
    version: version(),
    machine: kind(),
    nodename: hostname(),
  });
});
