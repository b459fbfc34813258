/**
 * Scans over raw text, and what becomes of them under `and` and `or`. A scan finds lines that may be wanted; it never passes over one
 * that is.
 */

/** Offset of a character within the first line at or after the line start `from` that may be wanted, or -1. */
export type Scan = (text: string, from: number) => number;

/** The same scan, which remembers what it found last: others ask it again from somewhere before that. */
const remembering = (scan: Scan): Scan => {
  let known = '';
  let asked = 0;
  let found = -1;
  return (text, from) => {
    if (text === known && from >= asked && (found < 0 || found >= from)) return found;
    known = text;
    asked = from;
    found = scan(text, from);
    return found;
  };
};

const lineStart = (text: string, at: number): number => (at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1);

const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
};

/** The lines that any of the scans finds. */
export const either = (scans: readonly Scan[]): Scan => {
  const remembered = scans.map(remembering);
  return (text, from) => {
    let first = -1;
    for (const scan of remembered) {
      const at = scan(text, from);
      if (at >= 0 && (first < 0 || at < first)) first = at;
    }
    return first;
  };
};

/** The lines that all of the scans find: the one that is furthest ahead leads. */
export const both = (scans: readonly Scan[]): Scan => {
  if (scans.length === 1) return scans[0] as Scan;
  const remembered = scans.map(remembering);
  return (text, from) => {
    for (let start = from; ; ) {
      let furthest = -1;
      let nearest = Number.POSITIVE_INFINITY;
      for (const scan of remembered) {
        const at = scan(text, start);
        if (at < 0) return -1;
        furthest = Math.max(furthest, at);
        nearest = Math.min(nearest, at);
      }
      const line = lineStart(text, furthest);
      if (nearest >= line && furthest <= lineEnd(text, nearest)) return nearest;
      start = line;
    }
  };
};

/** The lines that hold a text of ASCII characters. */
export const literal =
  (word: string): Scan =>
  (text, from) =>
    text.indexOf(word, from);

const BRACE = /\n\{\r?(?:\n|$)/g;

const BRACE_ALONE = /\{\r?(?:\n|$)/y;

/** The lines at which JSON begins that is laid out over several: what a scan looks for in one line may stand in any of those that follow. */
export const laidOut: Scan = (text, from) => {
  BRACE_ALONE.lastIndex = from;
  if (BRACE_ALONE.test(text)) return from;
  BRACE.lastIndex = from;
  const found = BRACE.exec(text);
  return found === null ? -1 : found.index + 1;
};
