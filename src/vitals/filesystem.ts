/** Space and inodes of each mounted filesystem. */

import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ASIDE_HELP } from '../core/aside.js';
import { gauge, group } from '../core/group.js';
import { percent } from '../core/rates.js';
import type { Reading, Row } from '../core/sample.js';
import { looseRow, row, rowsOf } from '../core/sample.js';
import type { Ask, Filter } from '../core/vital.js';
import { mountTable, ownTable, stripRoot } from './mount-table.js';
import type { Mount } from './mounts.js';
import { asides, chooseMounts, isRemote, mountOf, parseMountinfo } from './mounts.js';
import type { Part } from './part.js';
import { portableFilesystem } from './portable/filesystem.js';
import { answerOf, type Space, type SpaceAnswer } from './space.js';
import type { RemoteStatfs } from './statfs.js';
import { TREE_DEFAULTS, type Tree } from './tree.js';

export const filesystem = group({
  name: 'filesystem',
  help: 'Each mounted filesystem',
  identity: ['mountpoint'],
  texts: { device: 'what is mounted', fstype: 'type of the filesystem', aside: ASIDE_HELP },
  labels: ['device', 'fstype'],
  // Of several mounts of one device, which are one disk to a person, each has its series.
  countedMatchers:
    'fstype!~"squashfs|iso9660|udf|erofs|cramfs|romfs|fuse[.](snapfuse|squashfuse.*|fuseiso|.*[aA]pp[iI]mage)",' +
    'mountpoint!~"/(dev|proc|sys|var/lib/(docker|containers|containerd|kubelet|lxc|lxd|incus|machines))(|/.*)|/run(|/[^m].*)"',
  fields: {
    used_percent: gauge('percent', 'Share in use of what ordinary users can have, as df says', {
      promql:
        '100 * (node_filesystem_size_bytes{$rows} - node_filesystem_free_bytes)' +
        ' / (node_filesystem_size_bytes - node_filesystem_free_bytes + node_filesystem_avail_bytes)',
    }),
    size_bytes: gauge('bytes', 'All there is', { prometheus: 'node_filesystem_size_bytes' }),
    free_bytes: gauge('bytes', 'Unused', { prometheus: 'node_filesystem_free_bytes' }),
    available_bytes: gauge('bytes', 'Unused and not reserved for root', {
      prometheus: 'node_filesystem_avail_bytes',
    }),
    used_bytes: gauge('bytes', 'In use: size less free', { due: 'detail' }),
    files: gauge('count', 'Inodes; 0 where there is no fixed number of them', {
      due: 'detail',
      prometheus: 'node_filesystem_files',
    }),
    files_free: gauge('count', 'Unused inodes', { due: 'detail', prometheus: 'node_filesystem_files_free' }),
    inodes_used_percent: gauge('percent', 'Share of the inodes in use', {
      promql: '100 * (1 - node_filesystem_files_free{$rows} / node_filesystem_files)',
    }),
    readonly: gauge('boolean', 'Nothing can be written', { prometheus: 'node_filesystem_readonly' }),
    device_error: gauge('boolean', 'Its space could not be read, or not in time', {
      prometheus: 'node_filesystem_device_error',
    }),
  },
});

/** A mount to be asked, with all of its row that only changes with the mount table. */
interface Place {
  readonly mount: Mount;
  readonly id: readonly string[];
  readonly texts: Readonly<Record<string, string>>;
  /** The same where it tells others than us: nobody has asked for it, so it does not count. */
  readonly refused: Readonly<Record<string, string>>;
  /** Where it is found from here. */
  readonly path: string;
  readonly remote: boolean;
}

const isFileAt = (path: string): boolean => {
  try {
    return !statSync(path).isDirectory();
  } catch {
    return false;
  }
};

/**
 * What to ask: the mounts of a table that are let in, and those that were `named`, whatever they are. Pure but for `isFile`,
 * which is asked about bind mounts.
 */
export const planPlaces = (
  mounts: readonly Mount[],
  rootfs: string,
  filter: Filter | undefined,
  isFile: (path: string) => boolean,
  named: readonly Mount[] = [],
): readonly Place[] => {
  const chosen = chooseMounts(mounts, filter);
  const aside = new Map<Mount, string>(
    // Asked for by a pattern: it is meant.
    filter?.only === undefined ? asides(chosen, ({ mountpoint }) => isFile(join(rootfs, mountpoint))) : [],
  );
  const known = new Set(chosen.map(({ mountpoint }) => mountpoint));
  const more = named.filter(({ mountpoint }) => !known.has(mountpoint) && known.add(mountpoint));
  for (const mount of more) aside.set(mount, 'named');
  return [...chosen, ...more].map((mount) => {
    const { device, fstype, mountpoint } = mount;
    const why = aside.get(mount);
    const texts = why === undefined ? { device, fstype } : { device, fstype, aside: why };
    const counts = why === undefined && filter?.only === undefined;
    const refused = counts ? { ...texts, aside: 'private' } : texts;
    return {
      mount,
      id: [mountpoint],
      texts,
      refused,
      path: join(rootfs, mountpoint),
      remote: isRemote(fstype),
    };
  });
};

const rowOf = ({ mount, id, texts, refused }: Place, space: SpaceAnswer | undefined): Row => {
  const readonly = mount.readonly ? 1 : 0;
  if (space === 'refused') return row(id, { readonly, device_error: 1 }, refused);
  // A mount without an answer has no numbers: the last known ones may be long wrong.
  if (space === undefined) return row(id, { readonly, device_error: 1 }, texts);
  const { bsize } = space;
  return row(
    id,
    {
      size_bytes: space.blocks * bsize,
      free_bytes: space.bfree * bsize,
      available_bytes: space.bavail * bsize,
      files: space.files,
      files_free: space.ffree,
      readonly,
      device_error: 0,
    },
    texts,
  );
};

/** Loaded where there is a network mount only: most machines have none. */
const loadRemote = async (): Promise<RemoteStatfs> => (await import('./statfs.js')).openRemoteStatfs();

/**
 * How long what is mounted is taken to be so, ms. To read the table is the dearest part of a sample, and it changes once in
 * a day; that a mount has come or gone in one of the places that are asked is mostly seen at once, by the size there.
 */
const LIST_MS = 10_000;

/** Some filesystems, as ZFS, are as large as what is free makes them. */
const isAlike = (size: number | undefined, before: number | undefined): boolean =>
  size === before || (size !== undefined && before !== undefined && Math.abs(size - before) <= 0.01 * before);

/** Local filesystems are asked here and at once; those behind a network through a child, and only then it waits. */
export const openFilesystems = (
  tree: Tree,
  statfs: (path: string) => Space = statfsSync,
  openRemote: () => Promise<RemoteStatfs> = loadRemote,
): { read: (ask: Ask) => readonly Reading[] | Promise<readonly Reading[]>; close: () => void } => {
  const { rootfs } = tree.roots;
  let table: string | undefined;
  let text: string | undefined;
  let filter: Filter | undefined;
  let own: string | undefined;
  let asked: readonly string[] | undefined;
  let places: readonly Place[] = [];
  /** When the table was read, and how large what is in each local place was then. */
  let listed = Number.NaN;
  let sizes: readonly (number | undefined)[] = [];
  let opened: Promise<RemoteStatfs> | undefined;

  /** The mounts that hold the places named. */
  const holders = (seen: string): readonly Mount[] => {
    const mounts = parseMountinfo(stripRoot(seen, ownTable(tree, table), rootfs));
    return (asked ?? []).flatMap((place) => mountOf(place, mounts) ?? []);
  };

  const spaceAt = (path: string): SpaceAnswer | undefined => {
    try {
      return answerOf(statfs(path));
    } catch {
      return undefined;
    }
  };

  const readHere = (): readonly (Row | undefined)[] =>
    places.map((place) => (place.remote ? undefined : rowOf(place, spaceAt(place.path))));

  const sizesOf = (rows: readonly (Row | undefined)[]): readonly (number | undefined)[] =>
    rows.map((row) => row?.numbers['size_bytes']);

  const readAll = async (rows: readonly (Row | undefined)[]): Promise<readonly Reading[]> => {
    const planned = places;
    opened ??= openRemote();
    const remote = await opened;
    const answers = await remote.ask(planned.filter((place) => place.remote).map(({ path }) => path));
    return [
      {
        group: filesystem,
        rows: planned.map((place, index) => rows[index] ?? rowOf(place, answers.get(place.path))),
      },
    ];
  };

  /** Whether the table can be left unread. A recorded one may be another at any time. */
  const isListed = ({ detail, filters, places: named, time = Number.NaN }: Ask): boolean =>
    !detail &&
    tree.roots.procfs === TREE_DEFAULTS.procfs &&
    time >= listed &&
    time - listed < LIST_MS &&
    filters.filesystem === filter &&
    named === asked;

  const list = ({ filters, places: named, time = Number.NaN }: Ask): void => {
    table ??= mountTable(tree);
    const now = tree.proc(table);
    const seen =
      named === undefined || named.length === 0
        ? undefined
        : (tree.procIfThere(ownTable(tree, table)) ?? now);
    if (now !== text || seen !== own || filters.filesystem !== filter || named !== asked) {
      text = now;
      own = seen;
      filter = filters.filesystem;
      asked = named;
      const mounts = parseMountinfo(stripRoot(now, table, rootfs));
      places = planPlaces(mounts, rootfs, filter, isFileAt, seen === undefined ? [] : holders(seen));
    }
    listed = time;
  };

  const listAndRead = (ask: Ask): readonly (Row | undefined)[] => {
    list(ask);
    const rows = readHere();
    sizes = sizesOf(rows);
    return rows;
  };

  const readListed = (): readonly (Row | undefined)[] | undefined => {
    const rows = readHere();
    return sizesOf(rows).every((size, index) => isAlike(size, sizes[index])) ? rows : undefined;
  };

  return {
    read: (ask) => {
      const rows = (isListed(ask) ? readListed() : undefined) ?? listAndRead(ask);
      return places.some((place) => place.remote)
        ? readAll(rows)
        : [{ group: filesystem, rows: rows as readonly Row[] }];
    },
    close: () => void opened?.then((remote) => remote.close()),
  };
};

const deriveRow = ({ id, numbers, texts }: Row): Row => {
  const { size_bytes, free_bytes, available_bytes, files, files_free } = numbers;
  const used = size_bytes === undefined || free_bytes === undefined ? undefined : size_bytes - free_bytes;
  const usedFiles = files === undefined || files_free === undefined ? undefined : files - files_free;
  const derived = {
    // df's: what is reserved for root is neither used nor to be had.
    used_percent: percent(
      used,
      used === undefined || available_bytes === undefined ? undefined : used + available_bytes,
    ),
    size_bytes,
    free_bytes,
    available_bytes,
    used_bytes: used,
    files,
    files_free,
    inodes_used_percent: percent(usedFiles, files),
    readonly: numbers['readonly'],
    device_error: numbers['device_error'],
  };
  return looseRow(id, derived, texts);
};

export const part: Part = {
  groups: [filesystem],
  linux: openFilesystems,
  portable: portableFilesystem(filesystem),
  derive: (now) => [{ group: filesystem, rows: rowsOf(now, 'filesystem').map(deriveRow) }],
};
