/** What a search and its worker threads say to each other. */

import type { UserErrorOptions } from '../../exit.js';
import type { SearchPlan, Traits } from './plan.js';
import type { RangedFile } from './ranges.js';
import type { Tallies } from './read-lines.js';

export interface CrewTask {
  readonly plan: SearchPlan;
  readonly file: RangedFile;
  readonly name: string;
  readonly traits: Traits | undefined;
  /** Int32 numbers that all threads see, by SLOT. */
  readonly shared: SharedArrayBuffer;
  /** For this worker's output. */
  readonly pieces: SharedArrayBuffer;
}

export const SLOT = {
  /** The next range that nobody has taken. */
  next: 0,
  /** Not 0: nothing more is wanted. */
  stop: 1,
} as const;

export const SLOTS = Object.keys(SLOT).length;

export type CrewMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'piece'; readonly range: number; readonly slot: number; readonly length: number }
  /** A UserError. */
  | { readonly kind: 'failed'; readonly text: string; readonly options: UserErrorOptions }
  /** Nothing is left to do. */
  | { readonly kind: 'over'; readonly tallies: Tallies }
  | { readonly kind: 'done'; readonly range: number; readonly count: number };
