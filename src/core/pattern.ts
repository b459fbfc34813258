/** Names as people pick them: `*` is any text, `?` one character, everything else itself; always the whole name. */

import type { Filter } from './vital.js';

const compile = (pattern: string): RegExp => {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 'su');
};

/** Whether a name is one of those that the patterns mean. */
export const matcher = (patterns: readonly string[]): ((name: string) => boolean) => {
  const compiled = patterns.map(compile);
  return (name) => compiled.some((pattern) => pattern.test(name));
};

/** The names a filter lets in: `only` replaces `defaults` and wins over `except`, which leaves out more of them. */
export const letIn = (
  filter: Filter | undefined,
  defaults: (name: string) => boolean = () => true,
): ((name: string) => boolean) => {
  if (filter?.only !== undefined) return matcher(filter.only);
  if (filter?.except === undefined) return defaults;
  const isOut = matcher(filter.except);
  return (name) => defaults(name) && !isOut(name);
};
