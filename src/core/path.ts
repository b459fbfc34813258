/** `group[identity].field`: the one grammar for thresholds, --where, --fields and screens. */

/** Without an identity a path means any row of the group. */
export interface Path {
  readonly group: string;
  readonly id?: readonly string[];
  readonly field: string;
}

const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;

/** Where and why a text is not a path. `at` counts characters from 0. */
export class PathError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const word = (text: string, at: number, what: string): string => {
  WORD.lastIndex = at;
  const found = WORD.exec(text)?.[0];
  if (found === undefined) throw new PathError(`expected ${what}`, at);
  return found;
};

/** A JSON string beginning at `at`, and where it ends. */
const quoted = (text: string, at: number): [string, number] => {
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  if (end >= text.length) throw new PathError('unfinished quote', at);
  try {
    return [JSON.parse(text.slice(at, end + 1)) as string, end + 1];
  } catch {
    throw new PathError('bad escape in a quoted name', at);
  }
};

/** Names inside `[…]`: quoted as in JSON, or bare up to the next comma or bracket. `at` is just after the bracket. */
const identity = (text: string, start: number): [string[], number] => {
  const id: string[] = [];
  let at = start;
  for (;;) {
    while (text[at] === ' ') at++;
    if (text[at] === '"') {
      const [name, end] = quoted(text, at);
      id.push(name);
      at = end;
      while (text[at] === ' ') at++;
    } else {
      let end = at;
      while (end < text.length && text[end] !== ',' && text[end] !== ']') end++;
      const name = text.slice(at, end).trim();
      if (name === '') throw new PathError('expected a name between the brackets', at);
      id.push(name);
      at = end;
    }
    if (text[at] === ']') return [id, at + 1];
    if (text[at] !== ',') throw new PathError('expected "," or "]"', at);
    at++;
  }
};

/** Reads a path at `start` and says where it ends, for grammars that contain paths. Throws PathError. */
export const readPath = (text: string, start = 0): { path: Path; end: number } => {
  const group = word(text, start, 'a group name such as "memory"');
  let at = start + group.length;
  let id: readonly string[] | undefined;
  if (text[at] === '[') [id, at] = identity(text, at + 1);
  if (text[at] !== '.') throw new PathError(`expected "." and a field after "${text.slice(start, at)}"`, at);
  const field = word(text, at + 1, 'a field name such as "used_percent"');
  const path = id === undefined ? { group, field } : { group, id, field };
  return { path, end: at + 1 + field.length };
};

/** Throws PathError when `text` is not a path from its beginning to its end. */
export const parsePath = (text: string): Path => {
  const { path, end } = readPath(text);
  if (end !== text.length) throw new PathError(`unexpected "${text.slice(end)}"`, end);
  return path;
};

/** Controls as they are: to look up a property of Unicode takes Node longer than all that a check does with paths. */
const BARE = /^[^\s\u0000-\u001f\u007f-\u009f,\]"[][^\u0000-\u001f\u007f-\u009f,\]"[]*$/u;

const formatName = (name: string): string =>
  BARE.test(name) && name.trim() === name ? name : JSON.stringify(name);

/** The text `parsePath` reads back as the same path. */
export const formatPath = ({ group, id, field }: Path): string =>
  `${group}${id === undefined || id.length === 0 ? '' : `[${id.map(formatName).join(',')}]`}.${field}`;
