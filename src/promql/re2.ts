/** The one home of re2js: RE2's regular expressions, which no text can make slow. Loaded when the first one is compiled. */

// 8 ms, which most runs never need: build.js has it loaded when it is first looked at.
import { RE2JS } from 're2js';

export interface Re2Pattern {
  /** Whether it is found anywhere in a text. */
  readonly finds: (text: string) => boolean;
  /** Each find replaced, with Go's `$1` and `${name}`. */
  readonly replaceAll: (text: string, by: string) => string;
}

/** Throws an Error in Go's words for what is no expression. */
export const compileRe2 = (pattern: string): Re2Pattern => {
  const compiled = RE2JS.compile(pattern);
  return {
    finds: (text) => compiled.matcher(text).find(),
    replaceAll: (text, by) => compiled.matcher(text).replaceAll(expandable(by)),
  };
};

/** Go's `$1x` is the group named `1x`; in re2js's words a group is `$1` or `${name}`, and a backslash escapes. */
const expandable = (by: string): string =>
  by.replace(/\\|\$\$|\$\{(\w+)\}|\$(\w+)|\$/g, (whole, braced?: string, bare?: string) => {
    if (whole === '\\') return '\\\\';
    const name = braced ?? bare;
    if (name === undefined) return '\\$';
    return /^\d+$/.test(name) ? `$${name}` : `\${${name}}`;
  });
