/** The mount table: what is mounted, which of it is a filesystem of the machine, and which of those a person means. */

import { letIn } from '../core/pattern.js';
import type { Filter } from '../core/vital.js';

export interface Mount {
  readonly mountpoint: string;
  /** What is mounted, as it was named to mount(8): `/dev/vda`, `server:/export`, `tmpfs`. */
  readonly device: string;
  readonly fstype: string;
  /** Part of the filesystem that is seen here: `/` unless this is a bind mount or a subvolume. */
  readonly root: string;
  /** `major:minor` of the filesystem. */
  readonly number: string;
  readonly readonly: boolean;
}

/** Space, tab, newline, backslash and `#` are octal in the table (proc_pid_mountinfo(5)). */
const unescapeOctal = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)))
    : text;

const isReadonly = (options: string | undefined): boolean => (options ?? '').split(',').includes('ro');

/** Text of mountinfo → its mounts; of several on one mount point the last, which is the one that is seen. */
export const parseMountinfo = (text: string): readonly Mount[] => {
  const mounts = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    const columns = line.split(' ');
    const dash = columns.indexOf('-', 6);
    const [, , number, root, mountpoint, options] = columns;
    if (dash < 0 || number === undefined || root === undefined || mountpoint === undefined) continue;
    const place = unescapeOctal(mountpoint);
    mounts.delete(place);
    mounts.set(place, {
      mountpoint: place,
      device: unescapeOctal(columns[dash + 2] ?? ''),
      fstype: columns[dash + 1] ?? '',
      root: unescapeOctal(root),
      number,
      // The mount can be read-only, or the whole filesystem, as after an error.
      readonly: isReadonly(options) || isReadonly(columns[dash + 3]),
    });
  }
  return [...mounts.values()];
};

/** The types node_exporter leaves out by default: not filesystems on anything, or images that are always full. */
const LEFT_OUT_TYPES = new Set(
  (
    'autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs fusectl hugetlbfs iso9660 mqueue nsfs ' +
    'overlay proc procfs pstore rpc_pipefs securityfs selinuxfs squashfs sysfs tracefs'
  ).split(' '),
);

/**
 * The folders Debian's node_exporter leaves out, but for /mnt, /media and /run/media: there people mount their own
 * disks, and a full one must not go unseen.
 */
const LEFT_OUT_FOLDERS =
  /^\/(dev|proc|run(?!\/media\/)|sys|var\/lib\/docker\/.+|var\/lib\/containers\/storage\/.+)($|\/)/;

const MEMORY_TYPES = new Set(['tmpfs', 'ramfs', 'rootfs']);

const isPlace = ({ mountpoint, fstype }: Mount): boolean =>
  !LEFT_OUT_FOLDERS.test(mountpoint) && !(MEMORY_TYPES.has(fstype) && /^\/(mnt|media)\//.test(mountpoint));

/** In a container the root is an overlay: all the space there is. */
const isRealType = ({ mountpoint, fstype }: Mount): boolean =>
  !LEFT_OUT_TYPES.has(fstype) || (fstype === 'overlay' && mountpoint === '/');

/** The mounts to collect: those that `only` names, whatever they are; else the real ones, but for those that `except` names. */
export const chooseMounts = (mounts: readonly Mount[], filter: Filter | undefined): readonly Mount[] => {
  const isIn = letIn(filter);
  return mounts.filter(
    (mount) =>
      isIn(mount.mountpoint) && (filter?.only !== undefined || (isPlace(mount) && isRealType(mount))),
  );
};

/** Types whose statfs can wait for another machine or a daemon, perhaps for ever. */
const REMOTE_TYPES = new Set(
  (
    'nfs nfs4 cifs smb3 smbfs 9p virtiofs ceph glusterfs afs auristorfs ncpfs ncp davfs coda lustre gfs gfs2 ocfs2 gpfs ' +
    'beegfs orangefs pvfs2 panfs prl_fs vboxsf vmhgfs acfs'
  ).split(' '),
);

/** A daemon answers for every FUSE filesystem. `fuseblk` (NTFS) is one on a local disk. */
export const isRemote = (fstype: string): boolean =>
  REMOTE_TYPES.has(fstype) || fstype === 'fuse' || fstype.startsWith('fuse.');

/** The mount that a path lies on, by the table alone. */
export const mountOf = (path: string, mounts: readonly Mount[]): Mount | undefined => {
  let nearest: Mount | undefined;
  for (const mount of mounts) {
    const { mountpoint } = mount;
    const holds = path === mountpoint || path.startsWith(mountpoint === '/' ? '/' : `${mountpoint}/`);
    if (holds && mountpoint.length >= (nearest?.mountpoint.length ?? 0)) nearest = mount;
  }
  return nearest;
};

/** Whether a path is on a network mount, by the table alone: to look would be to wait for the network. */
export const isBehindNetwork = (path: string, mounts: readonly Mount[]): boolean => {
  const mount = mountOf(path, mounts);
  return mount !== undefined && isRemote(mount.fstype);
};

const IMAGE_TYPES =
  /^(squashfs|iso9660|udf|erofs|cramfs|romfs|fuse\.(snapfuse|squashfuse(_ll)?|fuseiso|.*appimage))$/i;

/** Read-only and full by nature: snaps, CDs, and the root of systems that boot from an image. */
const isImage = ({ fstype, device, readonly }: Mount): boolean =>
  IMAGE_TYPES.test(fstype) ||
  (readonly && (fstype === 'overlay' || device === 'composefs' || device.startsWith('/dev/loop')));

const CONTAINER_FOLDERS =
  /^\/var\/(lib|snap\/.+)\/(kubelet|docker|containers|containerd|lxc|lxd|incus|machines)\//;

/** A device can be mounted in many places, and a filesystem without one is known by its number. */
const sourceOf = ({ device, number }: Mount): string => (device.startsWith('/dev/') ? device : number);

/** Whether `a` stands for their common device rather than `b`: the whole before a part, then the shorter way there. */
const isBetter = (a: Mount, b: Mount): boolean =>
  a.root === '/' && b.root !== '/'
    ? true
    : a.root !== '/' && b.root === '/'
      ? false
      : a.mountpoint.length < b.mountpoint.length;

/** Which mounts are not a person's own disks, and why. `isFile` is asked about bind mounts only. */
export const asides = (
  mounts: readonly Mount[],
  isFile: (mount: Mount) => boolean,
): ReadonlyMap<Mount, string> => {
  const found = new Map<Mount, string>();
  const best = new Map<string, Mount>();
  for (const mount of mounts) {
    const { fstype, mountpoint, root } = mount;
    const source = sourceOf(mount);
    const rival = best.get(source);
    if (isImage(mount)) found.set(mount, 'image');
    else if (fstype === 'overlay' && mountpoint !== '/') found.set(mount, 'container');
    else if (MEMORY_TYPES.has(fstype) && CONTAINER_FOLDERS.test(mountpoint)) found.set(mount, 'container');
    else if (root !== '/' && !isRemote(fstype) && isFile(mount)) found.set(mount, 'file');
    else if (rival === undefined) best.set(source, mount);
    else if (isBetter(mount, rival)) {
      best.set(source, mount);
      found.set(rival, 'repeat');
    } else found.set(mount, 'repeat');
  }
  return found;
};
