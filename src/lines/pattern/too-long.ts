/** Where finding a match would take too long. */

import { UserError } from '../../exit.js';

export const takesTooLong = (): never => {
  throw new UserError('the pattern takes too long: it can match a line in too many ways', {
    hint: 'Repeat nothing that repeats, as (a+)+ does. Without back-references, -o and --color a pattern may be anything: which lines match is then found in one pass.',
  });
};
