/** No crash and no hang on 100,000 texts of each kind. A hang is what the project's time limit ends. */

import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { mustAnswer, randomBytes } from '../promql/fuzz.js';
import { hurtExpression } from '../promql/random-expression.js';

describe('the parser', () => {
  it.each([
    ['random bytes', randomBytes],
    ['hurt expressions', hurtExpression],
  ])('answers to 100,000 of %s', (_, queries) => {
    fc.assert(fc.property(queries, mustAnswer), { numRuns: 100_000 });
  });
});
