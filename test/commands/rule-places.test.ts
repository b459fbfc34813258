import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isBehindNetwork, parseMountinfo } from '../../src/vitals/mounts.js';
import { realPlace } from '../../src/vitals/root-path.js';

const root = mkdtempSync(join(tmpdir(), 'sysmon-places-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
mkdirSync(join(root, 'var/lib/data'), { recursive: true });
mkdirSync(join(root, 'far'));
symlinkSync('/var/lib', join(root, 'srv'));
symlinkSync('../var/lib/./data', join(root, 'far/../var/near'));
symlinkSync('round', join(root, 'round'));
symlinkSync('/far/away', join(root, 'there'));

const near = (): boolean => false;

test.each([
  ['/', '/'],
  ['/var', '/var'],
  ['//var/./lib/', '/var/lib'],
  ['/var/lib/../../far', '/far'],
  ['/../var', '/var'],
  // Links lead to where they do on that machine, not on this one.
  ['/srv', '/var/lib'],
  ['/srv/data', '/var/lib/data'],
  ['/var/near', '/var/lib/data'],
  ['/none', undefined],
  ['/var/none/data', undefined],
  ['/there', undefined],
  ['/round', '/round'],
])('behind %s is %s', (path, place) => {
  expect(realPlace(path, root, near)).toBe(place);
});

test('looks at nothing on a mount that is far', () => {
  const isFar = (path: string): boolean => path === '/far' || path.startsWith('/far/');
  expect(realPlace('/far', root, isFar)).toBe('/far');
  // It would be missing if anybody looked.
  expect(realPlace('/far/none', root, isFar)).toBe('/far/none');
  expect(realPlace('/there/deep', root, isFar)).toBe('/far/away/deep');
});

test('tells by the mount table what a server answers for', () => {
  const line = (mountpoint: string, fstype: string): string =>
    `1 0 0:1 / ${mountpoint} rw - ${fstype} server:/x rw`;
  const mounts = parseMountinfo(
    [line('/', 'ext4'), line('/mnt/nas', 'nfs4'), line('/mnt/nas/disk', 'ext4')].join('\n'),
  );
  const behind = ['/mnt/nas', '/mnt/nas/a/b', '/mnt/nas/disk', '/mnt/nas/disk/a', '/mnt/nasty', '/mnt', '/'];
  expect(behind.filter((path) => isBehindNetwork(path, mounts))).toEqual(['/mnt/nas', '/mnt/nas/a/b']);
  expect(isBehindNetwork('/', parseMountinfo(line('/', 'nfs4')))).toBe(true);
});
