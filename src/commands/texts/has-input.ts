/** Whether standard input is meant where no file is named. */

import { fstatSync } from 'node:fs';
import type { World } from '../../world.js';

/** Whether something else than a terminal or /dev/null stands at standard input. */
export const hasInput = ({ stdinDescriptor }: World): boolean => {
  if (stdinDescriptor === undefined) return false;
  try {
    const stat = fstatSync(stdinDescriptor);
    return stat.isFile() || stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
};
