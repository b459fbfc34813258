/**
 * Regular expressions in RE2's syntax and meaning, which no text can make slow. Those of PromQL are about the whole of a text, with
 * dots that match newlines; those of templates are looked for in it.
 */

import { RE2JS } from 're2js';
import { type Match, simpleMatch, simpleRegexp } from './regexp-simple.js';

/** The message is Go's: "error parsing regexp: missing closing ): `(a`". */
export class RegexpError extends Error {}

/** RE2 for what is not simple. Its package is loaded when it is first used: 8 ms, which most runs never need (build.js). */
const compile = (pattern: string, flags: number): RE2JS => {
  try {
    // Without flags first: with them, they stand in its messages.
    const plain = RE2JS.compile(pattern);
    return flags === 0 ? plain : RE2JS.compile(pattern, flags);
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
  const expression = compile(pattern, RE2JS.DOTALL);
  return (text) => expression.matches(text);
};

const groupsOf = (matcher: ReturnType<RE2JS['matcher']>): Match =>
  Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? undefined);

const namesOf = (expression: RE2JS): Regexp['names'] =>
  new Map(Object.entries(expression.namedGroups() as Record<string, number>));

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
  const expression = compile(pattern, RE2JS.DOTALL);
  const match = (text: string): Match | undefined => {
    const matcher = expression.matcher(text);
    return matcher.matches() ? groupsOf(matcher) : undefined;
  };
  return { match, names: namesOf(expression) };
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

/** Whether it is found anywhere in a text, on one line where it has dots. Throws a RegexpError. */
export const findRegexp = (pattern: string, text: string): boolean =>
  compile(pattern, 0).matcher(text).find();

/** Go's Regexp.ReplaceAllString. An empty find right behind another is none. Throws a RegexpError. */
export const replaceRegexp = (pattern: string, text: string, template: string): string => {
  const expression = compile(pattern, 0);
  const names = namesOf(expression);
  const matcher = expression.matcher(text);
  let made = '';
  let done = 0;
  let any = false;
  while (matcher.find()) {
    const [start, end] = [matcher.start(), matcher.end()];
    if (any && start === end && start === done) continue;
    made += text.slice(done, start) + expand(template, groupsOf(matcher), names);
    done = end;
    any = true;
  }
  return made + text.slice(done);
};
