/**
 * From an expression to a scan over raw lines of JSON, so that only lines which may be wanted need to be parsed. What it cannot tell,
 * it lets pass: the expression itself decides.
 */

import type { Expression, Test } from '../expression.js';
import { escapesOf } from './escapes.js';
import { fieldScan } from './fields.js';
import { both, either, literal, type Scan } from './scan.js';

/** Shorter texts stand everywhere. */
const SHORTEST_LITERAL = 3;

/** What must stand in a line, as it is but for escapes, for one of its values to be this text; undefined where it may be a number. */
const literalOf = (test: Test): string | undefined => {
  if (test.kind !== 'text' || test.negative || String(Number(test.text)) === test.text) return undefined;
  const runs = test.text.match(/[\x20\x21\x23-\x2e\x30-\x5b\x5d-\x7e]+/g) ?? [];
  const longest = runs.reduce((long, run) => (run.length > long.length ? run : long), '');
  return longest.length < SHORTEST_LITERAL ? undefined : longest;
};

const compile = (expression: Expression, characters: Set<string>): Scan | undefined => {
  const need = (text: string): void => {
    for (const character of text) characters.add(character);
  };
  if ('parts' in expression) {
    const scans = expression.parts.map((part) => compile(part, characters));
    const known = scans.filter((scan) => scan !== undefined);
    if (known.length === 0 || (expression.kind === 'or' && known.length < scans.length)) return undefined;
    return expression.kind === 'or' ? either(known) : both(known);
  }
  const field = fieldScan(expression);
  if (field === undefined) return undefined;
  need(field.characters);
  const word = literalOf(expression);
  if (word === undefined) return field.scan;
  need(word);
  return both([literal(word), field.scan]);
};

/**
 * Finds the lines that the expression may be true of, in `latin1` text whose lines are JSON objects and whose fields are what JSON.parse
 * makes of them; undefined where that may be any line.
 */
export const compileScan = (expression: Expression): Scan | undefined => {
  const characters = new Set<string>();
  const scan = compile(expression, characters);
  return scan === undefined ? undefined : either([scan, escapesOf([...characters].join(''))]);
};
