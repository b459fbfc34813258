/** Whether a result is what a script expects. Differences are told as text: what was got, and what was wanted. */

import { labelsText } from '../../src/promql/engine/text.js';
import type { Points, Result } from '../../src/promql/engine.js';
import type { Labels } from '../../src/promql/labels.js';
import type { Eval, Saying } from './script.js';

export interface Difference {
  readonly got: string;
  readonly wanted: string;
}

const EPSILON = 1e-6;
/** The least number that is stored with all its digits. */
const MIN_NORMAL = 2.2250738585072014e-308;

/** As Prometheus compares: relative to the sum, and next to zero nearly exactly. */
const isNear = (a: number, b: number): boolean => {
  if (Object.is(a, b) || a === b) return true;
  const difference = Math.abs(a - b);
  const sum = Math.abs(a) + Math.abs(b);
  if (a === 0 || b === 0 || sum < MIN_NORMAL) return difference < EPSILON * MIN_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < EPSILON;
};

type Point = readonly [time: number, value: number];

interface Row {
  readonly labels: Labels;
  readonly points: readonly Point[];
}

const pointsOf = ({ labels, times, values }: Points): Row => ({
  labels,
  points: [...times].map((time, index) => [time, values[index] as number]),
});

const MOST = 12;

const rowText = ({ labels, points }: Row): string => {
  const shown = points.slice(0, MOST).map(([time, value]) => `${value}@${time / 1000}s`);
  return `${labelsText(labels)} ${shown.join(' ')}${points.length > MOST ? ' …' : ''}`;
};

const rowsText = (rows: readonly Row[]): string => rows.map(rowText).join('\n') || 'nothing';

const isSame = (a: Row, b: Row): boolean =>
  a.labels.key === b.labels.key &&
  a.points.length === b.points.length &&
  a.points.every(([time, value], index) => {
    const [otherTime, otherValue] = b.points[index] as Point;
    return time === otherTime && isNear(value, otherValue);
  });

const byKey = (rows: readonly Row[]): Row[] =>
  [...rows].sort((a, b) => (a.labels.key < b.labels.key ? -1 : a.labels.key > b.labels.key ? 1 : 0));

/** The rows that a script wants; each once, and none that has no point. */
const wantedRows = ({ expected, start, step }: Eval): Row[] => {
  const grid = expected.grid ?? { start, step };
  return expected.series
    .map(({ labels, points }): Row => {
      const found: Point[] = [];
      points.forEach((point, index) => {
        if (typeof point === 'number') found.push([grid.start + index * grid.step, point]);
      });
      return { labels, points: found };
    })
    .filter(({ points }) => points.length > 0);
};

const compareRows = (
  got: readonly Row[],
  wanted: readonly Row[],
  ordered: boolean,
): Difference | undefined => {
  const [left, right] = ordered ? [got, wanted] : [byKey(got), byKey(wanted)];
  const same = left.length === right.length && left.every((row, index) => isSame(row, right[index] as Row));
  return same ? undefined : { got: rowsText(left), wanted: rowsText(right) };
};

const KINDS: Readonly<Record<Result['type'], string>> = {
  scalar: 'a scalar',
  string: 'a string',
  vector: 'an instant vector',
  matrix: 'a matrix',
};

const kindWanted = ({ expected, step }: Eval): Result['type'] => {
  if (expected.scalar !== undefined) return 'scalar';
  if (expected.string !== undefined) return 'string';
  return step > 0 || expected.grid !== undefined ? 'matrix' : 'vector';
};

export const compareResult = (command: Eval, result: Result): Difference | undefined => {
  const { expected } = command;
  const kind = kindWanted(command);
  // Nothing at all is a matrix as well as a vector.
  if (
    result.type !== kind &&
    !(result.type === 'matrix' && result.series.length + expected.series.length === 0)
  )
    return { got: KINDS[result.type], wanted: KINDS[kind] };
  switch (result.type) {
    case 'scalar':
      return isNear(result.value, expected.scalar as number)
        ? undefined
        : { got: String(result.value), wanted: String(expected.scalar) };
    case 'string':
      return result.text === expected.string
        ? undefined
        : { got: JSON.stringify(result.text), wanted: JSON.stringify(expected.string) };
    default:
      return compareRows(result.series.map(pointsOf), wantedRows(command), expected.ordered);
  }
};

/** What an instant query gave, and the middle one of three steps of a range query. */
export const compareWithStep = (result: Result, range: Result, time: number): Difference | undefined => {
  if (range.type !== 'matrix') return { got: KINDS[range.type], wanted: KINDS.matrix };
  const got = range.series
    .map(pointsOf)
    .map(({ labels, points }) => ({ labels, points: points.filter(([at]) => at === time) }))
    .filter(({ points }) => points.length > 0);
  if (result.type === 'scalar') {
    const value = got[0]?.points[0]?.[1];
    return value !== undefined && isNear(value, result.value)
      ? undefined
      : { got: String(value), wanted: String(result.value) };
  }
  return result.type === 'vector' ? compareRows(got, result.series.map(pointsOf), false) : undefined;
};

/** The values of two results at whatever times they are of. */
export const compareValues = (result: Result, other: Result): Difference | undefined => {
  if (result.type !== other.type) return { got: KINDS[other.type], wanted: KINDS[result.type] };
  if (result.type === 'scalar' && other.type === 'scalar')
    return isNear(result.value, other.value)
      ? undefined
      : { got: String(other.value), wanted: String(result.value) };
  if (result.type !== 'vector' || other.type !== 'vector') return undefined;
  const bare = (points: Points): Row => {
    const row = pointsOf(points);
    return { ...row, points: row.points.map(([, value]) => [0, value]) };
  };
  return compareRows(other.series.map(bare), result.series.map(bare), false);
};

const says = ({ text, pattern }: Saying, message: string): boolean =>
  (text === undefined || text === message) && (pattern?.test(message) ?? true);

const sayingText = ({ text, pattern }: Saying): string => text ?? pattern?.source ?? 'anything';

/** Messages of one kind: each that was wanted came, and if any was wanted, none came that was not. */
const compareSayings = (
  kind: string,
  wanted: readonly Saying[],
  none: boolean,
  got: readonly string[],
): Difference | undefined => {
  const differs = (text: string): Difference => ({
    got: `${kind}: ${got.join(' | ') || 'none'}`,
    wanted: `${kind}: ${text}`,
  });
  if (none && got.length > 0) return differs('none');
  if (wanted.length === 0) return undefined;
  const missing = wanted.find((saying) => !got.some((message) => says(saying, message)));
  if (missing !== undefined) return differs(sayingText(missing));
  const all = wanted.map(sayingText).join(' | ');
  return got.every((message) => wanted.some((saying) => says(saying, message))) ? undefined : differs(all);
};

export const compareAnnotations = ({ expected }: Eval, { annotations }: Result): Difference | undefined =>
  compareSayings('warnings', expected.warn, expected.noWarn, annotations.warnings) ??
  compareSayings('infos', expected.info, expected.noInfo, annotations.infos);

export const compareFailure = ({ expected }: Eval, message: string): Difference | undefined => {
  const wrong = expected.fail.find((saying) => !says(saying, message));
  return wrong && { got: `failure: ${message}`, wanted: `failure: ${sayingText(wrong)}` };
};
