/** The points of a row that a rule looks back at: appended to with each sample, and never more of them than it takes. */

import type { MeasureKind } from './rule.js';
import type { Row, Sample } from './sample.js';

export interface Point {
  /** ms since 1970. */
  readonly time: number;
  readonly boot: string;
  /** As recorded; of an `increase`, a `share` and an `each` how much the counters have grown since the first point. */
  readonly value: number;
  /** Of a `share` and an `each`: the same of the counters it is compared with. */
  readonly whole?: number;
  /** Seconds that it stands for: the interval between samples, less where the one before was nearer. */
  readonly covers: number | undefined;
  /** Seconds since the point before; undefined at the first. */
  readonly gap: number | undefined;
  /** Samples merged into it. */
  readonly count: number;
}

/** A counter, and how much it has grown since the first point. */
interface Growth {
  raw: number;
  total: number;
}

/** The newest point takes in those that are too near to it: that is no reason to make another each second. */
type OpenPoint = { -readonly [Key in keyof Point]: Point[Key] };

export interface Series {
  readonly points: OpenPoint[];
  readonly part: Growth;
  /** What a `share` or an `each` compares it with. */
  readonly whole: Growth;
  /** Texts of the row at the last point. */
  texts: Row['texts'];
}

export const emptySeries = (texts: Row['texts']): Series => ({
  points: [],
  part: { raw: 0, total: 0 },
  whole: { raw: 0, total: 0 },
  texts,
});

/** Which points of a series are kept. */
export interface Keeping {
  readonly kind: MeasureKind;
  /** What the counters of a ratio are compared with. */
  readonly against: 'counters' | 'time' | undefined;
  /** How far back points are looked at, and how far apart they have to be, ms. */
  readonly window: number;
  readonly room: number;
  /** Whether each sample brings a value, which then stands for the time since the one before. */
  onTick: boolean;
}

/** How a counter goes on from the reading before: one `new` to us may have counted for long, one `reset` counts from 0. */
type Succession = 'same' | 'reset' | 'new';

/** How much a counter grew between two readings: after a reset, and after a boot, it has grown from 0 (Prometheus's `increase`). */
const grown = (now: number, before: number, succession: Succession): number =>
  succession === 'new' ? 0 : succession === 'same' && now >= before ? now - before : now;

const grow = (growth: Growth, now: number, succession: Succession): number => {
  growth.total += grown(now, growth.raw, succession);
  growth.raw = now;
  return growth.total;
};

/** Points before a window that may wait to be forgotten together: moving all the others costs more than they do. */
const IDLE = 32;

/** Forgets what lies before the window, but for one point from which growth is counted. */
const prune = (points: OpenPoint[], from: number): void => {
  let old = 0;
  while (old + 1 < points.length && (points[old + 1] as Point).time <= from) old++;
  if (old > IDLE || old === points.length - 1) points.splice(0, old);
};

const bothOf = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

/** Takes a single later reading into a point. */
const merge = (
  last: OpenPoint,
  kind: MeasureKind,
  value: number,
  covers: number | undefined,
  gap: number | undefined,
): void => {
  if (kind === 'average') last.value = (last.value * last.count + value) / (last.count + 1);
  else last.value = kind === 'lowest' ? Math.min(last.value, value) : value;
  last.covers = bothOf(last.covers, covers);
  last.gap = bothOf(last.gap, gap);
  last.count++;
};

/** Takes in the value of another sample; of a ratio the counters on both sides, each summed up. */
export const append = (
  series: Series,
  keeping: Keeping,
  sample: Sample,
  value: number,
  whole: number,
  sameLabels: boolean,
): void => {
  const { points } = series;
  const { kind, against, window, room } = keeping;
  const { time, boot } = sample;
  while (points.length > 0 && (points[points.length - 1] as Point).time >= time) points.pop();
  const { length } = points;
  const last = length > 0 ? points[length - 1] : undefined;
  const gap = last === undefined ? undefined : (time - last.time) / 1000;
  const step = keeping.onTick ? sample.interval : undefined;
  const covers = step === undefined || gap === undefined ? step : Math.min(step, gap);
  const succession = last === undefined || !sameLabels ? 'new' : last.boot === boot ? 'same' : 'reset';
  const counts = kind === 'increase' || against !== undefined;
  const amount = counts ? grow(series.part, value, succession) : value;
  // Time goes on while the machine is off.
  const goesOn = against === 'time' && succession === 'reset';
  const per = against === undefined ? 0 : grow(series.whole, whole, goesOn ? 'same' : succession);
  const isNear = length > 1 && time - (points[length - 2] as Point).time < room;
  if (last !== undefined && isNear && last.boot === boot) {
    merge(last, kind, amount, covers, gap);
    last.time = time;
    last.whole = per;
    return;
  }
  points.push({ time, boot, value: amount, whole: per, covers, gap, count: 1 });
  prune(points, time - window);
};
