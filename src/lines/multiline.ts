/** Lines that belong together: stack traces, indented lines, parts of a line that was too long. One unit to match, count and show. */

import type { LineContext, LineFormat } from './format.js';
import { JSON_FORMATS } from './formats/nested.js';
import { isWrapper, type Wrapped, type Wrapper } from './formats/wrapper.js';
import { atLeast } from './levels.js';
import type { LogLine } from './line.js';
import { findStamp } from './times.js';
import { openTrace, TRACEBACK } from './trace.js';

export interface UnitOptions {
  readonly format: LineFormat;
  readonly context: LineContext;
  /** Whether records of text begin with a time (as `recognise` says), so that a line without one continues the one before. */
  readonly stamped?: boolean;
}

export interface Units {
  /** Whether this line, the next one of the file, belongs to the unit of the line before. To be called for every line, in order. */
  readonly continues: (line: string) => boolean;
}

const JSON_NAMES: ReadonlySet<string> = new Set(JSON_FORMATS.map(({ name }) => name));

/** What is indented is rarely dated: those lines are told without looking for a time. */
const MAY_BE_DATED = /^(?:\S|[ \t]+[\d[<])/;

/** A unit is cut after so many lines or characters, so that a file that is no log cannot fill the memory. */
export const MOST_LINES = 1_000;
export const MOST_CHARACTERS = 1_000_000;

/** Lines of files from Windows come with their carriage return. */
const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/** Whether lines of this format may be JSON, each of which is a record of its own. */
const mayBeJson = (format: LineFormat): boolean =>
  isWrapper(format) || format.name.split('+').some((name) => JSON_NAMES.has(name));

/**
 * Tells, line by line, where a unit ends: it is whole when `continues` says no to the line after it. Of what a container runtime or
 * the journal wraps, the lines inside are looked at, and only lines of one stream are put together; two streams that cut into each
 * other's long lines stay as they are. A blank line after a Python or Go trace belongs to it, since only the line after that tells more.
 */
export const openUnits = ({ format, context, stamped = false }: UnitOptions): Units => {
  const trace = openTrace();
  const json = mayBeJson(format);
  const timeOf = format.timeOf ?? ((line: string) => format.parse(line, context)?.time);
  /** The line before, taken out of what wraps it. */
  let before: Wrapped | undefined;
  /** The unit's first line, what is inside it, and whether that is text with a time. */
  let head = '';
  let dated = false;
  let lines = 0;
  let characters = 0;

  const isJson = (text: string): boolean => json && text.startsWith('{') && text.endsWith('}');
  const isDated = (line: string, wrapped: Wrapped | undefined): boolean =>
    stamped &&
    (wrapped === undefined ? timeOf(line, context) : findStamp(wrapped.text, context)) !== undefined;

  /** A trace after a line that warns of something belongs to it; after any other a program died on its own. */
  const continuesLogged = (text: string): boolean => {
    if (!TRACEBACK.test(text) || isJson(head)) return false;
    const level = format.parse(head, context)?.level;
    if (level === undefined || !atLeast(level, 'warn')) return false;
    trace.begin(text);
    return true;
  };

  return {
    continues: (line) => {
      const last = before;
      before = isWrapper(format) ? format.unwrap(line) : undefined;
      const text = withoutReturn(before?.text ?? line);
      lines++;
      characters += line.length + 1;
      const cut = lines === 1 || lines > MOST_LINES || characters > MOST_CHARACTERS;
      if (!cut && last?.stream === before?.stream) {
        if (last?.partial === true) return true;
        if (!isJson(text) && !(MAY_BE_DATED.test(text) && isDated(line, before)))
          if (trace.continues(text) || dated || continuesLogged(text)) return true;
      }
      trace.begin(text);
      head = line;
      dated = !isJson(text) && isDated(line, before);
      lines = 1;
      characters = line.length;
      return false;
    },
  };
};

/** The units of some lines, one after the other. */
export function* joinUnits(lines: Iterable<string>, options: UnitOptions): Generator<string[]> {
  const units = openUnits(options);
  let unit: string[] = [];
  for (const line of lines) {
    if (!units.continues(line) && unit.length > 0) {
      yield unit;
      unit = [];
    }
    unit.push(line);
  }
  if (unit.length > 0) yield unit;
}

/** The first line inside, put together from its parts, and the lines that follow it. */
const unwrapAll = (wrapper: Wrapper, lines: readonly string[]): [first: string, rest: string[]] => {
  let whole = false;
  let first = '';
  const rest: string[] = [];
  for (const line of lines) {
    const wrapped = wrapper.unwrap(line);
    if (whole) rest.push(wrapped?.text ?? line);
    else first += wrapped?.text ?? line;
    whole ||= wrapped?.partial !== true;
  }
  return [first, rest];
};

/**
 * What a unit says, its lines with newlines between them: the first line's time, level and fields, and a message that goes on
 * over the other lines. Undefined where the first line is not of the format.
 */
export const parseUnit = (unit: string, { format, context }: UnitOptions): LogLine | undefined => {
  const lines = unit.split('\n').map(withoutReturn);
  const head = lines[0] as string;
  // JSON laid out over several lines is one text.
  if (lines.length === 1 || head === '{') return format.parse(lines.join('\n'), context);
  const wrapper = isWrapper(format) && format.unwrap(head) !== undefined ? format : undefined;
  const [first, rest] = wrapper === undefined ? [head, lines.slice(1)] : unwrapAll(wrapper, lines);
  const line = wrapper === undefined ? format.parse(head, context) : wrapper.parseAs(head, first, context);
  if (line === undefined || rest.length === 0) return line;
  return { ...line, message: [...(line.message === undefined ? [] : [line.message]), ...rest].join('\n') };
};
