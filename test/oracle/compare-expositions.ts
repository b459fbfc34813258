/** Whether two expositions of one machine say the same: pure, so that the comparison itself can be tested. */

export interface Exposition {
  /** Type by family. */
  readonly types: ReadonlyMap<string, string>;
  /** Value by `name{labels}`, as it stands in the text. */
  readonly series: ReadonlyMap<string, number>;
}

export interface Comparison {
  /** Series the other one gives, without those left out. */
  readonly asked: number;
  readonly given: readonly string[];
  readonly missing: readonly string[];
  /** What does not agree, in words. */
  readonly wrong: readonly string[];
  /** Given by us only: of families that the other one has not got, or explained. */
  readonly extra: readonly string[];
}

const NUMBERS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  '+Inf': Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
};

/** Name of the family of a plain series (histograms and summaries are not for this). */
export const familyOf = (series: string): string => series.replace(/\{.*/s, '');

/** The families whose names `isIn` lets in. Series are told apart by their text: labels have to be in the same order. */
export const readExposition = (text: string, isIn: (family: string) => boolean): Exposition => {
  const types = new Map<string, string>();
  const series = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (name !== undefined && type !== undefined && isIn(name)) types.set(name, type);
    if (line === '' || line.startsWith('#') || !isIn(familyOf(line).split(' ')[0] as string)) continue;
    const at = line.lastIndexOf(' ');
    const value = line.slice(at + 1);
    const key = line.slice(0, at);
    if (series.has(key)) throw new Error(`${key} stands twice`);
    series.set(key, NUMBERS[value] ?? Number(value));
  }
  return { types, series };
};

/** Go and we multiply by 0.001 or divide by 1000: the last bits of a double differ. */
const NOISE = 1e-9;

const agrees = (before: number, value: number, after: number, tolerance: number | Bounds): boolean => {
  if ([before, value, after].some(Number.isNaN)) return Number.isNaN(value) && Number.isNaN(after);
  if (typeof tolerance !== 'number')
    return [before, value, after].every((one) => one >= tolerance.low && one <= tolerance.high);
  const slack = tolerance + NOISE * Math.max(Math.abs(before), Math.abs(after));
  return value >= Math.min(before, after) - slack && value <= Math.max(before, after) + slack;
};

/** Whether it is known why a series of a family that both have is only ours. */
export type Explained = (series: string) => boolean;

/** What a gauge that leaps about must lie between, theirs and ours. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * How far a gauge may lie outside of what it was before and after; 0 where it does not move by itself. Bounds may be made
 * of what else the other exposition says.
 */
export type Tolerance = (series: string, other: Exposition) => number | Bounds;

/**
 * Holds the other exposition against ours from just before and just after it: each of its series must be ours, of the
 * same type, with a value that lies between.
 */
export const compareExpositions = (
  before: Exposition,
  other: Exposition,
  after: Exposition,
  tolerance: Tolerance,
  explained: Explained = () => false,
): Comparison => {
  const given: string[] = [];
  const missing: string[] = [];
  const wrong: string[] = [];
  for (const [key, value] of other.series) {
    const family = familyOf(key);
    const [low, high] = [before.series.get(key), after.series.get(key)];
    const [type, ours] = [other.types.get(family), after.types.get(family)];
    if (low === undefined && high === undefined) missing.push(key);
    else if (low === undefined || high === undefined)
      wrong.push(`${key} is only given ${low === undefined ? 'after' : 'before'}`);
    else if (type !== ours) wrong.push(`${key} is of type ${ours}, not ${type}`);
    else if (type === 'counter' && high < low) wrong.push(`${key} fell from ${low} to ${high}`);
    else if (!agrees(low, value, high, type === 'counter' ? 0 : tolerance(key, other)))
      wrong.push(`${key} is ${value}, ours ${low} before and ${high} after`);
    else given.push(key);
  }
  const extra: string[] = [];
  for (const key of after.series.keys()) {
    if (other.series.has(key)) continue;
    if (other.types.has(familyOf(key)) && !explained(key))
      wrong.push(`${key} is given by us only, of a family that both have`);
    else extra.push(key);
  }
  return { asked: other.series.size, given, missing, wrong, extra };
};
