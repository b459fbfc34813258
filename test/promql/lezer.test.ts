/** Our parser beside the one that Prometheus's own web interface has: both take the same texts, but for what is listed here. */

import { parser } from '@prometheus-io/lezer-promql';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParseError } from '../../src/promql/ast.js';
import { parseTree } from '../../src/promql/parse/parser.js';
import { hurtExpression, randomExpression } from './random-expression.js';

const lezerTakes = (query: string): boolean => {
  let good = true;
  parser.parse(query).iterate({
    enter: ({ type }) => {
      if (type.isError) good = false;
    },
  });
  return good;
};

/** Why ours takes it not. */
const complaint = (query: string): string | undefined => {
  try {
    parseTree(query);
    return undefined;
  } catch (error) {
    if (error instanceof ParseError) return error.reason;
    throw error;
  }
};

interface Difference {
  readonly what: string;
  readonly query: string;
  /** Only of texts on which the two do not agree. */
  readonly explains: (query: string, ours: string | undefined) => boolean;
}

const said =
  (pattern: RegExp): Difference['explains'] =>
  (_, ours) =>
    ours !== undefined && pattern.test(ours);

const DIFFERENCES: readonly Difference[] = [
  {
    what: 'its grammar has no 2. (Prometheus has: literals.test)',
    query: '2.',
    explains: (query, ours) => ours === undefined && /\d\.(?!\d)/.test(query),
  },
  {
    what: 'its grammar has no metric called offset (Prometheus has)',
    query: 'offset',
    explains: (query, ours) => ours === undefined && /offset/i.test(query),
  },
  {
    what: 'its grammar has no underscores in hexadecimal numbers (Prometheus has)',
    query: '0x_1F',
    explains: (query, ours) => ours === undefined && /0x\w*_/i.test(query),
  },
  { what: 'it reads on behind an open quote', query: "'t", explains: said(/^unterminated/) },
  {
    what: 'it does not look into texts',
    query: String.raw`"\q"`,
    explains: said(/escape sequence/),
  },
  { what: 'it does not look into expressions', query: 'a{b=~"*"}', explains: said(/^error parsing regexp/) },
  { what: 'it does not work out numbers', query: '1e999', explains: said(/^error parsing number/) },
  {
    what: 'nor durations',
    query: '0s',
    explains: said(/^duration must be|^not a valid duration|out of range/),
  },
  { what: 'nor moments', query: 'a @ 1e30', explains: said(/^timestamp out of bounds/) },
  { what: 'it cuts a number from a word', query: '1offset 5', explains: said(/^bad number or duration/) },
  { what: 'it takes a range of anything', query: '1[5m]', explains: said(/^ranges only|before range$/) },
  {
    what: 'it takes a moment of anything',
    query: '1 @ 5',
    explains: said(/^(offset|@) .*must be preceded|not be set multiple/),
  },
  { what: 'it does not count arguments', query: 'sum()', explains: said(/arguments for aggregate/) },
  {
    what: 'it takes any number of signs',
    query: 'a offset +-5m',
    explains: said(/^unexpected <op:[-+]> in offset/),
  },
  {
    what: 'it takes atan2 as a name',
    query: '+ atan2',
    explains: (query, ours) =>
      ours !== undefined && /atan2/i.test(query) && /^unexpected <op:atan2>|trailing commas/i.test(ours),
  },
  { what: 'it has what is experimental', query: 'a[5m+1m]', explains: said(/sysmon does not have$/) },
];

describe('the grammar', () => {
  it.each(DIFFERENCES)('is not theirs: $what', ({ query, explains }) => {
    expect(lezerTakes(query)).toBe(complaint(query) !== undefined);
    expect(explains(query, complaint(query))).toBe(true);
  });

  it.each([
    ['good', randomExpression, 1000],
    ['hurt', hurtExpression, 3000],
  ] as const)('is theirs otherwise, on %s expressions', (_, expressions, numRuns) => {
    let taken = 0;
    fc.assert(
      fc.property(expressions, (query) => {
        const ours = complaint(query);
        if (ours === undefined) taken++;
        if (lezerTakes(query) === (ours === undefined)) return;
        expect(
          DIFFERENCES.some(({ explains }) => explains(query, ours)),
          `${query}: ${ours}`,
        ).toBe(true);
      }),
      // The same ones each time: what sets them apart once in 100,000 is found by another seed, and belongs into the list.
      { numRuns, seed: 1 },
    );
    // Neither all nor none: both ways of agreeing were looked at.
    expect(taken).toBeGreaterThan(numRuns / 10);
  });
});
