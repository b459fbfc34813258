/** Labels in parentheses. */

import { quote, unquote } from '../strings.js';
import { NO_LABELS } from './grammar.js';
import type { Kind } from './token.js';
import type { Words } from './words.js';

const labelOf = ({ peek, take, unexpected, fail }: Words): string => {
  const token = peek();
  const named: readonly Kind[] = ['identifier', 'aggregator', 'keyword', 'preprocessor', 'metric'];
  if (token.kind === 'string') {
    const name = unquote(take().text);
    return name === '' ? fail(token, `invalid label name for grouping: ${quote(name)}`) : name;
  }
  const isWord = named.includes(token.kind) || (token.kind === 'operator' && /^[a-z]/.test(token.what));
  if (!isWord || NO_LABELS.has(token.what)) return unexpected('grouping opts', 'label');
  take();
  return token.kind === 'metric'
    ? fail(token, `invalid label name for grouping: ${quote(token.text)}`)
    : token.text;
};

/** `(a, b)`: of by and without, on and ignoring, group_left and group_right. */
export const readGrouping = (words: Words): string[] => {
  const { accept, peek, unexpected } = words;
  if (accept('(') === undefined) unexpected('grouping opts', '"("');
  const labels: string[] = [];
  while (accept(')') === undefined) {
    labels.push(labelOf(words));
    if (accept(',') === undefined && peek().what !== ')') unexpected('grouping opts', '"," or ")"');
  }
  return labels;
};
