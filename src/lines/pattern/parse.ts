/**
 * POSIX regular expressions, basic and extended, as GNU grep reads them (the order of questions is that of its lexer, which decides what is
 * an operator and what is itself), with Perl's \d \D \t \r \n \f \v, (?:…) and lazy quantifiers in extended ones.
 */

import { UserError } from '../../exit.js';
import { classEscape, controlEscape, parseBracket } from './bracket.js';
import { charSet } from './charset.js';
import { choiceOf, EMPTY, type Node, type Place, sequenceOf } from './node.js';

export interface ParseOptions {
  readonly extended: boolean;
  readonly ignoreCase: boolean;
  /** Number of the first group, where several patterns share a program. */
  readonly firstGroup: number;
}

/** RE_DUP_MAX of the C library. */
const MOST_TIMES = 32_767;
const DEEPEST = 500;

const PLACES: Readonly<Record<string, Place>> = {
  b: 'boundary',
  B: 'no-boundary',
  '<': 'word-start',
  '>': 'word-end',
  '`': 'line-start',
  "'": 'line-end',
};

const literals = [new Map<string, Node>(), new Map<string, Node>()] as const;

/** A character that is itself; the same node for the same one, since word lists have many. */
export const literal = (char: string, ignoreCase: boolean): Node => {
  const known = literals[ignoreCase ? 1 : 0];
  let node = known.get(char);
  if (node === undefined) {
    const code = char.codePointAt(0) as number;
    node = { kind: 'set', set: charSet({ ranges: [[code, code]], ignoreCase }) };
    known.set(char, node);
  }
  return node;
};

const ANY: Node = { kind: 'set', set: charSet({ negated: true }) };

/** What a pattern means, and how many groups it has; throws UserError, kind usage, saying where it is none. */
export const parse = (pattern: string, options: ParseOptions): { node: Node; groups: number } => {
  const { extended, ignoreCase, firstGroup } = options;
  const chars = Array.from(pattern);
  let at = 0;
  let groups = 0;
  let closed: ReadonlySet<number> = new Set();

  const fail = (what: string, where: number): never => {
    throw new UserError(`no such pattern: ${pattern}: ${what}, at character ${where + 1}`, {
      kind: 'usage',
      // tail and check take patterns as well, and have no -F. Only grep has basic ones, where a backslash makes operators.
      hint: extended
        ? 'A backslash before a character takes it as itself; grep -F takes a whole pattern so.'
        : '-F takes the whole pattern as it stands.',
    });
  };
  /** Whether an operator stands here: bare in extended expressions, behind a backslash in basic ones. */
  const isAt = (operator: string): boolean =>
    extended ? chars[at] === operator : chars[at] === '\\' && chars[at + 1] === operator;
  const width = extended ? 1 : 2;

  /** The times of `{2,3}` at the brace, and the index behind; undefined where it is itself. */
  const interval = (): { min: number; max: number; end: number } | undefined => {
    const rest = chars.slice(at + width, at + width + 24).join('');
    const found = (extended ? /^(\d*)(,?)(\d*)\}/ : /^(\d*)(,?)(\d*)\\\}/).exec(rest);
    const [text = '', low = '', comma = '', high = ''] = found ?? [];
    if (found === null || (low === '' && comma === '')) {
      if (extended) return undefined;
      const closes = chars.slice(at).join('').includes('\\}');
      return fail(closes ? 'the times between \\{ and \\} are no numbers' : 'unmatched \\{', at);
    }
    const min = Number(low);
    let max = Number(high);
    if (comma === '') max = min;
    else if (high === '') max = Number.POSITIVE_INFINITY;
    if (min > max) fail(`from ${min} to ${max} times is in the wrong order`, at);
    if (min > MOST_TIMES || (max > MOST_TIMES && max !== Number.POSITIVE_INFINITY))
      fail(`at most ${MOST_TIMES} times can be asked for`, at);
    return { min, max, end: at + width + text.length };
  };

  /** The quantifier that stands here, if any, is taken. */
  const times = (): { min: number; max: number } | undefined => {
    if (chars[at] === '*') {
      at++;
      return { min: 0, max: Number.POSITIVE_INFINITY };
    }
    if (isAt('+') || isAt('?')) {
      const max = isAt('?') ? 1 : Number.POSITIVE_INFINITY;
      at += width;
      return { min: max === 1 ? 0 : 1, max };
    }
    if (!isAt('{')) return undefined;
    const found = interval();
    if (found !== undefined) at = found.end;
    return found;
  };

  const group = (depth: number): Node => {
    const begin = at;
    if (depth >= DEEPEST) fail('groups are nested too deep', at);
    at += width;
    const counts = !(extended && chars[at] === '?' && /^[:=!<]$/.test(chars[at + 1] ?? ''));
    if (!counts) {
      if (chars[at + 1] !== ':') fail('there is no looking around', begin);
      at += 2;
    }
    const index = counts ? groups++ : -1;
    const body = choice(depth + 1);
    if (!isAt(')')) fail('unmatched (', begin);
    at += width;
    if (!counts) return body;
    closed = new Set([...closed, index]);
    return { kind: 'group', body, index: firstGroup + index };
  };

  const escaped = (): Node => {
    const char = chars[at + 1];
    if (char === undefined) return fail('a backslash ends it', at);
    if (/[1-9]/.test(char)) {
      const index = Number(char) - 1;
      if (!closed.has(index)) fail(`there is no group ${char} before`, at);
      at += 2;
      return { kind: 'back', index: firstGroup + index };
    }
    at += 2;
    const place = PLACES[char];
    if (place !== undefined) return { kind: 'place', place };
    const meant = classEscape(char);
    if (meant !== undefined && (extended || meant.name !== 'digit'))
      return { kind: 'set', set: charSet({ classes: [meant] }) };
    return literal((extended ? controlEscape(char) : undefined) ?? char, ignoreCase);
  };

  const atom = (depth: number, first: boolean): Node => {
    const char = chars[at] as string;
    if (isAt('(')) return group(depth);
    if (char === '\\') return escaped();
    if (char === '[') {
      const { set, end } = parseBracket(chars, at + 1, { ignoreCase, escapes: extended, fail });
      at = end;
      return { kind: 'set', set };
    }
    at++;
    if (char === '.') return ANY;
    if (char === '^' && (extended || first)) return { kind: 'place', place: 'line-start' };
    if (char === '$' && (extended || at >= chars.length || isAt(')') || isAt('|')))
      return { kind: 'place', place: 'line-end' };
    return literal(char, ignoreCase);
  };

  const sequence = (depth: number): Node => {
    const parts: Node[] = [];
    const begin = at;
    // Up to the first character that is matched, an operator has nothing to repeat.
    let start = true;
    while (at < chars.length && !isAt('|')) {
      if (isAt(')')) {
        if (depth > 0) break;
        if (!extended) fail('unmatched \\)', at);
      }
      if (start && extended && times() !== undefined) continue;
      let node: Node;
      if (start && !extended && (isAt('+') || isAt('?') || isAt('{'))) {
        node = literal(chars[at + 1] as string, ignoreCase);
        at += 2;
      } else node = atom(depth, at === begin);
      start = start && node.kind === 'place';
      while ((extended || !start) && at < chars.length) {
        if (extended && node.kind !== 'place' && chars[at] === '{' && chars[at + 1] === '}')
          fail('there are no times between { and }', at);
        const found = times();
        if (found === undefined) break;
        const lazy = extended && chars[at] === '?';
        if (lazy) at++;
        node = { kind: 'repeat', body: node, min: found.min, max: found.max, lazy };
      }
      parts.push(node);
    }
    return sequenceOf(parts);
  };

  const choice = (depth: number): Node => {
    // A branch cannot refer to a group of the one before.
    const before = closed;
    const options = [sequence(depth)];
    const after = new Set(closed);
    while (isAt('|')) {
      at += width;
      closed = before;
      options.push(sequence(depth));
      for (const index of closed) after.add(index);
    }
    closed = after;
    return choiceOf(options);
  };

  const node = pattern === '' ? EMPTY : choice(0);
  return { node, groups };
};
