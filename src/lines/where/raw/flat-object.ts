/** Objects without others in them, in the compact form in which nearly all are written: told by two searches, without parsing. */

import { type Passes, readScalar } from './value.js';

const SCALAR = String.raw`(?:-?\d[\d.eE+-]*|"[^"\\\n]*(?:\\.[^"\\\n]*)*"|true|false|null)`;

/**
 * Whether the value of `key` in the object at an offset may pass; undefined where it has to be parsed to tell, as when
 * the key comes twice. `others` is what other keys are made of.
 */
export const flatObject = (key: string, others: string, passes: Passes) => {
  const other = `"(?!${key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}")${others}*":${SCALAR}`;
  const before = new RegExp(`\\{(?:${other},)*`, 'y');
  const last = new RegExp(`(?:${other})?\\}`, 'y');
  const after = new RegExp(`(?:,${other})*\\}`, 'y');
  const start = `"${key}":`;
  return (text: string, at: number): boolean | undefined => {
    before.lastIndex = at;
    if (!before.test(text)) return undefined;
    const next = before.lastIndex;
    if (!text.startsWith(start, next)) {
      last.lastIndex = next;
      return last.test(text) ? false : undefined;
    }
    const scalar = readScalar(text, next + start.length);
    if (scalar === undefined) return undefined;
    if (passes([scalar.value])) return true;
    after.lastIndex = scalar.end;
    return after.test(text) ? false : undefined;
  };
};
