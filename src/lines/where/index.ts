/** `--where`: which lines are wanted for what their fields say. */

import { UserError } from '../../exit.js';
import type { LogLine } from '../line.js';
import { evaluate } from './evaluate.js';
import type { Expression } from './expression.js';
import { WhereError } from './name.js';
import { parseExpression } from './parse.js';

export { nameOf, valueIn, valueIn as valueOf, valuesOf } from './look-up.js';

export interface Where {
  readonly expression: Expression;
  readonly test: (line: LogLine) => boolean;
}

/** A label filter expression of LogQL, over Loki's names and paths. Throws a UserError of wrong usage that says the column. */
export const parseWhere = (text: string): Where => {
  try {
    const expression = parseExpression(text);
    return { expression, test: (line) => evaluate(expression, line) };
  } catch (error) {
    if (!(error instanceof WhereError)) throw error;
    throw new UserError(`--where: ${error.message}, at column ${error.at + 1}`, {
      kind: 'usage',
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
};
