/** Structured data of RFC 5424 6.3: `[id name="value" …][…]`, or `-`. */

import type { Fields } from '../line.js';

interface Structured {
  /** An object for each id. */
  readonly fields: Readonly<Record<string, Fields>>;
  /** The offset after it. */
  readonly end: number;
}

const NAME = '[^\\s=\\]"]{1,32}';
const ELEMENT = new RegExp(`\\[(${NAME})((?: ${NAME}="(?:[^"\\\\\\]]|\\\\.)*")*)\\]`, 'ys');
const PARAM = new RegExp(` (${NAME})="((?:[^"\\\\\\]]|\\\\.)*)"`, 'gs');

/** Only these three have an escape; before anything else a backslash is a backslash (6.3.3). */
const unescapeValue = (text: string): string =>
  text.includes('\\') ? text.replace(/\\(["\\\]])/g, '$1') : text;

/** The structured data at an offset; undefined where there is none that is whole. */
export const readStructured = (line: string, at: number): Structured | undefined => {
  const fields: Record<string, Fields> = {};
  let end = at;
  if (line.charCodeAt(at) === 45) end = at + 1;
  else
    for (;;) {
      ELEMENT.lastIndex = end;
      const [all, id, params = ''] = ELEMENT.exec(line) ?? [];
      if (all === undefined || id === undefined) break;
      const pairs = [...params.matchAll(PARAM)].map(([, name = '', value = '']) => [
        name,
        unescapeValue(value),
      ]);
      fields[id] = Object.fromEntries(pairs);
      end += all.length;
    }
  if (end === at || (end < line.length && line.charCodeAt(end) !== 32)) return undefined;
  return { fields, end };
};
