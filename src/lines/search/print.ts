/** What was found, as GNU grep prints it. */

import type { Matcher } from '../matcher.js';
import type { UnitOptions } from '../multiline.js';
import type { Collector } from './collect.js';
import { countByte } from './count-byte.js';
import { safe } from './safe.js';
import type { Printer } from './scan.js';
import { END, STYLE, styled } from './style.js';
import type { View } from './view.js';

export interface PrintOptions {
  readonly eol: number;
  readonly invert: boolean;
  readonly onlyMatching: boolean;
  readonly names: boolean;
  readonly numbers: boolean;
  readonly offsets: boolean;
  /** NUL after a name instead of a separator. */
  readonly nullNames: boolean;
  readonly colour: boolean;
  /** It goes to a terminal: nothing in a line may act on it. */
  readonly safe: boolean;
  /** Each line is given away as soon as it is whole. */
  readonly lineBuffered: boolean;
  /** Between groups, `--`; undefined for none. */
  readonly separator: string | undefined;
  /** A record may be several lines. */
  readonly units: boolean;
}

/** A printer, which has to be told of each text that begins. */
export interface TextPrinter extends Printer {
  /** `name` as it is shown; `reading` is how its lines are read, where anybody needs to know. */
  readonly begin: (name: string, reading: UnitOptions | undefined) => void;
  /** The text is over. */
  readonly end?: () => void;
  /** The bytes before `end` go away. */
  readonly settle: (view: View, end: number) => void;
}

/** A name as bytes, and how it is shown in front of lines and counts. */
export const nameHead = (name: string, sep: string, { colour, nullNames }: NameOptions): string => {
  const bytes = Buffer.from(name, 'utf8').toString('latin1');
  return styled(STYLE.name, bytes, colour) + (nullNames ? '\0' : styled(STYLE.separator, sep, colour));
};

type NameOptions = Pick<PrintOptions, 'colour' | 'nullNames'>;

const SELECTED = ':';
const CONTEXT = '-';

/** Numbers lines as far as somebody asks. */
const openNumbering = (
  eol: number,
): { readonly begin: () => void; readonly at: (view: View, start: number) => number } => {
  let number = 0;
  /** Offset in the text up to which line ends are counted. */
  let counted = 0;
  return {
    begin: () => {
      number = 0;
      counted = 0;
    },
    at: ({ bytes, origin }, start) => {
      number += countByte(bytes, eol, counted - origin, start);
      counted = origin + start;
      return number + 1;
    },
  };
};

/** Without `matcher` no line has parts that match. */
export const openPrinter = (
  out: Collector,
  matcher: Matcher | undefined,
  options: PrintOptions,
): TextPrinter => {
  const { eol, invert, onlyMatching, names, numbers, offsets, colour, lineBuffered, units } = options;
  const eolText = String.fromCharCode(eol);
  const show = options.safe ? safe : (text: string): string => text;
  const isHeaded = names || numbers || offsets;
  const numbering = openNumbering(eol);
  const heads = { [SELECTED]: '', [CONTEXT]: '' };
  const seps = {
    [SELECTED]: styled(STYLE.separator, SELECTED, colour),
    [CONTEXT]: styled(STYLE.separator, CONTEXT, colour),
  };
  type Sep = typeof SELECTED | typeof CONTEXT;
  const value = (number: number, sep: Sep): string =>
    styled(STYLE.number, String(number), colour) + seps[sep];

  const head = (number: number, offset: number, sep: Sep): string =>
    (names ? heads[sep] : '') + (numbers ? value(number, sep) : '') + (offsets ? value(offset, sep) : '');

  /** A line or its parts as text, where something in it is marked or left out. */
  const marked = (view: View, start: number, end: number, isSelected: boolean): void => {
    const sep = isSelected ? SELECTED : CONTEXT;
    const number = numbers ? numbering.at(view, start) : 0;
    const offset = view.origin + start;
    // Inverted, the lines that match are the context.
    const hasMatches = isSelected !== invert;
    if (onlyMatching && !hasMatches) return;
    const line = view.bytes.toString('latin1', start, end - 1);
    const spans = hasMatches && matcher !== undefined ? matcher.spans(line) : [];
    let text = onlyMatching ? '' : head(number, offset, sep);
    let at = 0;
    for (let index = 0; index < spans.length; index += 2) {
      const from = spans[index] as number;
      const to = spans[index + 1] as number;
      const part = show(line.slice(from, to));
      const shown = colour ? STYLE.match + part + END : part;
      text += onlyMatching
        ? head(number, offset + from, invert ? CONTEXT : SELECTED) + shown + eolText
        : show(line.slice(at, from)) + shown;
      at = to;
    }
    out.latin1(onlyMatching ? text : text + show(line.slice(at)) + eolText);
  };
  const plain = (view: View, start: number, end: number, isSelected: boolean): void => {
    if (isHeaded)
      out.latin1(
        head(numbers ? numbering.at(view, start) : 0, view.origin + start, isSelected ? SELECTED : CONTEXT),
      );
    out.bytes(view.bytes, start, end);
  };
  const printLine = onlyMatching || colour || options.safe ? marked : plain;
  const print: Printer['record'] = !lineBuffered
    ? printLine
    : (view, start, end, isSelected) => {
        printLine(view, start, end, isSelected);
        out.flush();
      };
  const record: Printer['record'] = !units
    ? print
    : (view, start, end, isSelected) => {
        for (let at = start; at < end; ) {
          const next = view.bytes.indexOf(eol, at) + 1;
          print(view, at, next, isSelected);
          at = next;
        }
      };
  return {
    begin: (name) => {
      numbering.begin();
      heads[SELECTED] = nameHead(name, SELECTED, options);
      heads[CONTEXT] = nameHead(name, CONTEXT, options);
    },
    record,
    ...(printLine === plain &&
      !isHeaded &&
      !lineBuffered && {
        run: ({ bytes }, start, end) => out.bytes(bytes, start, end),
      }),
    settle: (view, end) => {
      out.settle();
      if (numbers) numbering.at(view, end);
    },
    separator: () => {
      if (options.separator !== undefined)
        out.latin1(`${styled(STYLE.separator, options.separator, colour)}\n`);
    },
  };
};
