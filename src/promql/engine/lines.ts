/** Lines of an instant vector: made, renamed, brought together. */

import { joinLines, SAME_LABELSET } from '../functions/lines.js';
import { EvaluationError } from '../functions.js';
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

/**
 * The same where Prometheus looks at whole series and not at each step: after functions of range vectors and a minus. There, if
 * names go at once, two series that came to the same labels are refused though they never meet.
 */
export const vectorOfSeries = (lines: readonly Line[], delayed: boolean): Vector => {
  const vector = vectorOf(lines);
  if (!delayed && vector.lines.length < lines.filter(({ has }) => !isEmpty(has)).length)
    throw new EvaluationError(SAME_LABELSET);
  return vector;
};
