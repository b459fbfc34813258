/** Lines of an instant vector: made, renamed, brought together. */

import { joinLines } from '../functions/lines.js';
import { type Labels, withoutName } from '../labels.js';
import type { Line, Vector } from '../value.js';

export const isEmpty = (has: Uint8Array): boolean => has.indexOf(1) < 0;

/** What a line is called after an operation that changes what its values mean. */
export const renamed = (
  { labels, dropName }: { readonly labels: Labels; readonly dropName: boolean },
  delayed: boolean,
): { readonly labels: Labels; readonly dropName: boolean } =>
  delayed ? { labels, dropName: true } : { labels: withoutName(labels), dropName };

/** One line for each set of labels, where none has two values at one step. Those without any value go. */
export const vectorOf = (lines: readonly Line[]): Vector => ({
  type: 'vector',
  lines: joinLines(lines.filter(({ has }) => !isEmpty(has))),
});
