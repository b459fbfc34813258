/** Arithmetic and comparison between two vectors. At each step it is as if that step were the only one: what is wrong with labels matters only where values meet. */

import type { Binary, Matching } from '../ast.js';
import { EvaluationError } from '../functions.js';
import { type Labels, labelOf, onlyLabels, withLabel, withoutLabels, withoutName } from '../labels.js';
import type { Line, Vector } from '../value.js';
import { renamed, vectorOf } from './lines.js';
import { isComparison, operation } from './operators.js';
import { groupBy, matchedLabels } from './signature.js';
import { labelsText } from './text.js';

/** Where any of them has a value. */
const anywhere = (lines: readonly Line[], count: number): Uint8Array => {
  const has = new Uint8Array(count);
  for (const line of lines) for (let step = 0; step < count; step++) if (line.has[step]) has[step] = 1;
  return has;
};

/** What makes an answer impossible. Of several it is the first step's that is told. */
interface Clash {
  readonly step: number;
  readonly message: string;
}

/** On the side of which there may be one only, two values of a group at one step are an error, matched or not. */
const duplicateAmong = (
  one: readonly Line[],
  groups: Map<string, Line[]>,
  many: readonly Line[],
  side: 'left' | 'right',
  matched: (labels: Labels) => Labels,
): Clash | undefined => {
  let asked: Uint8Array | undefined;
  let found: (Clash & { readonly place: number }) | undefined;
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const count = (group[0] as Line).has.length;
    asked ??= anywhere(many, count);
    const holder = new Array<Line | undefined>(count);
    for (const line of group) {
      for (let step = 0; step < count; step++) {
        if (!line.has[step] || !asked[step]) continue;
        const other = holder[step];
        holder[step] = line;
        if (other === undefined) continue;
        const place = one.indexOf(line);
        if (found !== undefined && (step - found.step || place - found.place) >= 0) break;
        const which = labelsText(matched(line.labels));
        const message =
          `found duplicate series for the match group ${which} on the ${side} hand-side of the operation: ` +
          `[${labelsText(line.labels)}, ${labelsText(other.labels)}]` +
          ';many-to-many matching not allowed: matching labels must be unique on one side';
        found = { step, place, message };
        break;
      }
    }
  }
  return found;
};

/** Labels of the result: those of the side that may have many, with the labels included from the other. */
const resultLabels = (matching: Matching, dropsName: boolean): ((many: Labels, one: Labels) => Labels) => {
  const names = new Set(matching.labels);
  return (many, one) => {
    let labels = dropsName ? withoutName(many) : many;
    if (matching.card === 'one-to-one')
      labels = matching.on ? onlyLabels(labels, names) : withoutLabels(labels, names);
    for (const name of matching.include) labels = withLabel(labels, name, labelOf(one, name));
    return labels;
  };
};

const ONE_TO_ONE: Matching = { card: 'one-to-one', labels: [], on: false, include: [] };

/** Marks steps as taken by a result. The first that is taken already, or -1. */
const take = (taken: Uint8Array, has: Uint8Array): number => {
  for (let step = 0; step < has.length; step++) {
    if (!has[step]) continue;
    if (taken[step]) return step;
    taken[step] = 1;
  }
  return -1;
};

const EXPLICIT =
  'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)';
const UNIQUE = 'multiple matches for labels: grouping labels must ensure unique matches';

export const matchVectors = (
  { operator, bool, matching = ONE_TO_ONE }: Binary,
  lhs: Vector,
  rhs: Vector,
  delayed: boolean,
): Vector => {
  const swapped = matching.card === 'one-to-many';
  const [many, one] = swapped ? [rhs.lines, lhs.lines] : [lhs.lines, rhs.lines];
  if (many.length === 0 || one.length === 0) return { type: 'vector', lines: [] };
  const matched = matchedLabels(matching);
  const groups = groupBy(one, matched);
  let clash = duplicateAmong(one, groups, many, swapped ? 'left' : 'right', matched);

  const operate = operation(operator, bool);
  const labelsFor = resultLabels(matching, !isComparison(operator));
  const takenBy = new Map<string, Uint8Array>();
  const results: Line[] = [];
  for (const mine of many) {
    const signature = matched(mine.labels).key;
    for (const other of groups.get(signature) ?? []) {
      const count = mine.has.length;
      const values = new Float64Array(count);
      const has = new Uint8Array(count);
      let any = false;
      for (let step = 0; step < count; step++) {
        if (!mine.has[step] || !other.has[step]) continue;
        const own = mine.values[step] as number;
        const its = other.values[step] as number;
        const result = swapped ? operate(its, own) : operate(own, its);
        if (result === undefined) continue;
        values[step] = result;
        has[step] = 1;
        any = true;
      }
      if (!any) continue;
      const named = { labels: labelsFor(mine.labels, other.labels), dropName: mine.dropName };
      const called = bool ? renamed(named, delayed) : named;
      const single = matching.card === 'one-to-one';
      const key = single ? signature : `${signature}\n${called.labels.key}`;
      const taken = takenBy.get(key);
      if (taken === undefined) takenBy.set(key, has.slice());
      else {
        const step = take(taken, has);
        if (step >= 0 && (clash === undefined || step < clash.step))
          clash = { step, message: single ? EXPLICIT : UNIQUE };
      }
      results.push({ ...called, values, has });
    }
  }
  if (clash !== undefined) throw new EvaluationError(clash.message);
  return vectorOf(results);
};
