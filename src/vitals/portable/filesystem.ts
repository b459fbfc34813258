/** Space of the mounted filesystems through systeminformation, which asks df, or WMI on Windows. */

import type { Group } from '../../core/group.js';
import { known } from '../../core/rates.js';
import type { Row } from '../../core/sample.js';
import { row } from '../../core/sample.js';
import type { Ask, Filter } from '../../core/vital.js';
import { asides, chooseMounts, type Mount } from '../mounts.js';
import type { Portable } from '../portable.js';
import { type Fields, numberAt, objectsOf, textAt } from './fields.js';

/**
 * Whether it is read-only. On Linux systeminformation keeps one flag for a device however often it is mounted, and
 * says false for what is not on a device; on macOS the latter too.
 */
const readonlyOf = (fs: Fields, platform: string): boolean | undefined => {
  const rw = fs['rw'];
  const told = platform === 'win32' || (platform === 'darwin' && textAt(fs, 'fs')?.startsWith('/dev/'));
  return told && typeof rw === 'boolean' ? !rw : undefined;
};

const mountOf = (fs: Fields, platform: string): Mount | undefined => {
  const mountpoint = textAt(fs, 'mount');
  const device = textAt(fs, 'fs') ?? '';
  const type = textAt(fs, 'type') ?? '';
  if (mountpoint === undefined) return undefined;
  const fstype = platform === 'darwin' ? type.toLowerCase() : type;
  return {
    mountpoint,
    device,
    fstype,
    root: '/',
    number: device,
    readonly: readonlyOf(fs, platform) ?? false,
  };
};

/** The volumes of one APFS container share its space: `/dev/disk3s1s1` and `/dev/disk3s5` are both `/dev/disk3`. */
const container = ({ device, fstype }: Mount): string =>
  fstype === 'apfs' ? device.replace(/^(\/dev\/disk\d+)(s\d+)+$/, '$1') : device;

/** Full and unwritable by nature: mounted disk images on macOS, CDs on Windows. */
const isImage = ({ fstype, mountpoint, readonly }: Mount, platform: string): boolean =>
  platform === 'darwin' ? readonly && mountpoint !== '/' : /^(cdfs|udf)$/i.test(fstype);

const numbersOf = (fs: Fields, { fstype }: Mount, platform: string): Record<string, number> => {
  const size_bytes = numberAt(fs, 'size');
  const used = numberAt(fs, 'used');
  const available_bytes = numberAt(fs, 'available');
  const readonly = readonlyOf(fs, platform);
  // df counts as used what this volume of the container uses; what its siblings use is not free either.
  const shared = fstype === 'apfs' ? available_bytes : undefined;
  return known({
    size_bytes,
    free_bytes: shared ?? (size_bytes === undefined || used === undefined ? undefined : size_bytes - used),
    available_bytes,
    readonly: readonly === undefined ? undefined : Number(readonly),
  });
};

/** Why some of the mounts are not a person's own disks. */
const portableAsides = (mounts: readonly Mount[], platform: string): ReadonlyMap<Mount, string> => {
  const images = mounts.filter((mount) => isImage(mount, platform));
  const disks = mounts.filter((mount) => !images.includes(mount));
  const found = new Map(images.map((mount) => [mount, 'image']));
  const stands = new Map(disks.map((mount) => [{ ...mount, device: container(mount) }, mount]));
  for (const [stand, why] of asides([...stands.keys()], () => false))
    found.set(stands.get(stand) as Mount, why);
  return found;
};

/**
 * Result of `fsSize()` → raw rows of the mounts that are let in. Throws where it is no list, or an empty one: then df
 * failed.
 */
export const filesystemRows = (
  answer: unknown,
  platform: string,
  filter: Filter | undefined,
): readonly Row[] => {
  const found = new Map<Mount, Fields>();
  for (const fs of objectsOf(answer)) {
    const mount = mountOf(fs, platform);
    if (mount !== undefined) found.set(mount, fs);
  }
  if (found.size === 0) throw new Error('the system lists no filesystem');
  const chosen = chooseMounts([...found.keys()], filter);
  // What is asked for by name is meant.
  const aside = filter?.only === undefined ? portableAsides(chosen, platform) : new Map<Mount, string>();
  return chosen.map((mount) => {
    const { mountpoint, device, fstype } = mount;
    const why = aside.get(mount);
    const texts = why === undefined ? { device, fstype } : { device, fstype, aside: why };
    return row([mountpoint], numbersOf(found.get(mount) as Fields, mount, platform), texts);
  });
};

export const portableFilesystem =
  (filesystem: Group) =>
  ({ ask, platform }: Portable) =>
  async ({ filters }: Ask) => [
    { group: filesystem, rows: filesystemRows(await ask('fsSize'), platform, filters.filesystem) },
  ];
