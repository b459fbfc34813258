/** A set of characters: one place in a pattern. */

import { type ClassName, isAscii, isOf } from './classes.js';
import { counterparts, standingFor } from './fold.js';

export interface CharSet {
  /** Equal for equal sets. */
  readonly key: string;
  /** Whether a character is in it; what is no character (-1) never is. The line end is for others to leave out. */
  readonly has: (code: number) => boolean;
  /** The characters beyond ASCII in it: all of them, just these, or too many to name. */
  readonly beyond: 'all' | 'many' | readonly number[];
}

export interface CharSetOptions {
  /** First and last code point of each. */
  readonly ranges?: readonly (readonly [number, number])[];
  readonly classes?: readonly { readonly name: ClassName; readonly negated: boolean }[];
  readonly negated?: boolean;
  readonly ignoreCase?: boolean;
}

const FEW = 16;
const UNASKED = -1;

const fewOf = (ranges: readonly (readonly [number, number])[], ignoreCase: boolean): number[] | 'many' => {
  const codes = new Set<number>();
  for (const [first, last] of ranges) {
    if (last >= 0x80 && last - Math.max(first, 0x80) >= FEW) return 'many';
    for (let code = ignoreCase ? first : Math.max(first, 0x80); code <= last; code++)
      for (const one of ignoreCase ? counterparts(code) : [code]) if (one >= 0x80) codes.add(one);
  }
  return [...codes];
};

/** The set of all that is in a range or class, or of all that is not. */
export const charSet = (options: CharSetOptions): CharSet => {
  const { ranges = [], classes = [], negated = false, ignoreCase = false } = options;
  const named = classes.map(({ name, negated: not }) => ({
    name: ignoreCase && (name === 'upper' || name === 'lower') ? 'alpha' : name,
    not,
  }));
  const plainly = (code: number): boolean => {
    for (const [first, last] of ranges) if (code >= first && code <= last) return true;
    for (const { name, not } of named) if (isOf(name, code) !== not) return true;
    return false;
  };
  const wanted =
    ignoreCase && ranges.length > 0 ? (code: number) => standingFor(code).some(plainly) : plainly;

  const many = named.some(({ name }) => !isAscii(name));
  const few = many ? 'many' : fewOf(ranges, ignoreCase);
  const hasOpposite = named.some(({ not }) => not);
  const beyond = (): CharSet['beyond'] => {
    if (few === 'many') return 'many';
    if (hasOpposite) return negated ? [] : 'all';
    if (!negated) return few;
    return few.length === 0 ? 'all' : 'many';
  };
  // One asks the same of the same characters, over and over.
  const ascii = new Int8Array(0x80).fill(UNASKED);
  const others = new Map<number, boolean>();
  const has = (code: number): boolean => {
    if (code < 0) return false;
    if (code < 0x80) {
      if (ascii[code] === UNASKED) ascii[code] = wanted(code) !== negated ? 1 : 0;
      return ascii[code] === 1;
    }
    let known = others.get(code);
    if (known === undefined) {
      known = wanted(code) !== negated;
      others.set(code, known);
    }
    return known;
  };
  return { key: JSON.stringify([ranges, named, negated, ignoreCase]), has, beyond: beyond() };
};

const asciiMembers = new WeakMap<CharSet, readonly number[]>();

/** The ASCII characters in it. */
export const asciiOf = (set: CharSet): readonly number[] => {
  let members = asciiMembers.get(set);
  if (members === undefined) {
    members = Array.from({ length: 0x80 }, (_, code) => code).filter(set.has);
    asciiMembers.set(set, members);
  }
  return members;
};
