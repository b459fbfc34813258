/** An expression as it was typed, and what is wrong with it. */

import { clean } from '../../core/clean.js';
import { nearestWord } from '../../core/nearest.js';
import { widthOf } from '../../core/width.js';
import { UserError } from '../../exit.js';
import { type Expr, ParseError } from '../../promql/ast.js';
import { signatures } from '../../promql/functions/signatures.js';
import { parse } from '../../promql/parse.js';

/** Cells of an expression that are shown around a mistake. */
const SHOWN = 76;

/** The line of the text with the mistake, and signs below it. */
const pointAt = (text: string, start: number, end: number): string => {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', start);
  const lineEnd = next < 0 ? text.length : next;
  // Of a long line, what is around it.
  const from = start - lineStart < SHOWN ? lineStart : start - SHOWN / 2;
  const to = Math.min(lineEnd, from + SHOWN);
  const before = widthOf(clean(text.slice(from, start)));
  const length = Math.max(1, widthOf(clean(text.slice(start, Math.min(Math.max(start, end), to)))));
  return `${clean(text.slice(from, to))}\n  ${' '.repeat(before)}${'^'.repeat(length)}`;
};

const advice = (reason: string): string => {
  const [, name] = /^unknown function with name "(.*)"$/.exec(reason) ?? [];
  if (name === undefined) return '';
  // Of two that are as near, the one that begins so.
  const names = [...signatures().keys()];
  const longer = names.filter((one) => one.startsWith(name));
  const near = nearestWord(name, [...longer, ...names]);
  return near === undefined ? '' : `\n  did you mean ${near}?`;
};

/** Throws a UserError that shows where the mistake is. */
export const parseExpression = (text: string): Expr => {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const { start, end } = error.span;
    throw new UserError(error.message, {
      kind: 'usage',
      hint: `${pointAt(text, start, end)}${advice(error.reason)}`,
      cause: error,
    });
  }
};
