import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pathBelow } from '../../src/vitals/root-path.js';
import { openMachines } from './read-part.js';

const machine = openMachines();

test.each([
  ['/etc/hostname', 'etc/hostname'],
  ['etc/none/../x', 'etc/x'],
  ['/var/run/x.pid', 'run/x.pid'],
  ['/etc/up/x.pid', 'run/x.pid'],
  ['/../../etc', 'etc'],
  ['/etc/round', 'etc/round'],
])('%s is at %s', (path, place) => {
  const { rootfs } = machine({
    'root/run/x.pid': '1',
    'root/var/run': '-> /run',
    'root/etc/up': '-> ../../../../run',
    'root/etc/round': '-> /etc/round',
  }).tree.roots;
  expect(pathBelow(rootfs, path)).toBe(join(rootfs, place));
});

test('on the machine itself the kernel follows links', () => {
  expect(pathBelow('/', '/proc/self/exe')).toBe('/proc/self/exe');
});
