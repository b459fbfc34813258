/** What processes are called that may have been meant by a name that none has. */

import type { Tree } from './tree.js';

/** The command in parentheses; it may hold any. */
const nameIn = (stat: string): string => stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));

/** Whether the same word stands first, whatever its case: `tmux` in `tmux: server`, `Xorg` for `xorg`. */
const isLike = (name: string, wanted: string): boolean =>
  name.toLowerCase().startsWith(wanted.toLowerCase()) && !/^\w/.test(name.slice(wanted.length));

/** Names of processes that begin with the word, each once. Reads all processes. */
export const namesLike = (tree: Tree, wanted: string): readonly string[] => {
  const names = new Set<string>();
  for (const pid of tree.procList('.')) {
    if (!/^\d+$/.test(pid)) continue;
    const stat = tree.procIfThere(`${pid}/stat`);
    const name = stat === undefined ? '' : nameIn(stat);
    if (name !== wanted && isLike(name, wanted)) names.add(name);
  }
  return [...names];
};
