/** Which key a terminal means by a control sequence: xterm, the Linux console, rxvt, and what is like them. */

import type { Key } from './keys.js';

/** The last letter of `CSI …` and of `SS3 …`. */
const LETTERS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  E: 'begin',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
};

/** rxvt's arrows: with Shift after CSI, with Ctrl after SS3. */
const RXVT_ARROWS: Readonly<Record<string, string>> = { a: 'up', b: 'down', c: 'right', d: 'left' };

/** The keypad where it speaks for itself. */
const KEYPAD: Readonly<Record<string, string>> = {
  M: 'enter',
  I: 'tab',
  ' ': ' ',
  X: '=',
  j: '*',
  k: '+',
  l: ',',
  m: '-',
  n: '.',
  o: '/',
  p: '0',
  q: '1',
  r: '2',
  s: '3',
  t: '4',
  u: '5',
  v: '6',
  w: '7',
  x: '8',
  y: '9',
};

/** The first number of `CSI … ~`. */
const NUMBERS: Readonly<Record<number, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};

const CONTROLS: Readonly<Record<number, string>> = {
  8: 'backspace',
  9: 'tab',
  10: 'enter',
  13: 'enter',
  27: 'escape',
  127: 'backspace',
};

/** `bits`: 1 Shift, 2 Alt, 4 Ctrl, as xterm sends them after taking 1 away. */
export const keyOf = (name: string, bits = 0): Key => ({
  kind: 'key',
  name,
  ctrl: (bits & 4) !== 0,
  alt: (bits & 2) !== 0,
  shift: (bits & 1) !== 0,
});

/** A character that was typed, a control character as the key it stands for. */
export const keyOfCode = (code: number, bits = 0): Key => {
  const control = CONTROLS[code];
  if (control !== undefined) return keyOf(control, bits);
  if (code === 0) return keyOf(' ', bits | 4);
  if (code < 0x20) return keyOf(String.fromCharCode(code + (code < 27 ? 0x60 : 0x40)), bits | 4);
  return keyOf(String.fromCodePoint(code), bits);
};

const bitsOf = (modifier: number | undefined): number => Math.max(0, (modifier ?? 1) - 1) & 7;

/** The key of `ESC O letter`, or `ESC O number letter`. */
export const keyOfSs3 = (parameter: number | undefined, letter: string): Key | undefined => {
  const bits = bitsOf(parameter);
  const arrow = RXVT_ARROWS[letter];
  if (arrow !== undefined) return keyOf(arrow, bits | 4);
  const name = LETTERS[letter] ?? KEYPAD[letter];
  return name === undefined ? undefined : keyOf(name, bits);
};

/** The key of `ESC [ numbers final`, which stands without a private sign. */
export const keyOfCsi = (numbers: readonly (number | undefined)[], final: string): Key | undefined => {
  const [first, second, third] = numbers;
  if (final === 'Z') return keyOf('tab', bitsOf(second) | 1);
  const arrow = RXVT_ARROWS[final];
  if (arrow !== undefined) return keyOf(arrow, 1);
  if (final === 'u') return first === undefined ? undefined : keyOfCode(first, bitsOf(second));
  if ('~$^@'.includes(final)) {
    // xterm's modifyOtherKeys.
    if (first === 27 && third !== undefined) return keyOfCode(third, bitsOf(second));
    const name = NUMBERS[first ?? 0];
    const rxvt = final === '$' ? 1 : final === '^' ? 4 : final === '@' ? 5 : 0;
    return name === undefined ? undefined : keyOf(name, bitsOf(second) | rxvt);
  }
  // A cursor report is `CSI row;column R`, which is also F3 with a modifier; nobody here asks for one.
  const name = LETTERS[final];
  return name === undefined ? undefined : keyOf(name, bitsOf(second));
};

/** The key of the Linux console's `ESC [ [ letter`, F1 to F5. */
export const keyOfConsole = (letter: string): Key | undefined =>
  letter >= 'A' && letter <= 'E' ? keyOf(`f${letter.charCodeAt(0) - 64}`) : undefined;
