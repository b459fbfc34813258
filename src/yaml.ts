/** YAML read strictly, into nodes that know where they stand. The one home of the `yaml` package, which is loaded when first asked. */

import type * as Yaml from 'yaml';
import type { Document, Node, YAMLError } from 'yaml';
import { UserError, type UserErrorOptions } from './exit.js';
import { readPlainYaml } from './yaml-plain.js';

/** Where a node begins; line and column count from 1. */
export interface YamlPlace {
  readonly line: number;
  readonly column: number;
  /** In UTF-16 units. */
  readonly offset: number;
}

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly at: YamlPlace;
  readonly value: string | number | boolean | null;
  /** What Go's reader puts into a string: `1.50` as it is written, '' for null. */
  readonly text: string;
  readonly style: 'plain' | 'quoted' | 'literal' | 'folded';
}

export interface YamlEntry {
  readonly key: string;
  readonly keyAt: YamlPlace;
  readonly value: YamlNode;
}

export interface YamlMap {
  readonly kind: 'map';
  readonly at: YamlPlace;
  /** As written, each key once; what `<<` brings stands behind. */
  readonly entries: readonly YamlEntry[];
}

export interface YamlList {
  readonly kind: 'list';
  readonly at: YamlPlace;
  readonly items: readonly YamlNode[];
}

export type YamlNode = YamlScalar | YamlMap | YamlList;

export interface YamlDocument {
  readonly file: string;
  /** The whole file, for who shows a line of it. */
  readonly text: string;
  /** None where nothing is written but comments. */
  readonly root: YamlNode | undefined;
  /** Where a second document begins: it is not read. */
  readonly second: YamlPlace | undefined;
}

/** The error of something in a file that is not right: `file:line:column: message`. */
export const yamlError = (
  file: string,
  at: Pick<YamlPlace, 'line' | 'column'>,
  message: string,
  options?: UserErrorOptions,
): UserError => new UserError(`${file}:${at.line}:${at.column}: ${message}`, options);

/** An entry of a map; none where the node is no map, too. */
export const yamlEntry = (node: YamlNode | undefined, key: string): YamlEntry | undefined =>
  node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;

export const yamlValue = (node: YamlNode | undefined, key: string): YamlNode | undefined =>
  yamlEntry(node, key)?.value;

/** The same without places: what JSON.parse would give. */
export const yamlToJson = (node: YamlNode | undefined): unknown => {
  if (node === undefined) return null;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(yamlToJson);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, yamlToJson(value)]));
};

/** Deeper than anything that people write. */
const DEEPEST = 200;
/** What all aliases of a file may stand for. */
const MOST_ALIASED = 100_000;

/**
 * Reads the first document of a text. Syntax errors, keys that stand twice, and keys that are no plain words are UserErrors
 * with file, line and column.
 */
export const readYaml = async (
  text: string,
  file: string,
  options: UserErrorOptions = {},
): Promise<YamlDocument> => readPlainYaml(text, file) ?? parseYaml(text, file, options);

/** The same, whatever it is written like. */
export const parseYaml = async (
  text: string,
  file: string,
  options: UserErrorOptions = {},
): Promise<YamlDocument> => {
  const yaml = await import('yaml');
  return read(yaml, text, file, options);
};

const read = (yaml: typeof Yaml, text: string, file: string, options: UserErrorOptions): YamlDocument => {
  const lines = new yaml.LineCounter();
  const place = (offset: number): YamlPlace => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col), offset };
  };
  const wrong: Wrong = (message, offset, hint) => {
    throw yamlError(file, place(offset), message, hint === undefined ? options : { ...options, hint });
  };
  const deepest = tooDeep(text);
  if (deepest !== undefined)
    throw yamlError(file, placeIn(text, deepest), `nested deeper than ${DEEPEST} levels`, options);
  const document = yaml.parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  }) as unknown as Document;
  const second = document.errors.find(({ code }) => code === 'MULTIPLE_DOCS')?.pos[0];
  const problem = document.errors.find(({ code }) => code !== 'MULTIPLE_DOCS');
  if (problem !== undefined) report(yaml, document, text, problem, wrong);
  return {
    file,
    text,
    root: document.contents === null ? undefined : nodeOf(yaml, document, place, wrong),
    second: second === undefined ? undefined : place(second),
  };
};

type Wrong = (message: string, offset: number, hint?: string) => never;

/** What the parser takes for a map in a map is mostly a text, such as a range without an end. */
const QUOTES = 'A text with a colon at its end, or before a space, is written in quotes: "nginx=1:".';

const placeIn = (text: string, offset: number): Pick<YamlPlace, 'line' | 'column'> => {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) as string).length + 1 };
};

/**
 * Where it is nested too deep to be read. The package calls itself at every level, and a stack that comes to its end within a
 * regular expression ends the whole process. Brackets in texts and comments count too, and are never that many.
 */
const tooDeep = (text: string): number | undefined => {
  let open = 0;
  for (const bracket of text.matchAll(/[[\]{}]/g)) {
    open = bracket[0] === '[' || bracket[0] === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > DEEPEST) return bracket.index;
  }
  const indents: number[] = [];
  for (const line of text.matchAll(/^([ \t]*)((?:[-?:][ \t]+)*)\S/gm)) {
    const indent = (line[1] as string).length;
    while (indents.length > 0 && (indents.at(-1) as number) >= indent) indents.pop();
    indents.push(indent);
    for (const sign of (line[2] as string).matchAll(/[-?:]/g)) indents.push(indent + 1 + sign.index);
    if (indents.length > DEEPEST) return line.index;
  }
  return undefined;
};

const report = (
  yaml: typeof Yaml,
  document: Document,
  text: string,
  problem: YAMLError,
  wrong: Wrong,
): never => {
  const [start] = problem.pos;
  // The parser says where it gave up, which may be far from the bracket that has no end.
  const open = problem.code === 'BAD_INDENT' ? lastFlow(yaml, document, start) : undefined;
  if (open !== undefined) return wrong(`"${text[open]}" has no end`, open);
  const hint = problem.code === 'BLOCK_AS_IMPLICIT_KEY' ? QUOTES : undefined;
  return wrong(problem.message.replace(/\s+/g, ' '), start, hint);
};

/** Where the innermost bracket that is still open at an offset stands. */
const lastFlow = (yaml: typeof Yaml, document: Document, end: number): number | undefined => {
  let open: number | undefined;
  yaml.visit(document, {
    Collection: (_, { flow, range }) => {
      if (flow && range && range[1] >= end) open = range[0];
    },
  });
  return open;
};

const STYLES: Readonly<Record<string, YamlScalar['style']>> = {
  PLAIN: 'plain',
  QUOTE_DOUBLE: 'quoted',
  QUOTE_SINGLE: 'quoted',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

const nodeOf = (
  yaml: typeof Yaml,
  document: Document,
  place: (offset: number) => YamlPlace,
  wrong: Wrong,
): YamlNode => {
  let aliased = 0;
  const scalar = (node: Yaml.Scalar | null, offset: number): YamlScalar => {
    const raw = node?.value ?? null;
    const value =
      raw === null || typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean'
        ? raw
        : String(raw);
    const source = node?.source ?? '';
    return {
      kind: 'scalar',
      at: place(offset),
      value,
      text: typeof value === 'string' ? value : value === null ? '' : source || String(value),
      style: STYLES[node?.type ?? ''] ?? 'plain',
    };
  };
  const convert = (node: Node | null, offset: number, depth: number, byAlias: boolean): YamlNode => {
    const at = node?.range?.[0] ?? offset;
    if (depth > DEEPEST) return wrong(`nested deeper than ${DEEPEST} levels`, at);
    if (byAlias && ++aliased > MOST_ALIASED) return wrong('aliases make too much of this', at);
    if (yaml.isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined) return wrong(`there is no anchor "${node.source}"`, at);
      return convert(target, at, depth + 1, true);
    }
    if (yaml.isSeq(node)) {
      const items = node.items.map((item) => convert(item as Node | null, at, depth + 1, byAlias));
      return { kind: 'list', at: place(at), items };
    }
    if (!yaml.isMap(node)) return scalar(node as Yaml.Scalar | null, at);
    const entries = new Map<string, YamlEntry>();
    const merged: YamlEntry[] = [];
    for (const { key, value } of node.items) {
      const keyNode = key as Node | null;
      const keyOffset = keyNode?.range?.[0] ?? at;
      const name = convert(keyNode, keyOffset, depth + 1, byAlias);
      if (name.kind !== 'scalar') return wrong('a key is a word, not a map or a list', keyOffset);
      const plain = convert(value as Node | null, keyNode?.range?.[1] ?? keyOffset, depth + 1, byAlias);
      if (name.text === '<<' && name.style === 'plain') {
        for (const source of plain.kind === 'list' ? plain.items : [plain]) {
          if (source.kind !== 'map') return wrong('"<<" wants a map, or a list of maps', keyOffset);
          merged.push(...source.entries);
        }
        continue;
      }
      const before = entries.get(name.text);
      if (before !== undefined)
        return wrong(`"${name.text}" stands here already, at line ${before.keyAt.line}`, keyOffset);
      entries.set(name.text, { key: name.text, keyAt: name.at, value: plain });
    }
    for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    return { kind: 'map', at: place(at), entries: [...entries.values()] };
  };
  return convert(document.contents as Node | null, 0, 0, false);
};

/**
 * Where a place within a scalar stands in the file: exact for literal blocks and for what is on one line without escapes,
 * else where the scalar begins.
 */
export const placeInScalar = (
  { text }: Pick<YamlDocument, 'text'>,
  node: YamlScalar,
  offset: number,
): YamlPlace => {
  const { at, style } = node;
  const before = node.text.slice(0, offset);
  const rest = text.slice(at.offset);
  const quote = style === 'quoted' ? 1 : 0;
  if (style === 'plain' || style === 'quoted') {
    if (!rest.startsWith(node.text, quote) || node.text.includes('\n')) return at;
    const moved = quote + before.length;
    return { line: at.line, column: at.column + moved, offset: at.offset + moved };
  }
  const lines = rest.split('\n');
  const written = node.text.split('\n');
  const row = before.split('\n').length - 1;
  const line = lines[1 + row];
  const indent = line?.indexOf(written[row] as string) ?? -1;
  // A folded block is like a literal one as long as its lines were not joined.
  if (line === undefined || indent < 0 || line.slice(0, indent).trim() !== '') return at;
  const column = indent + (before.split('\n').at(-1) as string).length;
  const start = lines.slice(0, 1 + row).reduce((sum, one) => sum + one.length + 1, 0);
  return { line: at.line + 1 + row, column: column + 1, offset: at.offset + start + column };
};

/** Plain data as YAML, keys in their order; long texts are not folded. */
export const writeYaml = async (value: unknown): Promise<string> => {
  const { stringify } = await import('yaml');
  return stringify(value, { lineWidth: 0 });
};
