/** The attributes of devices below sysfs, kept open from one reading to the next: to open and close is more than half of what one costs. */

import { closeSync, openSync, statSync } from 'node:fs';
import { readAttribute, TREE_DEFAULTS, type Tree, unlessAbsent } from './tree.js';

/** Text of an attribute of a device; undefined where it has none of this name, or it means nothing now. */
export type AttributeText = (name: string) => string | undefined;

/** A device in its folder, and what is open of it. */
interface Device {
  /** The kernel's number of the folder, which since Linux 4.14 no other gets soon (fs/kernfs/dir.c). */
  readonly inode: number;
  readonly files: Map<string, number>;
  /** Whether something was opened since it was last seen that the folder is still this one. */
  opened: boolean;
}

/** A host of containers may have hundreds of devices; processes are kept open as well, and 1024 files may be all there can be. */
const MOST_KEPT = 8;

/** No file can be opened any more: in this process, or on this machine. */
const isFull = (error: unknown): boolean =>
  ['EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException).code ?? '');

const closeAll = ({ files }: Device): void => {
  const fds = [...files.values()];
  files.clear();
  for (const fd of fds) closeSync(fd);
};

export interface DeviceAttributes {
  /** Those of the device that is in a folder below sysfs now. */
  readonly of: (folder: string) => AttributeText;
  /** Ends a reading of all devices: lets go of those that were not asked for in it, and of any that may be another by now. */
  readonly tidy: () => void;
  readonly close: () => void;
}

/** Keeps nothing open of a recorded tree, whose files may be others tomorrow. */
export const openDeviceAttributes = (tree: Tree): DeviceAttributes => {
  const { sysfs } = tree.roots;
  const isReal = sysfs === TREE_DEFAULTS.sysfs;
  const devices = new Map<string, Device>();
  const asked = new Set<string>();
  let hasRoom = true;

  const inodeOf = (folder: string): number | undefined =>
    unlessAbsent(() => statSync(`${sysfs}/${folder}`, { throwIfNoEntry: false })?.ino);

  const forget = (folder: string): void => {
    const device = devices.get(folder);
    devices.delete(folder);
    if (device !== undefined) closeAll(device);
  };

  const close = (): void => {
    for (const folder of [...devices.keys()]) forget(folder);
  };

  const open = (folder: string, name: string, device: Device): number => {
    const fd = openSync(`${sysfs}/${folder}/${name}`, 'r');
    device.files.set(name, fd);
    device.opened = true;
    return fd;
  };

  const readNew =
    (folder: string): AttributeText =>
    (name) =>
      tree.sysIfThere(`${folder}/${name}`);

  const readKept =
    (folder: string, device: Device): AttributeText =>
    (name) => {
      if (!hasRoom) return readNew(folder)(name);
      try {
        return unlessAbsent(() => readAttribute(device.files.get(name) ?? open(folder, name, device)));
      } catch (error) {
        if (!isFull(error)) throw error;
        // Others need them more.
        hasRoom = false;
        close();
        return readNew(folder)(name);
      }
    };

  return {
    of: (folder) => {
      if (!isReal || !hasRoom) return readNew(folder);
      asked.add(folder);
      // What is open goes on to mean the same device, whatever it is called by now and whichever has its name.
      const inode = inodeOf(folder);
      const known = devices.get(folder);
      if (known !== undefined && known.inode === inode) return readKept(folder, known);
      forget(folder);
      if (inode === undefined || devices.size >= MOST_KEPT) return readNew(folder);
      const device = { inode, files: new Map<string, number>(), opened: false };
      devices.set(folder, device);
      return readKept(folder, device);
    },
    tidy: () => {
      for (const [folder, device] of [...devices]) {
        if (!asked.has(folder) || (device.opened && inodeOf(folder) !== device.inode)) forget(folder);
        device.opened = false;
      }
      asked.clear();
    },
    close,
  };
};
