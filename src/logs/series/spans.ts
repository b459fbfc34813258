/** Where some groups stand in a record: found in its bytes, so that nothing else of it need be parsed. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const CLOSE = 0x7d;

const OPEN = 0x7b;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** A number for a name, to tell most names apart by. */
const hashText = (bytes: Uint8Array): number => {
  let hash = 0;
  for (let index = 0; index < bytes.length; index++) hash = (hash * 31 + (bytes[index] as number)) | 0;
  return hash;
};

/** Names that are looked for, by what tells them in a line. */
export type Names = ReadonlyMap<number, readonly (readonly [name: string, bytes: Buffer])[]>;

export const namesFor = (names: Iterable<string>): Names => {
  const known = new Map<number, (readonly [string, Buffer])[]>();
  for (const name of names) {
    const bytes = Buffer.from(name);
    const hash = hashText(bytes);
    known.set(hash, [...(known.get(hash) ?? []), [name, bytes]]);
  }
  return known;
};

/** A native comparison would cost more than these few bytes do. */
const standsAt = (line: Buffer, start: number, bytes: Buffer): boolean => {
  for (let index = 0; index < bytes.length; index++) if (line[start + index] !== bytes[index]) return false;
  return true;
};

const nameAt = (line: Buffer, start: number, end: number, hash: number, names: Names): string | undefined => {
  const known = names.get(hash);
  if (known === undefined) return undefined;
  for (const [name, bytes] of known)
    if (bytes.length === end - start && standsAt(line, start, bytes)) return name;
  return undefined;
};

/** Offset of the quote that ends a string; `line.length` where none does. */
const endOfString = (line: Buffer, from: number): number => {
  let at = from;
  while (at < line.length && line[at] !== QUOTE) at += line[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, line.length);
};

/** Offset behind an object or a list that opens there; -1 where the line ends in it. Half of a short query's time is spent here. */
const endOfNested = (line: Uint8Array, from: number): number => {
  const { length } = line;
  let depth = 0;
  for (let at = from; at < length; ) {
    const byte = line[at++] as number;
    // Nearly all of it: digits and what stands between them.
    if (byte < OPEN_LIST && byte !== QUOTE) continue;
    if (byte === QUOTE) {
      for (;;) {
        const inner = line[at++];
        if (inner === QUOTE || inner === undefined) break;
        if (inner === BACKSLASH) at++;
      }
    } else if (byte >= OPEN) {
      if (byte === OPEN) depth++;
      else if (byte === CLOSE && --depth === 0) return at;
    } else if (byte === OPEN_LIST) depth++;
    else if (byte === CLOSE_LIST && --depth === 0) return at;
  }
  return -1;
};

/** Offset of what comes behind a value of an object: a comma or a closing brace; -1 where there is none. */
const endOfValue = (line: Buffer, from: number): number => {
  const first = line[from];
  if (first === OPEN || first === OPEN_LIST) return endOfNested(line, from);
  let at = first === QUOTE ? endOfString(line, from + 1) + 1 : from;
  while (at < line.length && line[at] !== COMMA && line[at] !== CLOSE) at++;
  return at < line.length ? at : -1;
};

/**
 * Goes through the keys of a record itself, from the quote of the first one on, until `count` of the names were found, and calls
 * back with the value of each; rows that are called like a group do not count, since they are inside of one. False
 * where the line is not such an object as sysmon writes: then only parsing it can tell what it is.
 */
export const findSpans = (
  line: Buffer,
  keys: number,
  names: Names,
  count: number,
  found: (name: string, span: Span) => boolean,
): boolean => {
  let left = count;
  if (line[line.length - 1] !== CLOSE) return false;
  for (let at = keys; at < line.length - 1; at++) {
    if (line[at] !== QUOTE) return false;
    const start = at + 1;
    let hash = 0;
    for (at = start; at < line.length && line[at] !== QUOTE; at++) {
      if (line[at] === BACKSLASH) {
        // No group of ours is written so, but it is a key all the same.
        at = endOfString(line, at);
        hash = 0;
        break;
      }
      hash = (hash * 31 + (line[at] as number)) | 0;
    }
    const end = at;
    if (line[end + 1] !== COLON) return false;
    at = endOfValue(line, end + 2);
    if (line[at] !== COMMA && line[at] !== CLOSE) return false;
    const name = nameAt(line, start, end, hash, names);
    if (name !== undefined && found(name, { start: end + 2, end: at }) && --left === 0) return true;
    if (line[at] === CLOSE) return at === line.length - 1;
  }
  return keys >= line.length - 1;
};
