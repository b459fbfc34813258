/** Reading of sysfs files behind which there is a device: such a read can take long, so nobody waits for it here. */

import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import type { ReadAside, Tree } from './tree.js';

/** A sensor that does not answer says so in many ways, and is then as good as absent. */
const orUndefined = <T>(promise: Promise<T>): Promise<T | undefined> => promise.catch(() => undefined);

/** A named pipe in a tree that is not the kernel's would hold a thread, and with it the end of the process, for good. */
const AT_ONCE = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * By a thread of this process: as long as it hangs in the kernel the process cannot end by itself. In two steps, since
 * not every Node tells of one that is under way (bin/sysmon.js).
 */
export const readByThread: ReadAside = async (path) => {
  try {
    const file = await open(path, AT_ONCE);
    try {
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
};

/** Text of a file below sysfs without white space around it; undefined where it cannot be read. */
export const readSlowText = async (tree: Tree, path: string): Promise<string | undefined> => {
  const read = tree.readAside ?? readByThread;
  return (await orUndefined(read(`${tree.roots.sysfs}/${path}`)))?.trim();
};

/** A number from a file below sysfs; undefined where there is none. */
export const readSlowNumber = async (tree: Tree, path: string): Promise<number | undefined> => {
  const text = await readSlowText(tree, path);
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
};

/**
 * The devices of a class, in order; none where they cannot be listed. Which there are the kernel knows by itself: only to
 * read of one is to ask it.
 */
export const listClass = (tree: Tree, name: string): readonly string[] => {
  try {
    return [...tree.sysList(`class/${name}`)].sort();
  } catch {
    return [];
  }
};

/** Names in a folder below sysfs, in order; none where it is not there. */
export const listSlow = async (tree: Tree, path: string): Promise<readonly string[]> =>
  ((await orUndefined(readdir(`${tree.roots.sysfs}/${path}`))) ?? []).sort();

/** A path below sysfs without links in it, as the system has it; undefined where it is not there. */
export const resolveSlow = (tree: Tree, path: string): Promise<string | undefined> =>
  orUndefined(realpath(`${tree.roots.sysfs}/${path}`));
