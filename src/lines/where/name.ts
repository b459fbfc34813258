/**
 * What a field is called: `status`, `req.headers.host`, `"user agent"`, `filesystem[/var].used_percent` as in core/path.ts,
 * and Loki's flattened names (`req_headers_host`), which look like plain words.
 */

export interface Name {
  readonly text: string;
  /** They lead from the whole line to the field. */
  readonly steps: readonly string[];
  /** Has neither dots, brackets nor quotes. */
  readonly plain: boolean;
  /** The key at the top that it may be as a whole: `log.level` is one in Elastic's logs. Not where brackets say otherwise. */
  readonly key?: string;
}

/** Where and why a text is not understood, and what to do about it. `at` counts characters from 0. */
export class WhereError extends Error {
  readonly at: number;
  readonly hint: string | undefined;
  constructor(message: string, at: number, hint?: string) {
    super(message);
    this.at = at;
    this.hint = hint;
  }
}

const FIRST = /[A-Za-z_][A-Za-z0-9_]*/y;
const LATER = /[A-Za-z0-9_]+/y;
const BARE_ID = /[^,\]"][^,\]]*/y;
const QUOTED = /"(?:[^"\\]|\\.)*"/suy;

const take = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
};

/** A name in quotes, written as JSON has it. */
const readQuoted = (text: string, at: number): { key: string; end: number } => {
  const found = take(QUOTED, text, at);
  if (found === undefined) throw new WhereError('unfinished quote', at);
  try {
    return { key: JSON.parse(found) as string, end: at + found.length };
  } catch {
    throw new WhereError('bad escape in a quoted name', at);
  }
};

const skipSpaces = (text: string, start: number): number => {
  let at = start;
  while (text[at] === ' ') at++;
  return at;
};

/** What stands in brackets, from just after the opening one. */
const readIdentity = (text: string, start: number): { keys: readonly string[]; end: number } => {
  const keys: string[] = [];
  let at = start;
  for (;;) {
    at = skipSpaces(text, at);
    if (text[at] === '"') {
      const { key, end } = readQuoted(text, at);
      keys.push(key);
      at = skipSpaces(text, end);
    } else {
      const bare = take(BARE_ID, text, at);
      if (bare === undefined || bare.trim() === '')
        throw new WhereError('expected a name between the brackets', at);
      keys.push(bare.trim());
      at += bare.length;
    }
    if (text[at] === ']') return { keys, end: at + 1 };
    if (text[at] !== ',') throw new WhereError('expected "," or "]"', at);
    at++;
  }
};

/** Reads a name at `start` and says where it ends; undefined where none begins there. Throws WhereError. */
export const readName = (text: string, start = 0): { name: Name; end: number } | undefined => {
  const steps: string[] = [];
  let at = start;
  const step = (word: RegExp): boolean => {
    if (text[at] === '"') {
      const { key, end } = readQuoted(text, at);
      steps.push(key);
      at = end;
      return true;
    }
    const found = take(word, text, at);
    if (found === undefined) return false;
    steps.push(found);
    at += found.length;
    return true;
  };
  const quoted = text[start] === '"';
  if (!step(FIRST)) return undefined;
  for (;;) {
    if (text[at] === '[') {
      const { keys, end } = readIdentity(text, at + 1);
      steps.push(...keys);
      at = end;
    } else if (text[at] === '.') {
      at++;
      if (!step(LATER))
        throw new WhereError('expected a name after "."', at, 'odd names stand in quotes: req."user-agent"');
    } else break;
  }
  const whole = text.slice(start, at);
  const key = steps.length === 1 ? steps[0] : steps.join('.') === whole ? whole : undefined;
  const name = {
    text: whole,
    steps,
    plain: steps.length === 1 && !quoted,
    ...(key !== undefined && { key }),
  };
  return { name, end: at };
};

/** The name that a whole text is. What is no name by the grammar is a key at the top: `user-agent`, `@timestamp`. */
export const parseName = (text: string): Name => {
  try {
    const read = readName(text);
    if (read !== undefined && read.end === text.length) return read.name;
  } catch (error) {
    if (!(error instanceof WhereError)) throw error;
  }
  return { text, steps: [text], plain: false, key: text };
};
