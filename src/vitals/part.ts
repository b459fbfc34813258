/** How a file in this folder describes its part of the machine, for both ways of reading it. */

import type { Group } from '../core/group.js';
import type { Reading } from '../core/sample.js';
import type { Ask, Vital } from '../core/vital.js';
import type { Portable } from './portable.js';
import type { Tree } from './tree.js';

export type Read = (ask: Ask) => readonly Reading[] | Promise<readonly Reading[]>;

/** A way to read, and how to let go of what reading holds. */
export type Reader = Read | { readonly read: Read; readonly close: () => void };

export interface Part {
  readonly groups: readonly Group[];
  /** From procfs and sysfs. */
  readonly linux?: (tree: Tree) => Reader;
  /** Through systeminformation, where there is no procfs. */
  readonly portable?: (portable: Portable) => Reader;
  readonly derive?: NonNullable<Vital['derive']>;
}

/** The part as a vital, or undefined where this source cannot read it. */
export const openPart = (part: Part, source: Tree | Portable): Vital | undefined => {
  const reader = source.kind === 'linux' ? part.linux?.(source) : part.portable?.(source);
  if (reader === undefined) return undefined;
  const { groups, derive } = part;
  return { groups, ...(typeof reader === 'function' ? { read: reader } : reader), ...(derive && { derive }) };
};
