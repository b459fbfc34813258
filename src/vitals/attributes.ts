/** The attributes of a device below sysfs, kept open from one reading to the next: to open and close is more than half of what one costs. */

import { closeSync, openSync, statSync } from 'node:fs';
import { readAttribute, TREE_DEFAULTS, type Tree, unlessAbsent } from './tree.js';

export interface Attributes {
  /** Text of the attribute; undefined where the device has none of this name, or it means nothing now. */
  readonly text: (name: string) => string | undefined;
  readonly close: () => void;
}

/** What the kernel says of an attribute that was opened when the device has gone since (fs/kernfs/file.c). */
const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENODEV';

const keepOpen = (folder: string): Attributes => {
  const kept = new Map<string, number>();
  const open = (name: string): number => {
    const fd = openSync(`${folder}/${name}`, 'r');
    kept.set(name, fd);
    return fd;
  };
  const close = (): void => {
    for (const fd of kept.values()) closeSync(fd);
    kept.clear();
  };
  const text = (name: string): string => {
    try {
      return readAttribute(kept.get(name) ?? open(name));
    } catch (error) {
      if (isGone(error)) close();
      throw error;
    }
  };
  return { text: (name) => unlessAbsent(() => text(name)), close };
};

const readEach = (tree: Tree, folder: string): Attributes => ({
  text: (name) => tree.sysIfThere(`${folder}/${name}`),
  close: () => {},
});

interface Device {
  /** The kernel's number of the folder, which no other gets (fs/kernfs/dir.c). */
  readonly inode: number;
  readonly attributes: Attributes;
}

/** Devices whose attributes are kept open: a host of containers may have hundreds, and others want files too. */
const MOST_KEPT = 16;

export interface DeviceAttributes {
  /** Those of the device that is in a folder below sysfs now. */
  readonly of: (folder: string) => Attributes;
  /** Lets go of all devices but those that were asked for since the last time. */
  readonly tidy: () => void;
  readonly close: () => void;
}

/** Keeps nothing open of a recorded tree, whose files may be others tomorrow. */
export const openDeviceAttributes = (tree: Tree): DeviceAttributes => {
  const isReal = tree.roots.sysfs === TREE_DEFAULTS.sysfs;
  const devices = new Map<string, Device>();
  const asked = new Set<string>();
  const forget = (folder: string): void => {
    devices.get(folder)?.attributes.close();
    devices.delete(folder);
  };
  return {
    of: (folder) => {
      if (!isReal) return readEach(tree, folder);
      const place = `${tree.roots.sysfs}/${folder}`;
      asked.add(folder);
      // What is open goes on to mean the same device, whatever it is called by now and whichever has its name.
      const inode = statSync(place, { throwIfNoEntry: false })?.ino;
      const known = devices.get(folder);
      if (known !== undefined && known.inode === inode) return known.attributes;
      forget(folder);
      if (inode === undefined || devices.size >= MOST_KEPT) return readEach(tree, folder);
      const attributes = keepOpen(place);
      devices.set(folder, { inode, attributes });
      return attributes;
    },
    tidy: () => {
      for (const folder of [...devices.keys()]) if (!asked.has(folder)) forget(folder);
      asked.clear();
    },
    close: () => {
      for (const folder of [...devices.keys()]) forget(folder);
    },
  };
};
