/** Patterns as JavaScript's regular expressions over bytes, which V8 makes machine code of. */

import { asciiOf, type CharSet } from './charset.js';
import type { Node, Place } from './node.js';
import { bytesOf } from './utf8.js';

const byteSource = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`;

/** A valid character beyond ASCII, in bytes (table 3-7 of the Unicode standard). */
const BEYOND_ASCII = [
  '[\\xc2-\\xdf][\\x80-\\xbf]',
  '\\xe0[\\xa0-\\xbf][\\x80-\\xbf]',
  '[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}',
  '\\xed[\\x80-\\x9f][\\x80-\\xbf]',
  '\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}',
  '[\\xf1-\\xf3][\\x80-\\xbf]{3}',
  '\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}',
];

export interface Text {
  readonly lineEnd: number;
  /** Whether nothing beyond ASCII is in the text, so that sets need not be written further. */
  readonly isAscii: boolean;
}

/** One character of the set; undefined where it holds too many to write down. */
const sourceOfSet = (set: CharSet, { lineEnd, isAscii }: Text): string | undefined => {
  const beyond = isAscii ? [] : set.beyond;
  if (beyond === 'many') return undefined;
  const ascii = asciiOf(set).filter((code) => code !== lineEnd);
  const options: string[] = [];
  if (ascii.length > 0) {
    let source = '';
    for (let index = 0; index < ascii.length; ) {
      let last = index;
      while (ascii[last + 1] === (ascii[last] as number) + 1) last++;
      source += byteSource(ascii[index] as number);
      if (last > index) source += `-${byteSource(ascii[last] as number)}`;
      index = last + 1;
    }
    options.push(ascii.length === 1 ? source : `[${source}]`);
  }
  if (beyond === 'all') options.push(...BEYOND_ASCII);
  else
    for (const code of beyond)
      options.push(Array.from(bytesOf(code), (byte) => byteSource(byte.charCodeAt(0))).join(''));
  if (options.length === 0) return '[]';
  const one = options.length === 1 && ascii.length > 0;
  return one ? options[0] : `(?:${options.join('|')})`;
};

const sourceOfPlace = (place: Place, lineEnd: number): string => {
  const inLine = `[^${byteSource(lineEnd)}]`;
  const sources: Record<Place, string> = {
    'line-start': `(?<!${inLine})`,
    'line-end': `(?!${inLine})`,
    boundary: '\\b',
    'no-boundary': '\\B',
    'word-start': '\\b(?=\\w)',
    'word-end': '\\b(?<=\\w)',
    'no-word-before': '(?<!\\w)',
    'no-word-after': '(?!\\w)',
  };
  return sources[place];
};

/** The pattern; undefined where it cannot be written. Words are ASCII's. */
const sourceOf = (node: Node, text: Text): string | undefined => {
  switch (node.kind) {
    case 'set':
      return sourceOfSet(node.set, text);
    case 'place':
      return sourceOfPlace(node.place, text.lineEnd);
    case 'sequence': {
      let source = '';
      for (const part of node.parts) {
        const written = sourceOf(part, text);
        if (written === undefined) return undefined;
        source += written;
      }
      return source;
    }
    case 'choice': {
      const options = node.options.map((option) => sourceOf(option, text));
      return options.includes(undefined) ? undefined : `(?:${options.join('|')})`;
    }
    case 'repeat': {
      const body = sourceOf(node.body, text);
      if (body === undefined) return undefined;
      const max = node.max === Number.POSITIVE_INFINITY ? '' : node.max;
      return `(?:${body}){${node.min},${max}}${node.lazy ? '?' : ''}`;
    }
    case 'group':
      return sourceOf(node.body, text);
    case 'back':
      return undefined;
  }
};

const LONGEST_SOURCE = 20_000;

/** The expression, sought from `lastIndex`; undefined where there is none, or one too long for V8. */
export const expressionOf = (node: Node, text: Text): RegExp | undefined => {
  const source = sourceOf(node, text);
  if (source === undefined || source.length > LONGEST_SOURCE) return undefined;
  // A plain text would be sought like indexOf; in a group it becomes code, which is twice as fast (4-8 GB/s).
  return new RegExp(`(?:${source})`, 'g');
};

/** Ways in which a pattern that ends can match at one place, and the characters of the longest; Infinity where it does not end. */
export const waysOf = (node: Node): { readonly ways: number; readonly length: number } => {
  switch (node.kind) {
    case 'set':
      return { ways: 1, length: 1 };
    case 'place':
      return { ways: 1, length: 0 };
    case 'sequence': {
      let [ways, length] = [1, 0];
      for (const part of node.parts) {
        const of = waysOf(part);
        ways *= of.ways;
        length += of.length;
      }
      return { ways, length };
    }
    case 'choice': {
      const all = node.options.map(waysOf);
      return {
        ways: all.reduce((sum, { ways }) => sum + ways, 0),
        length: Math.max(...all.map(({ length }) => length)),
      };
    }
    case 'repeat': {
      const { ways, length } = waysOf(node.body);
      let sum = 0;
      if (node.max > 100) sum = Number.POSITIVE_INFINITY;
      else for (let times = node.min; times <= node.max; times++) sum += ways ** times;
      return { ways: sum, length: length * node.max };
    }
    case 'group':
      return waysOf(node.body);
    case 'back':
      return { ways: Number.POSITIVE_INFINITY, length: Number.POSITIVE_INFINITY };
  }
};

/** The set that a match of the node begins with, where that is one. */
const firstSet = (node: Node | undefined): CharSet | undefined => {
  if (node?.kind === 'set') return node.set;
  if (node?.kind === 'repeat' && node.min > 0) return firstSet(node.body);
  if (node?.kind === 'sequence' || node?.kind === 'group')
    return firstSet(node.kind === 'group' ? node.body : node.parts[0]);
  return undefined;
};

const isAsciiOnly = (set: CharSet): boolean => typeof set.beyond !== 'string' && set.beyond.length === 0;

/** Whether no character is in both, as far as that is easily told. */
const areApart = (one: CharSet, other: CharSet): boolean => {
  if (!isAsciiOnly(one) && !isAsciiOnly(other)) return false;
  const members = new Set(asciiOf(other));
  return asciiOf(one).every((code) => !members.has(code));
};

/**
 * With how high a power of a line's length the steps of V8 can grow: one for the places to begin at, one more for each loop over single characters that
 * has to give back what it took because what follows could be in it. Infinity where loops are around more than one character.
 */
export const powerOf = (node: Node): number => {
  let power = 1;
  const visit = (inner: Node, next: Node | undefined, isLast: boolean): void => {
    if (inner.kind === 'group') visit(inner.body, next, isLast);
    else if (inner.kind === 'sequence')
      for (const [index, part] of inner.parts.entries())
        visit(part, inner.parts[index + 1] ?? next, isLast && index === inner.parts.length - 1);
    else if (inner.kind === 'choice') for (const option of inner.options) visit(option, next, isLast);
    else if (inner.kind === 'back') power = Number.POSITIVE_INFINITY;
    else if (inner.kind === 'repeat' && inner.max > inner.min) {
      if (inner.body.kind !== 'set') {
        if (inner.max > 1) power = Number.POSITIVE_INFINITY;
        else visit(inner.body, next, isLast);
        return;
      }
      if (inner.max === 1 || isLast) return;
      const following = firstSet(next);
      if (following === undefined || !areApart(inner.body.set, following)) power++;
    } else if (inner.kind === 'repeat' && inner.body.kind !== 'set') {
      const { ways } = waysOf(inner.body);
      if (ways ** inner.min > 100) power = Number.POSITIVE_INFINITY;
      else visit(inner.body, undefined, false);
    }
  };
  visit(node, undefined, true);
  return power;
};
