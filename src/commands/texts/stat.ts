/** What stands at a path, for those who go on without it. */

import { type Stats, statSync } from 'node:fs';

/**
 * Undefined where nothing is there, or the system does not say what: no permission, a link in a circle, a name that is too long. Who opens it is
 * told why.
 */
export const statOf = (path: string): Stats | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
};
