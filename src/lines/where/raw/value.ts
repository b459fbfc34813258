/** One value of a line of JSON, as it stands there. */

import type { Value } from '../../line.js';
import { decode } from './container.js';

/** A number, a text without escapes, or a word, and what may follow it. */
const SCALAR = /(?:(-?\d[\d.eE+-]*)|"([^"\\\n]*)"|(true|false|null))(?=[ \t\r]*[,}\]])/y;

/** Whether a line may be wanted whose field has these values. Absent, as an object or a list is, it must not be. */
export type Passes = (values: readonly Value[]) => boolean;

export interface Scalar {
  readonly value: Value;
  readonly end: number;
}

/** The scalar at `at`; undefined where something else stands there, or a text that has to be unescaped. */
export const readScalar = (text: string, at: number): Scalar | undefined => {
  SCALAR.lastIndex = at;
  const found = SCALAR.exec(text);
  if (found === null) return undefined;
  const [, number, quoted, word] = found;
  const end = SCALAR.lastIndex;
  if (number !== undefined) return { value: Number(number), end };
  if (quoted !== undefined) return { value: decode(quoted), end };
  return { value: word === 'null' ? null : word === 'true', end };
};

/** Whether the value that begins at `at` may pass. */
export const mayPass = (passes: Passes, text: string, at: number): boolean => {
  const character = text.charCodeAt(at);
  if (character === 0x7b || character === 0x5b) return false;
  const scalar = readScalar(text, at);
  return scalar === undefined || passes([scalar.value]);
};
