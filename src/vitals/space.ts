/** What a filesystem says of its space. */

import type { StatsFs } from 'node:fs';

/** What statfs(2) says, in blocks of `bsize` bytes. As doubles: products round as node_exporter's do. */
export type Space = Pick<StatsFs, 'bsize' | 'blocks' | 'bfree' | 'bavail' | 'files' | 'ffree'>;

/** `refused` where a mount tells others, but not us. */
export type SpaceAnswer = Space | 'refused';

/**
 * What a statfs that worked tells. Not even how large a block is: so the kernel answers for a FUSE mount that lets in none
 * but its own user, whoever asks, root too (fuse_statfs in the kernel's fs/fuse/inode.c, without `allow_other`).
 */
export const answerOf = (space: Space): SpaceAnswer => (space.bsize === 0 ? 'refused' : space);
