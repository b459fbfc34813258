/** Which mount table tells what is mounted, and by which names. */

import type { Mount } from './mounts.js';
import { parseMountinfo } from './mounts.js';
import type { Tree } from './tree.js';

/** The filesystem that a mount table has at its root. */
const rootNumber = (text: string): string | undefined =>
  parseMountinfo(text).find(({ mountpoint }) => mountpoint === '/')?.number;

/**
 * The mount table to read. The first process sees the machine's; a service in a sandbox has one of its own, with much
 * of it read-only. But where the first process has another root than we, as in a container that sees its host's
 * processes, its mount points are not to be found from here.
 */
export const mountTable = (tree: Tree): string => {
  const machine = '1/mountinfo';
  const own = 'self/mountinfo';
  let first: string;
  try {
    first = tree.proc(machine);
  } catch {
    return own; // Not ours to read.
  }
  if (tree.roots.procfs !== '/proc' || tree.roots.rootfs !== '/') return machine;
  const ownText = tree.procIfThere(own);
  return ownText === undefined || rootNumber(first) === rootNumber(ownText) ? machine : own;
};

/** Where the machine's root is mounted below another one, its mount points are told without that prefix. */
export const stripRoot = (text: string, table: string, folder: string): string => {
  const rootfs = folder.replace(/\/+$/, '');
  if (table.startsWith('1/') || rootfs === '') return text;
  const lines = text.split('\n').flatMap((line) => {
    const columns = line.split(' ');
    const mountpoint = columns[4] ?? '';
    if (mountpoint !== rootfs && !mountpoint.startsWith(`${rootfs}/`)) return [];
    columns[4] = mountpoint.slice(rootfs.length) || '/';
    return columns.join(' ');
  });
  return lines.join('\n');
};

/** The table of the mounts that a path is looked up by from here: in a sandbox it is another than the machine's. */
export const ownTable = (tree: Tree, table = mountTable(tree)): string =>
  tree.roots.procfs === '/proc' && tree.roots.rootfs === '/' ? 'self/mountinfo' : table;

/** What is mounted as it is seen from here, by the names that the machine has for it. Throws where there is no table. */
export const readMounts = (tree: Tree): readonly Mount[] => {
  const table = ownTable(tree);
  return parseMountinfo(stripRoot(tree.proc(table), table, tree.roots.rootfs));
};
