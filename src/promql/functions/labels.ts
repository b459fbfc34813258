/** label_replace and label_join: the same values under other labels. */

import { type Context, EvaluationError, type Implementation } from '../functions.js';
import { type Labels, labelOf, METRIC_NAME, withLabel } from '../labels.js';
import { compileRegexp, expand, type Regexp, RegexpError } from '../regexp.js';
import type { Line, Value, Vector } from '../value.js';
import { textOf, vectorOf } from './lines.js';

/** Any UTF-8 is a name. What is none has become replacement characters on the way. */
const isName = (name: string): boolean => name !== '' && !name.includes('\ufffd');

/** Whoever sets the name anew wants it to stay. */
const relabelled = (line: Line, label: string, labels: Labels): Line => ({
  ...line,
  labels,
  dropName: line.dropName && label !== METRIC_NAME,
});

const regexpOf = (pattern: string): Regexp => {
  try {
    return compileRegexp(pattern);
  } catch (error) {
    if (!(error instanceof RegexpError)) throw error;
    throw new EvaluationError(`invalid regular expression in label_replace(): ${pattern}`);
  }
};

const labelReplace = (args: readonly Value[], _context: Context): Vector => {
  const [label, template, source, pattern] = [1, 2, 3, 4].map((index) => textOf(args, index)) as [
    string,
    string,
    string,
    string,
  ];
  const { match, names } = regexpOf(pattern);
  if (!isName(label))
    throw new EvaluationError(`invalid destination label name in label_replace(): ${label}`);
  const lines = vectorOf(args, 0).lines.map((line) => {
    const matched = match(labelOf(line.labels, source));
    if (matched === undefined) return line;
    return relabelled(line, label, withLabel(line.labels, label, expand(template, matched, names)));
  });
  return { type: 'vector', lines };
};

const labelJoin = (args: readonly Value[], _context: Context): Vector => {
  const label = textOf(args, 1);
  const separator = textOf(args, 2);
  const sources = args.slice(3).map((_, index) => textOf(args, index + 3));
  for (const source of sources)
    if (!isName(source)) throw new EvaluationError(`invalid source label name in label_join(): ${source}`);
  if (!isName(label)) throw new EvaluationError(`invalid destination label name in label_join(): ${label}`);
  const lines = vectorOf(args, 0).lines.map((line) => {
    const value = sources.map((source) => labelOf(line.labels, source)).join(separator);
    return relabelled(line, label, withLabel(line.labels, label, value));
  });
  return { type: 'vector', lines };
};

export const labelFunctions: Readonly<Record<string, Implementation>> = {
  label_join: { kind: 'whole', call: labelJoin },
  label_replace: { kind: 'whole', call: labelReplace },
};
