import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { isCounted } from '../../src/core/aside.js';
import type { Reading, Row } from '../../src/core/sample.js';
import { row } from '../../src/core/sample.js';
import { filesystem, openFilesystems, part } from '../../src/vitals/filesystem.js';
import type { Space } from '../../src/vitals/space.js';
import type { RemoteStatfs } from '../../src/vitals/statfs.js';
import { TREE_DEFAULTS, Tree } from '../../src/vitals/tree.js';
import { byId, type Recorded, record, TICK } from './recorded.js';

const SPACE: Space = { bsize: 4096, blocks: 1000, bfree: 400, bavail: 300, files: 200, ffree: 150 };

const line = (id: number, mountpoint: string, fstype: string, device: string, options = 'rw'): string =>
  `${id} 1 8:${id} / ${mountpoint} ${options},relatime - ${fstype} ${device} ${options}\n`;

const open: Recorded[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.remove();
});
const machine = (mountinfo: string): Recorded => {
  const recorded = record({ 'proc/1/mountinfo': mountinfo });
  open.push(recorded);
  return recorded;
};

const noRemote = (): Promise<RemoteStatfs> => Promise.reject(new Error('not to be opened'));

const derive = (raw: Row): Record<string, number> => ({
  ...byId(part.derive?.([{ group: filesystem, rows: [raw] }], undefined, 0, TICK) ?? [], 'filesystem')[
    raw.id[0] ?? ''
  ]?.numbers,
});

test('asks each local filesystem where it is seen from here', () => {
  const { tree } = machine(
    line(1, '/', 'ext4', '/dev/sda1') + line(2, '/srv/a\\040b', 'xfs', '/dev/sdb', 'ro'),
  );
  const asked: string[] = [];
  const readings = openFilesystems(
    tree,
    (path) => {
      asked.push(path);
      return SPACE;
    },
    noRemote,
  ).read(TICK) as readonly Reading[];
  expect(asked).toEqual([join(tree.roots.rootfs, '/'), join(tree.roots.rootfs, 'srv/a b')]);
  expect(readings).toEqual([
    {
      group: filesystem,
      rows: [
        row(
          ['/'],
          {
            size_bytes: 4096000,
            free_bytes: 1638400,
            available_bytes: 1228800,
            files: 200,
            files_free: 150,
            readonly: 0,
            device_error: 0,
          },
          { device: '/dev/sda1', fstype: 'ext4' },
        ),
        expect.objectContaining({
          id: ['/srv/a b'],
          numbers: expect.objectContaining({ readonly: 1, device_error: 0 }),
        }),
      ],
    },
  ]);
});

test('a filesystem that cannot be asked has an error and no numbers', () => {
  const { tree } = machine(line(1, '/', 'ext4', '/dev/sda1'));
  const reader = openFilesystems(
    tree,
    () => {
      throw Object.assign(new Error('EIO'), { code: 'EIO' });
    },
    noRemote,
  );
  expect(byId(reader.read(TICK) as Reading[], 'filesystem')['/']?.numbers).toEqual({
    readonly: 0,
    device_error: 1,
  });
});

test('what holds a place that was named is asked too, whatever it is', () => {
  const { tree } = machine(
    line(1, '/', 'ext4', '/dev/sda1') +
      line(2, '/dev', 'devtmpfs', 'udev') +
      line(3, '/dev/shm', 'tmpfs', 'tmpfs') +
      line(4, '/run', 'tmpfs', 'tmpfs'),
  );
  const reader = openFilesystems(tree, () => SPACE, noRemote);
  const asked = (places: readonly string[], only?: readonly string[]) =>
    Object.entries(
      byId(
        reader.read({ ...TICK, places, filters: only ? { filesystem: { only } } : {} }) as Reading[],
        'filesystem',
      ),
    ).map(([id, { texts }]) => [id, texts['aside']]);
  expect(asked([])).toEqual([['/', undefined]]);
  // Named twice, on one that counts, and not to be taken for one of the machine's disks.
  expect(asked(['/dev/shm/a/b', '/dev/shm', '/srv'])).toEqual([
    ['/', undefined],
    ['/dev/shm', 'named'],
  ]);
  expect(asked(['/dev/shmoo'])).toEqual([
    ['/', undefined],
    ['/dev', 'named'],
  ]);
  expect(asked(['/srv'], ['/run'])).toEqual([
    ['/run', undefined],
    ['/', 'named'],
  ]);
});

test('notices a mount that comes, goes, or becomes read-only', () => {
  const recorded = machine(line(1, '/', 'ext4', '/dev/sda1'));
  const reader = openFilesystems(recorded.tree, () => SPACE, noRemote);
  const seen = (): Record<string, number | undefined> =>
    Object.fromEntries(
      Object.entries(byId(reader.read(TICK) as Reading[], 'filesystem')).map(([id, one]) => [
        id,
        one.numbers['readonly'],
      ]),
    );
  expect(seen()).toEqual({ '/': 0 });
  recorded.write(
    'proc/1/mountinfo',
    line(1, '/', 'ext4', '/dev/sda1', 'ro') + line(2, '/data', 'xfs', '/dev/sdb'),
  );
  expect(seen()).toEqual({ '/': 1, '/data': 0 });
  recorded.write('proc/1/mountinfo', line(1, '/', 'ext4', '/dev/sda1'));
  expect(seen()).toEqual({ '/': 0 });
});

test('network mounts are asked elsewhere, and those that do not answer have an error', async () => {
  const { tree } = machine(
    line(1, '/', 'ext4', '/dev/sda1') +
      line(2, '/nas', 'nfs4', 'nas:/x') +
      line(3, '/hung', 'cifs', '//nas/y'),
  );
  const paths: (readonly string[])[] = [];
  let closed = 0;
  const remote: RemoteStatfs = {
    ask: async (asked) => {
      paths.push(asked);
      return new Map([[join(tree.roots.rootfs, 'nas'), { ...SPACE, blocks: 500 }]]);
    },
    close: () => {
      closed++;
    },
  };
  let opened = 0;
  const reader = openFilesystems(
    tree,
    (path) => {
      expect(path).toBe(join(tree.roots.rootfs, '/'));
      return SPACE;
    },
    async () => {
      opened++;
      return remote;
    },
  );
  const rows = byId(await reader.read(TICK), 'filesystem');
  await reader.read(TICK);
  expect(paths[0]).toEqual([join(tree.roots.rootfs, 'nas'), join(tree.roots.rootfs, 'hung')]);
  expect(Object.keys(rows)).toEqual(['/', '/nas', '/hung']);
  expect(rows['/nas']?.numbers['size_bytes']).toBe(2048000);
  expect(rows['/hung']?.numbers).toEqual({ readonly: 0, device_error: 1 });
  expect(opened).toBe(1);
  reader.close();
  await Promise.resolve();
  expect(closed).toBe(1);
});

test('a mount that tells only its own user has no numbers, and does not count unless it is asked for', async () => {
  const { tree } = machine(
    line(1, '/', 'ext4', '/dev/sda1') +
      line(2, '/far', 'fuse.sshfs', 'a:/x') +
      line(3, '/near', 'fuseblk', '/dev/sdb1'),
  );
  const far = join(tree.roots.rootfs, 'far');
  const silent: Space = { bsize: 0, blocks: 0, bfree: 0, bavail: 0, files: 0, ffree: 0 };
  const rowsWith = async (only?: string[]) => {
    const remote = { ask: async () => new Map([[far, 'refused' as const]]), close: () => {} };
    const reader = openFilesystems(
      tree,
      (path) => (path.endsWith('near') ? silent : SPACE),
      async () => remote,
    );
    return byId(await reader.read({ ...TICK, filters: only ? { filesystem: { only } } : {} }), 'filesystem');
  };
  const rows = await rowsWith();
  for (const place of ['/far', '/near']) {
    expect(rows[place]?.numbers).toEqual({ readonly: 0, device_error: 1 });
    expect(rows[place]?.texts['aside']).toBe('private');
  }
  expect(rows['/']).toSatisfy(isCounted);
  expect((await rowsWith(['/far']))['/far']).toSatisfy(isCounted);
});

test('what is asked for by name is meant, whatever it is', () => {
  const { tree } = machine(
    line(1, '/', 'ext4', '/dev/sda1') + line(2, '/snap/x', 'squashfs', '/dev/loop1', 'ro'),
  );
  const reader = openFilesystems(tree, () => SPACE, noRemote);
  const read = (only?: string[]): Row[] =>
    Object.values(
      byId(
        reader.read({ ...TICK, filters: only ? { filesystem: { only } } : {} }) as Reading[],
        'filesystem',
      ),
    );
  expect(read(['/snap/*']).map((one) => [one.id[0], isCounted(one)])).toEqual([['/snap/x', true]]);
  expect(read().map(({ id }) => id[0])).toEqual(['/']);
});

test('a container that sees its host below a folder names the host’s mount points', () => {
  const recorded = record({
    'proc/self/mountinfo': '',
  });
  open.push(recorded);
  const { rootfs } = recorded.tree.roots;
  recorded.write(
    'proc/self/mountinfo',
    line(1, '/', 'overlay', 'overlay') +
      line(2, rootfs, 'ext4', '/dev/sda1') +
      line(3, `${rootfs}/home`, 'xfs', '/dev/sdb'),
  );
  const asked: string[] = [];
  const reader = openFilesystems(
    recorded.tree,
    (path) => {
      asked.push(path);
      return SPACE;
    },
    noRemote,
  );
  expect(Object.keys(byId(reader.read(TICK) as Reading[], 'filesystem'))).toEqual(['/', '/home']);
  expect(asked).toEqual([join(rootfs, '/'), join(rootfs, 'home')]);
});

test('used is what df says: what is reserved is neither used nor to be had', () => {
  const raw = row(['/'], {
    size_bytes: 1000,
    free_bytes: 400,
    available_bytes: 300,
    files: 200,
    files_free: 150,
  });
  expect(derive(raw)).toMatchObject({ used_bytes: 600, inodes_used_percent: 25 });
  expect(derive(raw)['used_percent']).toBeCloseTo((600 / 900) * 100, 9);
});

test('no share of nothing, and none of what is not known', () => {
  expect(
    derive(row(['/'], { size_bytes: 0, free_bytes: 0, available_bytes: 0, files: 0, files_free: 0 })),
  ).toEqual({
    size_bytes: 0,
    free_bytes: 0,
    available_bytes: 0,
    used_bytes: 0,
    files: 0,
    files_free: 0,
  });
  expect(derive(row(['/'], { readonly: 0, device_error: 1 }))).toEqual({ readonly: 0, device_error: 1 });
});

test('this machine: the root is there, with the size that df tells', async () => {
  const reader = openFilesystems(new Tree(TREE_DEFAULTS));
  const raw = await reader.read(TICK);
  reader.close();
  const rows = byId(part.derive?.(raw, undefined, 0, TICK) ?? [], 'filesystem');
  const table = execFileSync('df', ['-B1', '--output=size,pcent', '/'], { encoding: 'utf8' });
  const [, size, percent] = /(\d+)\s+(\d+)%/.exec(table) ?? [];
  expect(rows['/']?.numbers['size_bytes']).toBe(Number(size));
  // df rounds up; a percent of room for who writes meanwhile.
  expect(Math.abs((rows['/']?.numbers['used_percent'] ?? -100) - Number(percent))).toBeLessThan(2);
  expect(isCounted(rows['/'] as Row)).toBe(true);
});

test('the mount table of the machine is read every few seconds, with every detail, and where a size is another', () => {
  const tree = new Tree(TREE_DEFAULTS);
  const read: string[] = [];
  const proc = tree.proc.bind(tree);
  tree.proc = (path) => {
    read.push(path);
    return proc(path);
  };
  let blocks = SPACE.blocks;
  const reader = openFilesystems(tree, () => ({ ...SPACE, blocks }), noRemote);
  const reads = (ask: Partial<typeof TICK>): boolean => {
    read.length = 0;
    reader.read({ ...TICK, ...ask });
    return read.some((path) => path.endsWith('mountinfo'));
  };
  const filesystemFilter = { filters: { ...TICK.filters, filesystem: { except: ['/none'] } } };
  expect(reads({ time: 100_000 })).toBe(true);
  expect(reads({ time: 109_999 })).toBe(false);
  expect(reads({ time: 109_999, ...filesystemFilter })).toBe(true);
  expect(reads({ time: 109_999, detail: true })).toBe(true);
  expect(reads({ time: 119_998, filters: TICK.filters })).toBe(false);
  expect(reads({ time: 119_999 })).toBe(true);
  // What is as large as before, or nearly so, is the same; what is not was mounted there, or no longer is.
  blocks = 1005;
  expect(reads({ time: 121_000 })).toBe(false);
  blocks = 2000;
  expect(reads({ time: 122_000 })).toBe(true);
  expect(reads({ time: 123_000 })).toBe(false);
  expect(reads({ time: 90_000 })).toBe(true);
  expect(reads({})).toBe(true);
  reader.close();
});
