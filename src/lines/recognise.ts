/** Which format a file is in, told from some of its lines. */

import { clean } from '../core/clean.js';
import type { LineContext, LineFormat } from './format.js';
import { FORMATS } from './formats/index.js';
import { inTurn } from './formats/mixed.js';
import { isRecordFormat, parseRecord } from './formats/record.js';
import { isWrapper } from './formats/wrapper.js';
import type { Fields } from './line.js';
import { findStamp } from './times.js';
import { looksContinued } from './trace.js';

export interface Recognised {
  /** `openFormat(format.name)` gives the same again, in another thread too. */
  readonly format: LineFormat;
  /** In words, for people: what fits how many lines, what else was close, what did not fit. */
  readonly why: string;
  /** Whether records of text begin with a time, so that a line without one continues the one before (multiline.ts). */
  readonly stamped: boolean;
}

/** A format for fewer lines than this share is a coincidence: one line of a sample up to 20, five of a hundred. */
const LEAST = 0.05;

/** A more telling format is taken though a more general one fits a few lines more. */
const NEARLY = 0.9;

/** Of JSON the general one fits all lines whatever wrote them: a telling one is taken for its part of them, and the rest come after. */
const PART = 0.2;

/** A quarter of the lines with a time is enough: the others are what these go on with. */
const STAMPED = 0.25;

interface Fit {
  readonly format: LineFormat;
  /** The lines that it reads. */
  readonly lines: ReadonlySet<string>;
}

/** Plain text is any text: it is what remains. */
const lastResort = (): LineFormat => FORMATS.get('plain') as LineFormat;

/** Whether a format reads a line, whose JSON, where it is any, was parsed for all of them: a line may be long. */
const reads = (
  format: LineFormat,
  line: string,
  record: Fields | undefined,
  context: LineContext,
): boolean => {
  if (!isRecordFormat(format)) return format.parse(line, context) !== undefined;
  const found = record === undefined ? format.readText?.(line, context) : format.read(record, context, line);
  return found !== undefined;
};

const fitsOf = (lines: readonly string[], context: LineContext): readonly Fit[] => {
  const parsed = lines.map((line) => [line, parseRecord(line)] as const);
  return [...FORMATS.values()]
    .filter((format) => format !== lastResort())
    .map((format) => {
      const fitting = parsed.filter(([line, record]) => reads(format, line, record, context));
      return { format, lines: new Set(fitting.map(([line]) => line)) };
    });
};

const count = (lines: readonly string[], fit: Fit): number =>
  lines.filter((line) => fit.lines.has(line)).length;

/** The first of those formats that read about as many of the lines as any. */
const best = (fits: readonly Fit[], lines: readonly string[]): [fit: Fit, reads: number] | undefined => {
  const counts = fits.map((fit) => count(lines, fit));
  const most = Math.max(0, ...counts);
  const place = fits.findIndex(({ format }, index) => {
    const fitting = counts[index] as number;
    return fitting > 0 && fitting >= most * (isRecordFormat(format) ? PART : NEARLY);
  });
  return place === -1 ? undefined : [fits[place] as Fit, counts[place] as number];
};

const lineCount = (number: number): string => (number === 1 ? '1 line' : `${number} lines`);

const clip = (line: string): string => {
  const shown = clean(line.slice(0, 60));
  return `"${shown}${line.length > 60 ? '…' : ''}"`;
};

interface Choice {
  readonly chosen: readonly [fit: Fit, reads: number][];
  readonly rest: readonly string[];
}

const choose = (fits: readonly Fit[], lines: readonly string[]): Choice => {
  const chosen: [Fit, number][] = [];
  let rest = lines;
  for (;;) {
    const found = best(fits, rest);
    if (found === undefined || found[1] < lines.length * LEAST) return { chosen, rest };
    chosen.push(found);
    rest = rest.filter((line) => !found[0].lines.has(line));
  }
};

const explain = (
  { chosen, rest }: Choice,
  fits: readonly Fit[],
  lines: readonly string[],
  plain: boolean,
): string => {
  const total = lineCount(lines.length);
  const parts = chosen.map(([{ format }, reads], place) =>
    place === 0
      ? `${format.title} (${format.name}): ${reads} of ${total}`
      : `${format.title} (${format.name}): ${reads}`,
  );
  if (plain && chosen.length === 0)
    parts.push(
      `plain text (plain): no other format fits ${lines.length === 1 ? 'the line' : `any of ${total}`}`,
    );
  else if (plain) parts.push(`plain text (plain): ${rest.length}`);
  const first = chosen[0];
  const close = fits.filter(
    (fit) => !chosen.some(([one]) => one === fit) && first !== undefined && count(lines, fit) >= first[1] / 2,
  );
  if (close.length > 0)
    parts.push(
      `also possible, but less telling: ${close.map((fit) => `${fit.format.name} (${count(lines, fit)})`).join(', ')}`,
    );
  if (!plain && rest.length > 0)
    parts.push(`${lineCount(rest.length)} not in this format, such as ${clip(rest[0] as string)}`);
  return parts.join('; ');
};

/** Whether the text of the records, inside what wraps it, has a time. */
const isStamped = (format: LineFormat, lines: readonly string[], context: LineContext): boolean => {
  const texts = lines
    .map((line) => ({ line, inside: isWrapper(format) ? format.unwrap(line)?.text : undefined }))
    .filter(({ line, inside }) => !(inside ?? line).startsWith('{'));
  const dated = texts.filter(
    ({ line, inside }) =>
      (inside === undefined ? format.parse(line, context)?.time : findStamp(inside, context)) !== undefined,
  );
  return dated.length > 0 && dated.length >= texts.length * STAMPED;
};

/**
 * The format that fits the lines (say the first 100 of a file and a few of its end), `plain` at worst. Where one does not fit
 * enough of them, several that are tried in turn for each line. Lines that look like those of a stack trace are not asked.
 */
export const recognise = (sample: readonly string[], context: LineContext): Recognised => {
  const filled = sample.filter((line) => line.trim() !== '');
  const firsts = filled.filter((line) => !looksContinued(line));
  const lines = firsts.length > 0 ? firsts : filled;
  const fits = fitsOf(lines, context);
  const choice = choose(fits, lines);
  const { chosen, rest } = choice;
  const plain = chosen.length === 0 || (rest.length > 1 && rest.length >= lines.length * LEAST);
  const formats = [...chosen.map(([{ format }]) => format), ...(plain ? [lastResort()] : [])];
  const format = formats.length === 1 ? (formats[0] as LineFormat) : inTurn(formats);
  const why = lines.length === 0 ? 'there are no lines to tell it from' : explain(choice, fits, lines, plain);
  return { format, why, stamped: isStamped(format, lines, context) };
};
