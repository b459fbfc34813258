/** What was found as JSON, an object a line: the shape of ripgrep's --json, whose readers there are. */

import type { Matcher } from '../matcher.js';
import type { UnitOptions } from '../multiline.js';
import type { Collector } from './collect.js';
import { countByte } from './count-byte.js';
import type { PrintOptions, TextPrinter } from './print.js';
import { readRecord } from './read-lines.js';

/** Text where the bytes are UTF-8, else the bytes themselves. */
type Data = { readonly text: string } | { readonly bytes: string };

const dataOf = (bytes: Buffer): Data => {
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') && !Buffer.from(text, 'utf8').equals(bytes)
    ? { bytes: bytes.toString('base64') }
    : { text };
};

/** What was found in one text, or in all. */
interface Stats {
  searches: number;
  searches_with_match: number;
  bytes_searched: number;
  matched_lines: number;
  matches: number;
}

const noStats = (): Stats => ({
  searches: 0,
  searches_with_match: 0,
  bytes_searched: 0,
  matched_lines: 0,
  matches: 0,
});

export interface JsonPrinter extends TextPrinter {
  /** What was found in all. */
  readonly summary: () => void;
}

/**
 * `begin`, `match`, `context` and `end` for each text in which something was found. Where lines are read for what they say, a match
 * has time, level and message too, as far as they are known.
 */
export const openJsonPrinter = (
  out: Collector,
  matcher: Matcher | undefined,
  { eol, invert, lineBuffered }: PrintOptions,
): JsonPrinter => {
  const all = noStats();
  let stats = noStats();
  let path: Data = { text: '' };
  let reading: UnitOptions | undefined;
  let hasBegun = false;
  let number = 0;
  let counted = 0;

  const write = (type: string, data: unknown): void => {
    out.latin1(`${Buffer.from(JSON.stringify({ type, data }), 'utf8').toString('latin1')}\n`);
    if (lineBuffered) out.flush();
  };
  const begin = (): void => {
    if (!hasBegun) write('begin', { path });
    hasBegun = true;
  };
  const said = (view: Parameters<TextPrinter['record']>[0], start: number, end: number): object => {
    const line = reading && readRecord(view, start, end, reading);
    if (line === undefined) return {};
    const { time, level, message } = line;
    return {
      ...(time !== undefined && { time }),
      ...(level !== undefined && { level }),
      ...(message !== undefined && { message }),
    };
  };
  return {
    begin: (name, newReading) => {
      stats = { ...noStats(), searches: 1 };
      path = { text: name };
      reading = newReading;
      hasBegun = false;
      number = 0;
      counted = 0;
    },
    record: (view, start, end, isSelected) => {
      begin();
      const { bytes, origin } = view;
      number += countByte(bytes, eol, counted - origin, start);
      counted = origin + start;
      const record = bytes.subarray(start, end);
      const spans =
        isSelected !== invert ? (matcher?.spans(record.toString('latin1', 0, end - start - 1)) ?? []) : [];
      const submatches = [];
      for (let index = 0; index < spans.length; index += 2) {
        const [from, to] = [spans[index] as number, spans[index + 1] as number];
        submatches.push({ match: dataOf(record.subarray(from, to)), start: from, end: to });
      }
      if (isSelected) {
        stats.matched_lines += countByte(bytes, eol, start, end);
        stats.matches += submatches.length;
      }
      write(isSelected ? 'match' : 'context', {
        path,
        lines: dataOf(record),
        line_number: number + 1,
        absolute_offset: counted,
        submatches,
        ...said(view, start, end),
      });
    },
    settle: ({ bytes, origin }, end) => {
      out.settle();
      number += countByte(bytes, eol, counted - origin, end);
      counted = origin + end;
      stats.bytes_searched = counted;
    },
    end: () => {
      stats.searches_with_match = stats.matched_lines > 0 ? 1 : 0;
      if (hasBegun) write('end', { path, binary_offset: null, stats });
      for (const name of Object.keys(all) as (keyof Stats)[]) all[name] += stats[name];
    },
    separator: () => {},
    summary: () => write('summary', { stats: all }),
  };
};
