/** What several parts need of one sample is read once for it. */

import type { Ask } from '../core/vital.js';
import type { Tree } from './tree.js';

/**
 * Like `read`, but parts that are asked with the same Ask, which is one sample's, share what it gave. What it throws
 * is not kept.
 */
export const oncePerSample = <T>(read: (tree: Tree, ask: Ask) => T): ((tree: Tree, ask: Ask) => T) => {
  const last = new WeakMap<Tree, { readonly ask: Ask; readonly value: T }>();
  return (tree, ask) => {
    const kept = last.get(tree);
    if (kept?.ask === ask) return kept.value;
    const value = read(tree, ask);
    last.set(tree, { ask, value });
    return value;
  };
};
