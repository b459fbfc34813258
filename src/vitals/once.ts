/** What several parts need of one sample is read once for it. */

import type { Ask } from '../core/vital.js';
import type { Tree } from './tree.js';

/**
 * Like `read`, but parts that are asked with the same Ask, which is one sample's, share what it gave. What it throws
 * is not kept.
 */
export const oncePerSample = <T>(read: (tree: Tree, ask: Ask) => T): ((tree: Tree, ask: Ask) => T) => {
  const last = new WeakMap<Tree, { ask: Ask; value: T }>();
  return (tree, ask) => {
    const kept = last.get(tree);
    if (kept?.ask === ask) return kept.value;
    const value = read(tree, ask);
    if (kept === undefined) last.set(tree, { ask, value });
    else {
      kept.ask = ask;
      kept.value = value;
    }
    return value;
  };
};

/**
 * Like `read`, but shared between parts and kept until the next sample that has the detail: for what hardly ever changes
 * and is dear to find out. What it throws is not kept.
 */
export const oncePerDetail = <T>(read: (tree: Tree, ask: Ask) => T): ((tree: Tree, ask: Ask) => T) => {
  const last = new WeakMap<Tree, { readonly ask: Ask; readonly value: T }>();
  return (tree, ask) => {
    const kept = last.get(tree);
    if (kept !== undefined && (kept.ask === ask || !ask.detail)) return kept.value;
    const value = read(tree, ask);
    last.set(tree, { ask, value });
    return value;
  };
};
