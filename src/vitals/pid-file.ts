/** Files in which a service keeps the number of its process. */

import type { Tree } from './tree.js';

/** The PID in a file's first line; undefined where there is no such file or no number in it. */
export const readPidFile = (tree: Tree, path: string): number | undefined => {
  const pid = /^\s*(\d+)\b/.exec(tree.rootIfThere(path) ?? '')?.[1];
  return pid === undefined ? undefined : Number(pid);
};

/** Why a PID file leads to no process. Throws when it may not be read. */
export const whyNoProcess = (tree: Tree, path: string): string => {
  if (tree.rootIfThere(path) === undefined) return `there is no ${path}`;
  const pid = readPidFile(tree, path);
  return pid === undefined ? `${path} begins with no number` : `no process ${pid} runs, which ${path} names`;
};
