/** Regular expressions of PromQL: RE2's syntax and meaning, always about the whole of a text, with dots that match newlines. */

import { RE2JS } from 're2js';
import { type Match, simpleMatch, simpleRegexp } from './regexp-simple.js';

/** The message is Go's: "error parsing regexp: missing closing ): `(a`". */
export class RegexpError extends Error {}

/** RE2 for what is not simple. Its package is loaded when it is first used. */
const compile = (pattern: string): RE2JS => {
  try {
    // Without flags first: with them, they stand in its messages.
    RE2JS.compile(pattern);
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (error) {
    const { message } = error as Error;
    if (!message.startsWith('error parsing regexp')) throw error;
    throw new RegexpError(message.endsWith('`') ? message : `${message}: \`\``);
  }
};

/** Whether all of a text matches. Throws a RegexpError. */
export const compileMatch = (pattern: string): ((text: string) => boolean) => {
  const simple = simpleMatch(pattern);
  if (simple !== undefined) return simple;
  const expression = compile(pattern);
  return (text) => expression.matches(text);
};

export interface Regexp {
  /** Of all of a text: what it and its groups matched, and undefined for a group that took no part. */
  readonly match: (text: string) => Match | undefined;
  /** Index of each named group; the first of a name. */
  readonly names: ReadonlyMap<string, number>;
}

/** Throws a RegexpError. */
export const compileRegexp = (pattern: string): Regexp => {
  const simple = simpleRegexp(pattern);
  if (simple !== undefined) return { match: simple, names: new Map() };
  const expression = compile(pattern);
  const groups = expression.groupCount();
  const match = (text: string): Match | undefined => {
    const matcher = expression.matcher(text);
    if (!matcher.matches()) return undefined;
    return Array.from({ length: groups + 1 }, (_, index) => matcher.group(index) ?? undefined);
  };
  return { match, names: new Map(Object.entries(expression.namedGroups() as Record<string, number>)) };
};

const REFERENCE = /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))?/gu;

/** Go's Regexp.Expand: `$1`, `${name}`, `$$`. A bare name is as long as it can be, so `$1x` is the group called 1x. */
export const expand = (template: string, match: Match, names: Regexp['names']): string =>
  template.replace(REFERENCE, (_, dollar?: string, braced?: string, bare?: string) => {
    const name = braced ?? bare;
    if (dollar !== undefined || name === undefined) return '$';
    const isIndex = /^(?:0|[1-9]\d{0,8})$/.test(name);
    const index = isIndex ? Number(name) : names.get(name);
    return (index === undefined ? undefined : match[index]) ?? '';
  });
