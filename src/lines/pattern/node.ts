/** What a pattern means, apart from how it is written. */

import type { CharSet } from './charset.js';

/** What must hold between two characters. The last two are what `-w` asks for. */
export type Place =
  | 'line-start'
  | 'line-end'
  | 'boundary'
  | 'no-boundary'
  | 'word-start'
  | 'word-end'
  | 'no-word-before'
  | 'no-word-after';

export type Node =
  | { readonly kind: 'set'; readonly set: CharSet }
  /** One after the other; none is the empty match. */
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  /** Any of them, the first preferred. */
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | {
      readonly kind: 'repeat';
      readonly body: Node;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly kind: 'group'; readonly body: Node; readonly index: number }
  | { readonly kind: 'back'; readonly index: number }
  | { readonly kind: 'place'; readonly place: Place };

export const EMPTY: Node = { kind: 'sequence', parts: [] };

export const sequenceOf = (parts: readonly Node[]): Node => {
  const flat = parts.flatMap((part) => (part.kind === 'sequence' ? part.parts : [part]));
  return flat.length === 1 ? (flat[0] as Node) : { kind: 'sequence', parts: flat };
};

export const choiceOf = (options: readonly Node[]): Node =>
  options.length === 1 ? (options[0] as Node) : { kind: 'choice', options };

/** Whether something of a kind is anywhere in it. */
export const contains = (node: Node, is: (node: Node) => boolean): boolean => {
  if (is(node)) return true;
  switch (node.kind) {
    case 'sequence':
      return node.parts.some((part) => contains(part, is));
    case 'choice':
      return node.options.some((option) => contains(option, is));
    case 'repeat':
    case 'group':
      return contains(node.body, is);
    default:
      return false;
  }
};
