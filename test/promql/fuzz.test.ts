import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { mustAnswer, randomBytes } from './fuzz.js';
import { hurtExpression } from './random-expression.js';

/** 100,000 of each are tried in test/system/promql-fuzz.test.ts. */
describe('whatever is asked', () => {
  it.each([
    ['bytes', randomBytes],
    ['hurt expressions', hurtExpression],
  ])('%s are an expression, or an error at a place', (_, queries) => {
    fc.assert(fc.property(queries, mustAnswer), { numRuns: 1500 });
  });
});
