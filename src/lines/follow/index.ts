/** Follows files: every line once, in order, whole, whatever happens to their names. */

import type { Follower, FollowOptions } from './types.js';

export type { Followed, FollowedFile, Follower, FollowOptions, Happening } from './types.js';

export const openFollower = (options: FollowOptions): Follower => {
  throw new Error(`not yet: ${options.by}`);
};
