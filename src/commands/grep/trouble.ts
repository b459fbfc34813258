/** Messages, and whether there was reason for one. */

import { clean } from '../../core/clean.js';
import type { World } from '../../world.js';
import { reasonOf } from '../texts/reasons.js';

export interface Trouble {
  readonly say: (text: string) => void;
  /** What the system said about a file. */
  readonly about: (path: string, error: unknown) => void;
  readonly isThere: () => boolean;
}

/** Without `messages` it is noted all the same. */
export const openTrouble = ({ messages }: { readonly messages: boolean }, { stderr }: World): Trouble => {
  let isThere = false;
  const say = (text: string): void => {
    isThere = true;
    if (messages) stderr.write(`sysmon grep: ${clean(text)}\n`);
  };
  return { say, about: (path, error) => say(`${path}: ${reasonOf(error)}`), isThere: () => isThere };
};
