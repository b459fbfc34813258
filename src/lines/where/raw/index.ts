/**
 * From an expression to a scan over raw lines of JSON, so that only lines which may be wanted need to be parsed. What it cannot tell,
 * it lets pass: the expression itself decides.
 */

import type { Value } from '../../line.js';
import { testValues } from '../evaluate.js';
import type { Expression, Test } from '../expression.js';
import { nameOf } from '../look-up.js';
import { escapesOf } from './escapes.js';
import { type FieldScan, fieldScan } from './fields.js';
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

/** What a line has under these names may stand in it under others. */
const DERIVED = new Set(['time', 'message', 'msg']);

/** Undefined where it could be any line: a test that is passed by what is absent, and names that are not sure to stand in the line. */
const testScan = (test: Test): FieldScan | undefined => {
  const { name } = test;
  if (testValues(test, [])) return undefined;
  if (name.plain && (DERIVED.has(name.text) || (name.text === 'level' && test.kind !== 'amount')))
    return undefined;
  const field = fieldScan(name, (values) => testValues(test, values));
  const word = literalOf(test);
  if (field === undefined || word === undefined) return field;
  return { scan: both([literal(word), field.scan]), characters: field.characters + word };
};

const scanOf = (expression: Expression): FieldScan | undefined => {
  if (!('parts' in expression)) return testScan(expression);
  const scans = expression.parts.map(scanOf);
  const known = scans.filter((scan) => scan !== undefined);
  if (known.length === 0 || (expression.kind === 'or' && known.length < scans.length)) return undefined;
  const join = expression.kind === 'or' ? either : both;
  return {
    scan: join(known.map(({ scan }) => scan)),
    characters: known.map(({ characters }) => characters).join(''),
  };
};

/**
 * Finds the lines that the expression may be true of and whose own `level` may be one of the wanted ones, in `latin1` text whose lines are
 * JSON objects and whose fields are what JSON.parse makes of them; undefined where that may be any line.
 */
export const compileScan = (wanted: {
  readonly expression?: Expression | undefined;
  readonly mayBeLevel?: ((value: Value) => boolean) | undefined;
}): Scan | undefined => {
  const { expression, mayBeLevel } = wanted;
  const scans = [
    expression === undefined ? undefined : scanOf(expression),
    mayBeLevel === undefined ? undefined : fieldScan(nameOf('level'), (values) => values.some(mayBeLevel)),
  ].filter((scan) => scan !== undefined);
  if (scans.length === 0) return undefined;
  const characters = scans.map((scan) => scan.characters).join('');
  return either([both(scans.map(({ scan }) => scan)), escapesOf(characters)]);
};
