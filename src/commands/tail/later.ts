/** Files that appear later under a pattern. */

import type { FollowedFile } from '../../lines/follow/index.js';
import { filesOf } from './glob.js';
import type { Source } from './source.js';

/** Asked now and then: what there is that was not there before. */
export type Later = () => ReadonlyMap<FollowedFile, Source>;

export const openLater = (globs: readonly string[], sources: readonly Source[]): Later => {
  const known = new Set(sources.map(({ path }) => path));
  return () => {
    const found = new Map<FollowedFile, Source>();
    for (const path of globs.flatMap(filesOf)) {
      if (known.has(path)) continue;
      known.add(path);
      found.set({ path }, { path });
    }
    return found;
  };
};
