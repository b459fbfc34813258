/** count_values: how often each value is there, with the value as a label. */

import { goFloat } from '../../core/go-float.js';
import type { Aggregate } from '../ast.js';
import { EvaluationError } from '../functions.js';
import { type Labels, withLabel } from '../labels.js';
import { quote } from '../strings.js';
import type { Vector } from '../value.js';
import { groupingOf } from './aggregate.js';
import { checkSize } from './steps.js';

interface Counted {
  readonly labels: Labels;
  readonly dropName: boolean;
  readonly values: Float64Array;
  readonly has: Uint8Array;
}

/** Any UTF-8 is a name. What is none has become replacement characters, and is told as it was written. */
const checkName = (label: string, written: string): void => {
  if (label !== '' && !label.includes('\ufffd')) return;
  throw new EvaluationError(`invalid label name ${label === '' ? quote(label) : written}`);
};

export const countValues = (
  node: Aggregate,
  vector: Vector,
  { label, written }: { readonly label: string; readonly written: string },
  count: number,
): Vector => {
  checkName(label, written);
  const { without, grouping } = node;
  const labelsFor = groupingOf({ without, grouping: without ? grouping : [...grouping, label] });
  const groups = new Map<string, Counted>();
  for (const line of vector.lines) {
    const known = new Map<number, Counted>();
    for (let step = 0; step < count; step++) {
      if (!line.has[step]) continue;
      const value = line.values[step] as number;
      let group = known.get(value);
      if (group === undefined) {
        checkSize((groups.size + 1) * count);
        const labels = labelsFor(withLabel(line.labels, label, goFloat(value, 'f')));
        group = groups.get(labels.key) ?? {
          labels,
          dropName: line.dropName,
          values: new Float64Array(count),
          has: new Uint8Array(count),
        };
        groups.set(labels.key, group);
        known.set(value, group);
      }
      group.values[step] = (group.values[step] as number) + 1;
      group.has[step] = 1;
    }
  }
  return { type: 'vector', lines: [...groups.values()] };
};
