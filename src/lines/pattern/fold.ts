/** Upper and lower case of one character, as `grep -i` has it in C.UTF-8: simple mappings, no strings (ß is not SS). */

const mapped = (code: number, text: string): number => {
  const first = text.codePointAt(0) as number;
  return text.length === (first > 0xffff ? 2 : 1) ? first : code;
};
const upper = (code: number): number => mapped(code, String.fromCodePoint(code).toUpperCase());
const lower = (code: number): number => mapped(code, String.fromCodePoint(code).toLowerCase());

/**
 * Letters whose upper case has another lower case: ſ for S, ı for I, ς for Σ. GNU grep keeps such a list; that it is this one was
 * measured, every letter with a case against every other.
 */
const LONELY = [
  0xb5, 0x131, 0x17f, 0x1c5, 0x1c8, 0x1cb, 0x1f2, 0x345, 0x3c2, 0x3d0, 0x3d1, 0x3d5, 0x3d6, 0x3f0, 0x3f1,
  0x3f5, 0x1e9b, 0x1fbe,
] as const;
const lonely = LONELY.map((code) => [code, upper(code)] as const);

/** What a character of a pattern stands for when case is ignored, itself included. The Kelvin sign stands for itself only, and k not for it. */
export const counterparts = (code: number): ReadonlySet<number> => {
  const up = upper(code);
  const low = lower(up);
  const all = new Set([code, up]);
  if (upper(low) === up) all.add(low);
  for (const [other, itsUpper] of lonely) if (itsUpper === up) all.add(other);
  return all;
};

/** The characters of a pattern that stand for this one. */
export const standingFor = (code: number): number[] => {
  const near = new Set([lower(code), ...counterparts(code), ...counterparts(lower(code))]);
  return [...near].filter((other) => counterparts(other).has(code));
};

/** Equal for what a back-reference takes for the same when case is ignored. */
export const foldedCase = (code: number): number => upper(code);
