/** Which of the files that are followed by name, without retrying, are gone for good: those that were deleted, not those moved away. */

import { closeSync, fstatSync, openSync } from 'node:fs';
import type { FollowedFile, Happening } from '../../lines/follow/index.js';

export interface Names {
  readonly note: (file: FollowedFile, happening: Happening) => void;
  readonly areGone: () => boolean;
  readonly close: () => void;
}

export const openNames = (files: readonly FollowedFile[]): Names => {
  /** Each file held open, since it tells whether it has a name at all. */
  const held = new Map<FollowedFile, number>();
  const gone = new Set<FollowedFile>();
  const hold = (file: FollowedFile): void => {
    const before = held.get(file);
    if (before !== undefined) closeSync(before);
    held.delete(file);
    try {
      held.set(file, openSync(file.path, 'r'));
    } catch {
      // It is gone again, of which the follower will tell.
    }
  };
  const isDeleted = (file: FollowedFile): boolean => {
    const fd = held.get(file);
    return fd === undefined || fstatSync(fd).nlink === 0;
  };
  for (const file of files) hold(file);
  return {
    note: (file, { what }) => {
      if (what === 'untailable' || (what === 'inaccessible' && isDeleted(file))) gone.add(file);
      if (what !== 'appeared' && what !== 'accessible' && what !== 'replaced') return;
      gone.delete(file);
      hold(file);
    },
    areGone: () => files.length > 0 && gone.size === files.length,
    close: () => {
      for (const fd of held.values()) closeSync(fd);
    },
  };
};
