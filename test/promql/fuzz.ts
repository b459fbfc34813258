/** Texts that nobody meant as queries, and what has to come of them. */

import * as fc from 'fast-check';
import { expect } from 'vitest';
import { ParseError } from '../../src/promql/ast.js';
import { parse } from '../../src/promql/parse.js';
import { print } from '../../src/promql/print.js';

const WORDS =
  'sum by ( ) { } [ ] : , 5m foo " \' ` \\ =~ != offset @ and 1e 0x . .* # \n - + ^ rate on bool start'.split(
    ' ',
  );

/** Bytes, characters, and words of the language in no order. */
export const randomBytes: fc.Arbitrary<string> = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString()),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.string({ unit: 'binary', maxLength: 30 }),
  // Halves of surrogate pairs too, which no file can hold.
  fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.array(fc.constantFrom(...WORDS), { maxLength: 30 }).map((all) => all.join('')),
  fc.array(fc.constantFrom(...WORDS), { maxLength: 30 }).map((all) => all.join(' ')),
);

/** An expression whose text can be read again, or an error within the text. Anything else is thrown. */
export const mustAnswer = (query: string): void => {
  let printed: string;
  try {
    printed = print(parse(query));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    expect(error.message).toMatch(/^\d+:\d+: parse error: ./);
    expect(error.span.start).toBeGreaterThanOrEqual(0);
    expect(error.span.start).toBeLessThanOrEqual(query.length);
    return;
  }
  expect(print(parse(printed))).toBe(printed);
};
