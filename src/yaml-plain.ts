/**
 * YAML as people mostly write it, read at once: block maps and lists, words, quoted texts on one line, literal blocks. Loading the whole
 * of YAML takes longer than all the rest of reading a rule file. What is anything else, or wrong, is not judged
 * here: whoever asks then has it read by the package, and a test holds both to the same nodes.
 */

import type { YamlDocument, YamlEntry, YamlNode, YamlPlace, YamlScalar } from './yaml.js';

/** Not plain: tabs, other ends of lines, and characters that YAML has rules about. */
const ODD = /[^\n\x20-\x7e\xa0-\ufefe\uff00-\ufffd]/;

/** `---` where it only says that the document begins; and what else may stand at the begin of a line and is no content. */
const MARKER = /^(?:---|\.\.\.|%)/;

const KEY = /([A-Za-z_][A-Za-z0-9_./-]{0,200}):(?: +|$)/y;
const NULL = /^(?:null|Null|NULL)$/;

/** What a plain text cannot begin with. */
const SIGN = /^(?:[&*!|>%@`{}[\],#?:"']|-(?: |$))/;

/** Words that are no texts, and those that look like numbers: which of them are is a long story. */
const SPECIAL = /^(?:[-+.0-9~]|(?:null|true|false)$)/i;
const WHOLE = /^(?:0|[1-9]\d{0,14})$/;
const DURATION = /^\d+(?:ms|[smhdwy])$/;

const DEEPEST = 50;

class NotPlain extends Error {}

const give = (): never => {
  throw new NotPlain();
};

interface Line {
  readonly text: string;
  readonly offset: number;
  readonly indent: number;
}

class Reader {
  #at = 0;
  readonly #lines: readonly Line[];

  constructor(text: string) {
    let offset = 0;
    this.#lines = text.split('\n').map((line) => {
      const made = { text: line, offset, indent: line.length - line.trimStart().length };
      offset += line.length + 1;
      return made;
    });
  }

  root(): YamlNode {
    const first = this.#next();
    if (first?.text === '---') this.#at++;
    const begin = this.#next();
    if (begin === undefined || begin.indent !== 0) return give();
    const node = this.#block(0, 0);
    return this.#next() === undefined ? node : give();
  }

  /** The next line with anything in it; undefined at the end. */
  #next(): Line | undefined {
    for (; ; this.#at++) {
      const line = this.#lines[this.#at];
      if (line === undefined) return undefined;
      if (line.indent < line.text.length && line.text[line.indent] !== '#') return line;
    }
  }

  #place(line: Line, column: number): YamlPlace {
    return { line: this.#at + 1, column: column + 1, offset: line.offset + column };
  }

  #block(indent: number, depth: number): YamlNode {
    const line = this.#next() as Line;
    if (depth > DEEPEST) return give();
    return isItem(line, indent) ? this.#list(indent, depth) : this.#map(indent, depth);
  }

  #list(indent: number, depth: number): YamlNode {
    const at = this.#place(this.#next() as Line, indent);
    const items: YamlNode[] = [];
    for (let line = this.#next(); line?.indent === indent && isItem(line, indent); line = this.#next()) {
      let from = indent + 1;
      while (line.text[from] === ' ') from++;
      // A list in a list, and an item that begins on a line of its own.
      if (from >= line.text.length || isItem(line, from)) return give();
      KEY.lastIndex = from;
      items.push(KEY.test(line.text) ? this.#map(from, depth + 1) : this.#value(line, from, indent));
    }
    return { kind: 'list', at, items };
  }

  /** A map whose keys stand at a column; the first one may have the sign of an item before it. */
  #map(indent: number, depth: number): YamlNode {
    const first = this.#next() as Line;
    const at = this.#place(first, indent);
    const entries = new Map<string, YamlEntry>();
    for (let line: Line | undefined = first; line !== undefined; line = this.#next()) {
      if (line !== first && line.indent !== indent) break;
      KEY.lastIndex = indent;
      const [whole, key] = KEY.exec(line.text) ?? [];
      // Behind a list of the same indentation there is no key: that is for the map around it, or wrong.
      if (whole === undefined || key === undefined) return give();
      if (NULL.test(key) || entries.has(key)) return give();
      const keyAt = this.#place(line, indent);
      const from = indent + whole.length;
      const isBlock = from >= line.text.length || line.text[from] === '#';
      entries.set(key, {
        key,
        keyAt,
        value: isBlock ? this.#below(indent, depth) : this.#value(line, from, indent),
      });
    }
    return { kind: 'map', at, entries: [...entries.values()] };
  }

  /** What stands below a key. */
  #below(indent: number, depth: number): YamlNode {
    this.#at++;
    const line = this.#next();
    if (line === undefined) return give();
    // A list may begin where its key does.
    const isHere = line.indent > indent || (line.indent === indent && isItem(line, indent));
    if (!isHere) return give();
    return this.#block(line.indent, depth + 1);
  }

  /** A scalar that begins on this line; what it belongs to is indented by `indent`. */
  #value(line: Line, from: number, indent: number): YamlScalar {
    const at = this.#place(line, from);
    const rest = line.text.slice(from);
    if (rest[0] === '|') return this.#literal(at, rest, indent);
    const scalar = rest[0] === "'" || rest[0] === '"' ? quoted(at, rest) : plain(at, rest);
    this.#at++;
    const next = this.#next();
    // It goes on, or something is wrong.
    if (next !== undefined && next.indent > indent) return give();
    return scalar;
  }

  #literal(at: YamlPlace, head: string, indent: number): YamlScalar {
    const strip = head === '|-';
    if (!strip && head !== '|') return give();
    const first = this.#lines[++this.#at];
    if (first === undefined || first.indent <= indent || first.indent === first.text.length) return give();
    const lines: string[] = [];
    for (; ; this.#at++) {
      const line = this.#lines[this.#at];
      // The end of the text: behind its last newline there is an empty line.
      if (line === undefined) break;
      const isEmpty = line.indent === line.text.length;
      if (!isEmpty && line.indent <= indent) break;
      if (!isEmpty && line.indent < first.indent) return give();
      // Blanks on a line of their own are content, where there are enough of them.
      if (isEmpty && line.text.length > first.indent) return give();
      lines.push(line.text.slice(first.indent));
    }
    while (lines.at(-1) === '') lines.pop();
    const text = lines.join('\n') + (strip ? '' : '\n');
    return { kind: 'scalar', at, value: text, text, style: 'literal' };
  }
}

const isItem = ({ text }: Line, column: number): boolean =>
  text[column] === '-' && (text[column + 1] === ' ' || column + 1 === text.length);

/** Nothing but a comment may come behind. */
const isEnd = (rest: string): boolean => /^ *$|^ +#/.test(rest);

const quoted = (at: YamlPlace, rest: string): YamlScalar => {
  const [whole, single, double] = /^(?:'((?:[^']|'')*)'(?!')|"([^"\\]*)")/.exec(rest) ?? [];
  if (whole === undefined || !isEnd(rest.slice(whole.length))) return give();
  const text = single === undefined ? (double as string) : single.replaceAll("''", "'");
  return { kind: 'scalar', at, value: text, text, style: 'quoted' };
};

const plain = (at: YamlPlace, rest: string): YamlScalar => {
  const comment = rest.indexOf(' #');
  const text = (comment < 0 ? rest : rest.slice(0, comment)).trimEnd();
  if (SIGN.test(text) || /:(?: |$)/.test(text)) return give();
  const isNumber = WHOLE.test(text);
  // No number and no special word has a blank in it.
  if (!isNumber && SPECIAL.test(text) && !text.includes(' ') && !DURATION.test(text)) return give();
  return { kind: 'scalar', at, value: isNumber ? Number(text) : text, text, style: 'plain' };
};

/** The document; undefined where it is not as plain as that. */
export const readPlainYaml = (text: string, file: string): YamlDocument | undefined => {
  if (ODD.test(text) || !text.endsWith('\n')) return undefined;
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => line !== '' && !line.startsWith('#'));
  if (lines.some((line, index) => MARKER.test(line) && !(index === begin && line === '---')))
    return undefined;
  try {
    return { file, text, root: new Reader(text).root(), second: undefined };
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
};
