/** Series as tests of rules and of the engine write them: `http_requests{job="api"} 0+10x5 _ stale`. */

import { UserError } from '../exit.js';
import { type Labels, labelsFrom, METRIC_NAME, NO_LABELS } from './labels.js';
import { unquote } from './strings.js';

export type Point = number | 'none' | 'stale';

export interface WrittenSeries<Other = never> {
  readonly labels: Labels;
  /** One an interval, the first at the beginning. */
  readonly points: readonly (Point | Other)[];
}

/** What stands for a native histogram that is written at a place; most refuse it. */
export type OnHistogram<Other> = (text: string, at: number) => Other;

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const QUOTED = `${String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`}\`[^\`]*\``;
const LABEL = new RegExp(
  String.raw`\s*(?:(?<name>[a-zA-Z_][a-zA-Z0-9_]*|${QUOTED})\s*=\s*(?<value>${QUOTED})|(?<metric>${QUOTED}))\s*(?:,|(?=\}))\s*`,
  'y',
);

const wrong = (message: string, text: string, at: number): never => {
  throw new UserError(`${message}: ${JSON.stringify(text)} at character ${at + 1}`);
};

const plain = (text: string): string => (/^["'`]/.test(text) ? unquote(text) : text);

/** Labels in PromQL's form, from `at` on, and where they end. */
const scanLabels = (text: string): readonly [Labels, end: number] => {
  const pairs: [string, string][] = [];
  let at = text.length - text.trimStart().length;
  NAME.lastIndex = at;
  const name = NAME.exec(text);
  if (name !== null) {
    pairs.push([METRIC_NAME, name[0]]);
    at = NAME.lastIndex;
  }
  // Two braces begin a histogram.
  const brace = /\s*\{(?!\{)\s*/y;
  brace.lastIndex = at;
  if (!brace.test(text)) {
    if (name === null) wrong('a series begins with a name or with labels in braces', text, at);
    return [labelsFrom(pairs), at];
  }
  at = brace.lastIndex;
  while (text[at] !== '}') {
    LABEL.lastIndex = at;
    const groups = LABEL.exec(text)?.groups;
    if (groups === undefined) return wrong('expected a label such as name="value"', text, at);
    if (groups['metric'] === undefined)
      pairs.push([plain(groups['name'] as string), unquote(groups['value'] as string)]);
    else if (pairs.some(([label]) => label === METRIC_NAME))
      wrong('metric name must not be set twice', text, at);
    else pairs.push([METRIC_NAME, unquote(groups['metric'])]);
    at = LABEL.lastIndex;
  }
  return [labelsFrom(pairs), at + 1];
};

/** None where nothing is written. Throws a UserError for what is no series. */
export const readMetric = (text: string): Labels => {
  if (text.trim() === '') return NO_LABELS;
  const [labels, end] = scanLabels(text);
  const rest = text.slice(end).trim();
  return rest === '' ? labels : wrong('something stands behind the labels', text, end);
};

const NUMBER = String.raw`(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|[iI][nN][fF]|[nN][aA][nN])`;
const HISTOGRAM = String.raw`\{\{.*?\}\}`;
const ITEM = new RegExp(
  String.raw`(?:(?<blank>_)|(?<stale>stale)|${HISTOGRAM}(?:[+-]${HISTOGRAM})?|(?<first>[+-]?${NUMBER})(?<step>[+-]${NUMBER}(?=x))?)(?:x(?<times>\d+))?(?=\s|$)`,
  'y',
);

/** More than that is a slip of the keyboard. */
const MOST_POINTS = 5_000_000;

const refuse: OnHistogram<never> = (text, at) => wrong('native histograms are not supported', text, at);

const WHOLE_NUMBER = new RegExp(`^[+-]?${NUMBER}$`);

/** As Go reads them, infinities and NaN included; undefined for what is none. */
export const readNumber = (text: string): number | undefined =>
  WHOLE_NUMBER.test(text) ? numberIn(text) : undefined;

const numberIn = (text: string): number => {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[+-]/, '');
  if (/^nan$/i.test(digits)) return Number.NaN;
  return sign * (/^inf$/i.test(digits) ? Number.POSITIVE_INFINITY : Number(digits));
};

/** `0+10x5 _ stale`: what is repeated n times stands n + 1 times, but for `_`. Throws a UserError. */
export const readPoints = <Other = never>(
  text: string,
  onHistogram: OnHistogram<Other> = refuse,
): readonly (Point | Other)[] => {
  const points: (Point | Other)[] = [];
  const blanks = /\s*/y;
  for (let at = 0; ; ) {
    blanks.lastIndex = at;
    blanks.test(text);
    at = blanks.lastIndex;
    if (at >= text.length) return points;
    const other = text.startsWith('{{', at) ? onHistogram(text, at) : undefined;
    ITEM.lastIndex = at;
    const groups = ITEM.exec(text)?.groups;
    if (groups === undefined) return wrong('expected values such as 1, 0+10x5, _ or stale', text, at);
    const times = Number(groups['times'] ?? (groups['blank'] === undefined ? 0 : 1));
    const count = groups['blank'] === undefined ? times + 1 : times;
    if (points.length + count > MOST_POINTS) wrong(`more than ${MOST_POINTS} values`, text, at);
    if (groups['first'] === undefined) {
      const point = other ?? (groups['blank'] === undefined ? 'stale' : 'none');
      for (let index = 0; index < count; index++) points.push(point);
    } else {
      // Added up one by one, as Prometheus does: the last digits show it.
      const step = groups['step'] === undefined ? 0 : numberIn(groups['step']);
      let value = numberIn(groups['first']);
      for (let index = 0; index < count; index++, value += step) points.push(value);
    }
    at = ITEM.lastIndex;
  }
};

export const readSeries = <Other = never>(
  text: string,
  onHistogram: OnHistogram<Other> = refuse,
): WrittenSeries<Other> => {
  const [labels, end] = scanLabels(text);
  const rest = text.slice(end);
  if (rest !== '' && !/^\s/.test(rest)) wrong('a blank stands before the values', text, end);
  return { labels, points: readPoints(rest, onHistogram) };
};
