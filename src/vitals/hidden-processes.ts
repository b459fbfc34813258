/** Whether procfs shows us all processes: mounted with hidepid, it keeps those of others from all but root. */

import { statSync } from 'node:fs';
import type { ProcessTable } from './process-table.js';
import type { Tree } from './tree.js';

/** How much of the processes we see: `listed` where we know of all, but may not look at some. */
export type Sight = 'all' | 'listed' | 'some';

/** Only the kernel's own files have no size. A recorded tree has the processes that were recorded. */
const isRecorded = (tree: Tree): boolean =>
  statSync(`${tree.roots.procfs}/stat`, { throwIfNoEntry: false })?.size !== 0;

/** With hidepid=1 others are listed and refused. With 2 they are not even listed, and so not the first, which is always there. */
export const sightOf = (tree: Tree, { processes, hidden }: ProcessTable): Sight => {
  if (hidden > 0) return 'listed';
  for (let at = 0; at < processes.length; at++) if (processes[at]?.pid === 1) return 'all';
  return isRecorded(tree) ? 'all' : 'some';
};
