/** Which format a file is in, told from some of its lines. */

import type { LineContext, LineFormat } from './format.js';
import { FORMATS } from './formats/index.js';

export interface Recognised {
  /** `openFormat(format.name)` gives the same again, in another thread too. */
  readonly format: LineFormat;
  /** In words, for people: what fits how many lines, what else was close, what did not fit. */
  readonly why: string;
  /** Whether records of text begin with a time, so that a line without one continues the one before (multiline.ts). */
  readonly stamped: boolean;
}

/** The format that fits the lines (say the first 100 of a file and a few of its end), `plain` at worst. */
export const recognise = (lines: readonly string[], context: LineContext): Recognised => {
  for (const format of FORMATS.values())
    if (lines.some((line) => format.parse(line, context) !== undefined))
      return { format, why: `${format.title}`, stamped: false };
  return { format: { name: 'plain', title: 'plain text', parse: () => undefined }, why: '', stamped: false };
};
