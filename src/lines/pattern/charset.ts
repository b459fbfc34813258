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
  const others = named.some(({ not }) => not);
  const beyond = (): CharSet['beyond'] => {
    if (few === 'many') return 'many';
    if (others) return negated ? [] : 'all';
    if (!negated) return few;
    return few.length === 0 ? 'all' : 'many';
  };
  return {
    key: JSON.stringify([ranges, named, negated, ignoreCase]),
    has: (code) => code >= 0 && wanted(code) !== negated,
    beyond: beyond(),
  };
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
