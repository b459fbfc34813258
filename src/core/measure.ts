/** From the points of the past to the value that is compared. Pure. */

import { LOOKBACK, windowOf } from './history.js';
import type { Point } from './points.js';
import type { Measure, Rule } from './rule.js';
import type { Sample } from './sample.js';
import { ENOUGH } from './too-short.js';

/** What was measured, or why there is too little to say. A value that must hold `throughout` brings all of them. */
export type Measured =
  | { readonly value: number; readonly all?: readonly number[]; readonly tooShort?: undefined }
  | { readonly tooShort: true; readonly atLeast?: number };

/** Seconds customary between these points: their median gap, 0 where there is none. */
const usualGap = (points: readonly Point[]): number => {
  const gaps = points.flatMap(({ gap }) => gap ?? []).sort((a, b) => a - b);
  return gaps[Math.floor((gaps.length - 1) / 2)] ?? 0;
};

/**
 * Seconds of the window that points stand for. Each stands for the interval that was asked for, less where samples are
 * nearer. Where that is not known (a field recorded once a minute, samples from cron) it is the spacing customary
 * among these points, so that a hole stands out among its neighbours. A single point has none, and covers nothing.
 */
const coveredSeconds = (points: readonly Point[]): number => {
  let usual: number | undefined;
  let sum = 0;
  for (const { covers, gap } of points) {
    if (covers !== undefined) sum += covers;
    else {
      usual ??= usualGap(points);
      sum += Math.min(usual, gap ?? usual);
    }
  }
  return sum;
};

/** The points of a window, which is open on its left. They are in order, and mostly all of them are in it. */
const within = (points: readonly Point[], now: number, seconds: number): readonly Point[] => {
  let start = 0;
  let end = points.length;
  while (end > 0 && (points[end - 1] as Point).time > now) end--;
  while (start < end && (points[start] as Point).time <= now - seconds * 1000) start++;
  return points.slice(start, end);
};

const everySample = (measure: Measure, points: readonly Point[], now: number): Measured => {
  const seconds = windowOf(measure);
  const inside = within(points, now, seconds);
  const covered = coveredSeconds(inside);
  const last = inside.at(-1);
  // Rounding must not decide: 48 of 60 samples are 80 %.
  if (last === undefined || covered < ENOUGH * seconds - 1e-6) return { tooShort: true };
  if (measure.kind === 'throughout') return { value: last.value, all: inside.map(({ value }) => value) };
  let sum = 0;
  let count = 0;
  for (const point of inside) {
    sum += point.value * point.count;
    count += point.count;
  }
  return { value: sum / count };
};

const span = (points: readonly Point[]): number =>
  points.length === 0 ? 0 : ((points.at(-1) as Point).time - (points[0] as Point).time) / 1000;

/** A sample comes some ms after it was due, one a little later than the other, and that must not decide either. */
const NEARLY = 0.99;

const isOver = (points: readonly Point[], seconds: number): boolean => span(points) >= NEARLY * seconds;

/** Points of the window, and the one before it, from which growth is counted. */
const fromBefore = (points: readonly Point[], now: number, seconds: number): readonly Point[] => {
  const inside = within(points, now, seconds);
  const [first, second] = inside;
  if (first === undefined) return [];
  const before = points[points.indexOf(first) - 1];
  if (before === undefined) return inside;
  // Of a log less is read the longer ago it was: what is customary there the next gap tells.
  const apart = first.time - before.time;
  const isNear = apart <= (second?.gap ?? 0) * 2000 || apart <= usualGap(inside) * 2000;
  return isNear ? [before, ...inside] : inside;
};

const increased = (points: readonly Point[], now: number, seconds: number): Measured => {
  const inside = fromBefore(points, now, seconds);
  const value = inside.length < 2 ? 0 : (inside.at(-1) as Point).value - (inside[0] as Point).value;
  return isOver(inside, ENOUGH * seconds)
    ? { value }
    : { tooShort: true, ...(value > 0 ? { atLeast: value } : {}) };
};

/** What one side grew by in terms of the other. Nothing of nothing is nothing wrong: no packets, no errors. */
const ratio = (points: readonly Point[], now: number, seconds: number): number | undefined => {
  const inside = fromBefore(points, now, seconds);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined || !isOver(inside, ENOUGH * seconds)) return undefined;
  const part = last.value - first.value;
  return part === 0 ? 0 : part / ((last.whole ?? 0) - (first.whole ?? 0));
};

const shared = (points: readonly Point[], now: number, seconds: number): Measured => {
  const part = ratio(points, now, seconds);
  return part === undefined ? { tooShort: true } : { value: Math.min(100, part * 100) };
};

const forEach = (points: readonly Point[], now: number, seconds: number): Measured => {
  const value = ratio(points, now, seconds);
  return value === undefined ? { tooShort: true } : { value };
};

const lowest = (points: readonly Point[], now: number, seconds: number): Measured => {
  const inside = within(points, now, seconds);
  if (!isOver(fromBefore(points, now, seconds), ENOUGH * seconds)) return { tooShort: true };
  return { value: Math.min(...inside.map(({ value }) => value)) };
};

const changed = (points: readonly Point[], now: number, seconds: number): Measured => {
  const inside = fromBefore(points, now, seconds);
  const last = inside.at(-1);
  if (inside.some(({ value }) => value !== last?.value)) return { value: 1 };
  return isOver(inside, ENOUGH * seconds) ? { value: 0 } : { tooShort: true };
};

/** Growth per second by least squares, as Prometheus's `deriv`; undefined where the points are too few or too close. */
const slope = (points: readonly Point[], seconds: number): number | undefined => {
  const first = points[0];
  if (first === undefined || points.length < 3 || !isOver(points, seconds / 2)) return undefined;
  let sumX = 0;
  let sumY = 0;
  let sumXX = 0;
  let sumXY = 0;
  for (const { time, value } of points) {
    const x = (time - first.time) / 1000;
    const y = value - first.value;
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumXY += x * y;
  }
  const count = points.length;
  return (count * sumXY - sumX * sumY) / (count * sumXX - sumX * sumX);
};

/**
 * At the pace of the slowest third of the window: what fills a disk for good does so in each of them, while an upgrade or
 * a build that takes some gigabytes at once does not, and would be the noise that people complain of.
 */
const emptyIn = (points: readonly Point[], now: number, seconds: number): Measured => {
  const inside = within(points, now, seconds);
  const last = inside.at(-1);
  const third = seconds / 3;
  const falls = [2, 1, 0].map((back) => {
    const until = now - back * third * 1000;
    const part = within(inside, until, third).filter(({ boot }) => boot === last?.boot);
    return slope(part, third);
  });
  if (last === undefined || falls.includes(undefined)) return { tooShort: true };
  const pace = -Math.max(...(falls as number[]));
  return { value: pace > 0 ? Math.max(0, last.value) / pace : Infinity };
};

/** How often at most what looks far back is measured, ms. */
const SOON = 5000;

/** How much of the time that it looks back may go by before it is measured again though nothing new has come. */
const SLIDE = 1 / 20;

/** Whether a sample may have brought something that makes a measurement quite another one. */
export const bringsNews = ({ path, measure }: Rule, { readings, detail }: Sample): boolean =>
  measure.kind === 'value' || measure.kind === 'changed' || measure.kind === 'increase'
    ? readings.has(path.group)
    : // Counters come with the details. What is slow by its nature need not be looked at more often than they.
      detail === true;

/**
 * How long a measurement is good, ms. With news: until a long window has moved by a hundredth, and for five seconds at most.
 * Else only the past moves on.
 */
export const measureKeeps = (measure: Measure, news: boolean): number => {
  const { kind } = measure;
  // Every sample counts for these, and each brings a point.
  if (kind === 'average' || kind === 'throughout') return 0;
  const back = (kind === 'value' ? LOOKBACK : windowOf(measure)) * 1000;
  if (!news) return back * SLIDE;
  return kind === 'value' ? 0 : Math.min(SOON, back / 100);
};

/** The value that a rule's measure makes of the points of a row, at `now` (ms since 1970). Not for `value`, which needs no past. */
export const measurePast = (measure: Measure, points: readonly Point[], now: number): Measured => {
  const seconds = windowOf(measure);
  switch (measure.kind) {
    case 'increase':
      return increased(points, now, seconds);
    case 'share':
      return shared(points, now, seconds);
    case 'each':
      return forEach(points, now, seconds);
    case 'lowest':
      return lowest(points, now, seconds);
    case 'changed':
      return changed(points, now, seconds);
    case 'empty in':
      return emptyIn(points, now, seconds);
    default:
      return everySample(measure, points, now);
  }
};
