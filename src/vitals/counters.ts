/** Columns of numbers, as procfs has them in its tables. */

const ZERO = 48;
const BLANK = 32;
const TAB = 9;

/** The whole number that stands in a text at `at`, behind blanks; undefined where none does. */
export const firstCounter = (text: string, at: number): number | undefined => {
  let value = -1;
  for (let index = at; ; index++) {
    const code = text.charCodeAt(index);
    const digit = code - ZERO;
    if (digit >= 0 && digit <= 9) value = value < 0 ? digit : value * 10 + digit;
    else if (value >= 0) return value;
    else if (code !== BLANK && code !== TAB) return undefined;
  }
};

/**
 * Puts the whole numbers that stand in a text from `at` on, parted by blanks, up to what is neither, into `columns`; says how
 * many they are. What `columns` had behind them stays. Looked at character by character: to cut a line into words, and to
 * make numbers of those, takes longer and leaves more garbage.
 */
export const readCounters = (text: string, at: number, columns: number[]): number => {
  let count = 0;
  let value = -1;
  for (let index = at; ; index++) {
    // NaN behind the end, which is no digit either.
    const code = text.charCodeAt(index);
    const digit = code - ZERO;
    if (digit >= 0 && digit <= 9) value = value < 0 ? digit : value * 10 + digit;
    else {
      if (value >= 0) columns[count++] = value;
      value = -1;
      if (code !== BLANK && code !== TAB) return count;
    }
  }
};
