/** A series in a script: its labels and what stands behind them. */

import { type Labels, labelsFrom, METRIC_NAME } from '../../src/promql/labels.js';
import { unquote } from '../../src/promql/strings.js';
import { type Point, readPoints } from './points.js';

export interface SeriesLine {
  readonly labels: Labels;
  readonly points: readonly Point[];
}

const QUOTED = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/.source;
const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const PART = new RegExp(
  String.raw`\s*(?:([a-zA-Z_][\w.:]*|${QUOTED})\s*=\s*(${QUOTED})|(${QUOTED}))\s*(,|(?=\}))\s*`,
  'y',
);

const plain = (text: string): string => (/^["'`]/.test(text) ? unquote(text) : text);

export const readSeriesLine = (line: string): SeriesLine => {
  const pairs: [string, string][] = [];
  NAME.lastIndex = 0;
  let at = 0;
  const name = NAME.exec(line);
  if (name !== null) {
    pairs.push([METRIC_NAME, name[0]]);
    at = NAME.lastIndex;
  }
  // Blanks may stand before the labels; two braces begin a histogram.
  at += /^\s*(?=\{(?!\{))/.exec(line.slice(at))?.[0].length ?? 0;
  if (line[at] === '{') {
    at++;
    while (line[at] !== '}') {
      PART.lastIndex = at;
      const part = PART.exec(line);
      // `{}` with blanks in it has no part.
      if (part === null && /^\s*\}/.test(line.slice(at))) at = line.indexOf('}', at);
      else if (part === null) throw new Error(`no labels: ${line.slice(at)}`);
      else {
        at = PART.lastIndex;
        if (part[3] !== undefined) pairs.push([METRIC_NAME, unquote(part[3])]);
        else pairs.push([plain(part[1] as string), unquote(part[2] as string)]);
      }
    }
    at++;
  } else if (name === null) throw new Error(`no series: ${line}`);
  const rest = line.slice(at);
  if (rest !== '' && !/^\s/.test(rest)) throw new Error(`no series: ${line}`);
  return { labels: labelsFrom(pairs), points: readPoints(rest) };
};
