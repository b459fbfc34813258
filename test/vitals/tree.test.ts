import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endsBelow, TREE_DEFAULTS, Tree } from '../../src/vitals/tree.js';
import { openMachines } from './read-part.js';

const machine = openMachines();
const LINUX = process.platform === 'linux';

/** A folder cannot be read as a file, whoever asks: it stands for a file that is there and cannot be read. */
const unreadable = (root: string, path: string): void => {
  mkdirSync(join(root, path), { recursive: true });
};

test('each root can be somewhere else', () => {
  const { tree } = machine({
    'proc/loadavg': 'here\n',
    'sys/class/net/eth0/mtu': '1500\n',
    'root/etc/os-release': 'NAME=x\n',
  });
  expect(tree.proc('loadavg')).toBe('here\n');
  expect(tree.sysIfThere('class/net/eth0/mtu')).toBe('1500\n');
  expect(tree.sysNumber('class/net/eth0/mtu')).toBe(1500);
  expect(tree.rootIfThere('etc/os-release')).toBe('NAME=x\n');
  expect(tree.rootIfThere('/etc/os-release')).toBe('NAME=x\n');
  expect(tree.sysList('class/net')).toEqual(['eth0']);
});

test('what is absent is undefined, and an error only where it must be there', () => {
  const { tree } = machine({ 'proc/loadavg': '', 'sys/flat': 'x', 'root/x': '' });
  expect(() => tree.proc('stat')).toThrow(/ENOENT.*\/proc\/stat/);
  expect(tree.procIfThere('stat')).toBeUndefined();
  // ENOTDIR: a file where a folder is asked for.
  expect(tree.sysIfThere('flat/attribute')).toBeUndefined();
  expect(tree.sysNumber('nothing')).toBeUndefined();
  expect(tree.rootIfThere('etc/os-release')).toBeUndefined();
  expect(tree.procList('net')).toEqual([]);
  expect(tree.sysList('flat')).toEqual([]);
  expect(tree.sysLink('nothing')).toBeUndefined();
});

test('an empty file is an empty text and no number', () => {
  const { tree } = machine({ 'proc/pressure/cpu': '', 'sys/number': '\n' });
  expect(tree.procIfThere('pressure/cpu')).toBe('');
  expect(tree.sysNumber('number')).toBeUndefined();
});

test('what is there and cannot be read is an error, not an absence', () => {
  const { tree } = machine({ 'proc/x': '', 'sys/x': '', 'root/x': '' });
  unreadable(tree.roots.procfs, 'stat');
  unreadable(tree.roots.sysfs, 'value');
  unreadable(tree.roots.rootfs, 'etc/os-release');
  expect(() => tree.procIfThere('stat')).toThrow(/EISDIR/);
  expect(() => tree.sysIfThere('value')).toThrow(/EISDIR/);
  expect(() => tree.sysNumber('value')).toThrow(/EISDIR/);
  expect(() => tree.rootIfThere('etc/os-release')).toThrow(/EISDIR/);
});

test.each([
  ['42\n', 42],
  ['-1\n', -1],
  ['  7  \n', 7],
  ['9223372036854771712\n', 2 ** 63 - 4096],
  ['max\n', undefined],
  ['12 34\n', undefined],
  ['no number\n', undefined],
])('the one-line file %j is the number %s', (text, value) => {
  expect(machine({ 'sys/one': text }).tree.sysNumber('one')).toBe(value);
});

test('what was missed is found as soon as it is there, and missed again when it has gone', () => {
  const { tree, write } = machine({ 'proc/loadavg': '', 'sys/flat': 'x', 'root/x': '' });
  const all = () => [
    tree.procIfThere('pressure/cpu'),
    tree.sysNumber('value'),
    tree.sysLink('link'),
    tree.sysHas('value'),
    tree.sysList('folder'),
    tree.rootIfThere('etc/os-release'),
  ];
  const none = [undefined, undefined, undefined, false, [], undefined];
  expect(all()).toEqual(none);
  expect(all()).toEqual(none);
  write('proc/pressure/cpu', 'some');
  write('sys/value', '7');
  write('sys/link', '-> nowhere');
  write('sys/folder/name', '');
  write('root/etc/os-release', 'NAME=x');
  const there = ['some', 7, 'nowhere', true, ['name'], 'NAME=x'];
  expect(all()).toEqual(there);
  expect(all()).toEqual(there);
  rmSync(join(tree.roots.sysfs, 'value'));
  rmSync(join(tree.roots.sysfs, 'folder'), { recursive: true });
  expect(all()).toEqual(['some', undefined, 'nowhere', false, [], 'NAME=x']);
});

test('what was missed and cannot be read now is an error', () => {
  const { tree } = machine({ 'proc/x': '', 'sys/x': '' });
  expect(tree.sysIfThere('value')).toBeUndefined();
  unreadable(tree.roots.sysfs, 'value');
  expect(() => tree.sysIfThere('value')).toThrow(/EISDIR/);
});

test('more names than are remembered can be missed', () => {
  const { tree, write } = machine({ 'proc/x': '', 'sys/x': '' });
  for (let index = 0; index < 5000; index++) expect(tree.sysNumber(`value${index}`)).toBeUndefined();
  write('sys/value3', '3');
  write('sys/value4999', '4');
  expect([tree.sysNumber('value3'), tree.sysNumber('value4999')]).toEqual([3, 4]);
});

test('a link is there, wherever it leads, and so is a folder', () => {
  const { tree } = machine({ 'sys/class/net/eth0/device': '-> ../nowhere', 'sys/flat': 'x' });
  expect(
    ['class/net', 'class/net/eth0/device', 'flat', 'flat/x', 'x'].map((path) => tree.sysHas(path)),
  ).toEqual([true, true, true, false, false]);
});

test('a link tells where it points, whether or not anything is there', () => {
  const { tree } = machine({
    'sys/class/net/eth0/device/driver': '-> ../../../../bus/pci/drivers/virtio',
  });
  expect(tree.sysLink('class/net/eth0/device/driver')).toBe('../../../../bus/pci/drivers/virtio');
});

test('a file of any size is read whole, and a small one after a large one is only itself', () => {
  const { tree, write } = machine({ 'proc/small': 'small\n' });
  for (const size of [65_535, 65_536, 65_537, 1_000_003]) {
    const text = `${'0123456789'.repeat(Math.ceil(size / 10)).slice(0, size - 1)}\n`;
    write('proc/large', text);
    expect(tree.proc('large')).toBe(text);
    expect(tree.proc('small')).toBe('small\n');
  }
});

test('letters cut by the end of a buffer are whole', () => {
  const text = `a${'é€😀'.repeat(20_000)}`;
  expect(machine({ 'proc/cmdline': text }).tree.proc('cmdline')).toBe(text);
});

test('bytes that are no UTF-8 do not keep the rest from being read', () => {
  const { tree } = machine({ 'proc/x': '' });
  const bytes = Buffer.concat([Buffer.from('ok '), Buffer.from([0xff, 0xc3, 0x28]), Buffer.from(' 12\n')]);
  writeFileSync(join(tree.roots.procfs, 'odd'), bytes);
  expect(tree.proc('odd')).toBe('ok \ufffd\ufffd( 12\n');
});

test('a file of a recorded machine is read anew each time, also where it was replaced', () => {
  const { tree, write } = machine({ 'proc/stat': 'cpu  1\n' });
  expect(tree.proc('stat')).toBe('cpu  1\n');
  write('proc/stat', 'cpu  22222\n');
  expect(tree.proc('stat')).toBe('cpu  22222\n');
  write('proc/stat', 'c\n');
  expect(tree.proc('stat')).toBe('c\n');
});

const openFiles = (): number => readdirSync('/proc/self/fd').length;

test.runIf(LINUX)(
  'on the machine itself lasting files stay open, are read anew, and are closed at the end',
  () => {
    const tree = new Tree(TREE_DEFAULTS);
    const before = openFiles();
    const first = tree.proc('self/stat');
    const opened = openFiles();
    for (let i = 0; i < 20; i++) {
      tree.proc('uptime');
      tree.proc(`${process.pid}/stat`);
      tree.procIfThere('nothing/here');
    }
    expect(openFiles()).toBe(opened + 1);
    // Something of this process's CPU time and faults has changed meanwhile.
    const worked = Array.from({ length: 2_000_000 }, (_, index) => index);
    expect(worked).toHaveLength(2_000_000);
    expect(tree.proc('self/stat')).not.toBe(first);
    tree.close();
    expect(openFiles()).toBe(before);
    expect(tree.proc('uptime')).toMatch(/^\d+\.\d+ \d+\.\d+\n$/);
    tree.close();
  },
);

test.runIf(LINUX)('a file that can be opened and not read is not kept open', () => {
  const tree = new Tree(TREE_DEFAULTS);
  const before = openFiles();
  // There is no memory at 0.
  expect(() => tree.proc('self/mem')).toThrow(/EIO/);
  expect(openFiles()).toBe(before);
  tree.close();
});

test.runIf(LINUX)('an attribute that means nothing for this device is absent', () => {
  const tree = new Tree(TREE_DEFAULTS);
  // The loopback interface has no speed: the kernel answers EINVAL.
  expect(tree.sysIfThere('class/net/lo/speed')).toBeUndefined();
  expect(tree.sysNumber('class/net/lo/speed')).toBeUndefined();
});

test.runIf(LINUX)('the kernel’s constants are what getconf says they are', () => {
  const { pageSize, ticksPerSecond } = new Tree(TREE_DEFAULTS).constants();
  // /proc/self/statm counts pages, and /proc/self/status kB of the same.
  const tree = new Tree(TREE_DEFAULTS);
  const [pages] = tree.proc('self/statm').split(' ').map(Number);
  const kilobytes = Number(/^VmSize:\s+(\d+) kB$/m.exec(tree.proc('self/status'))?.[1]);
  expect(Math.abs(((pages ?? 0) * pageSize) / 1024 / kilobytes - 1)).toBeLessThan(0.1);
  const start = Number(tree.proc('self/stat').split(') ')[1]?.split(' ')[19]) / ticksPerSecond;
  const uptime = Number.parseFloat(tree.proc('uptime'));
  expect(uptime - start - process.uptime()).toBeGreaterThan(-1);
  expect(uptime - start - process.uptime()).toBeLessThan(10);
  tree.close();
});

test.runIf(LINUX)('a file that is read in one go is whole', () => {
  const tree = new Tree(TREE_DEFAULTS);
  const lines = (text: string): number => text.split('\n').length;
  const files =
    'stat meminfo loadavg uptime diskstats vmstat softirqs pressure/cpu net/dev 1/net/dev net/snmp';
  for (const path of `${files} net/netstat net/sockstat net/softnet_stat net/arp self/cgroup sys/kernel/version sys/fs/file-nr`.split(
    ' ',
  )) {
    expect(endsBelow(path), path).toBeGreaterThan(0);
    const first = tree.procIfThere(path);
    if (first === undefined) continue;
    expect(lines(tree.proc(path)), path).toBe(lines(first));
  }
  tree.close();
});

test.each([
  'self/mountinfo',
  '1/mountinfo',
  'mounts',
  'cmdline',
  'net/tcp',
  'sys/kernel/keys/maxkeys',
  'stats',
  'x/stat',
])('%s is read to its end, since nobody knows how long its records are', (path) => {
  expect(endsBelow(path)).toBe(0);
});
