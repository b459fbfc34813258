/** GNU tail's words for what happens to files, and ours for what it does not notice. */

import type { Happening } from '../../lines/follow/index.js';
import { reasonOf, reasonOfCode } from '../texts/reasons.js';
import { nameOf } from './input.js';
import { quoteAlways, quoteIfNeeded } from './quote.js';
import type { FollowWish, Source } from './source.js';

const quoted = ({ path }: Source): string => quoteAlways(nameOf(path));

const givingUp = (isGivenUp: boolean): string => (isGivenUp ? '; giving up on this name' : '');

/** Of sysmon's own log, which nobody has named, it is said how there comes to be one. */
export const cannotOpen = (source: Source, error: unknown): string => {
  const isNotBegun = source.own === true && (error as NodeJS.ErrnoException).code === 'ENOENT';
  return `cannot open ${quoted(source)} for reading: ${reasonOf(error)}${isNotBegun ? ' (to begin it: sysmon log)' : ''}`;
};

export const cannotRead = (source: Source, error: unknown): string =>
  `error reading ${quoted(source)}: ${reasonOf(error)}`;

export const cannotFollow = ({ path }: Source, isGivenUp: boolean): string =>
  `${quoteIfNeeded(nameOf(path))}: cannot follow end of this type of file${givingUp(isGivenUp)}`;

export const NOTHING_LEFT = 'no files remaining';

export const happened = (source: Source, happening: Happening, { by, retry }: FollowWish): string => {
  const name = quoted(source);
  switch (happening.what) {
    case 'appeared':
      return happening.same
        ? `${name} has appeared again;  going on with it`
        : `${name} has appeared;  following new file`;
    case 'accessible':
      return `${name} has become accessible`;
    case 'replaced':
      return `${name} has been replaced;  following new file`;
    case 'found':
      return `${quoteAlways(happening.path)} came and went as ${name}; it is shown too`;
    case 'missed':
      return `${quoteAlways(happening.path)} came and went as ${name}; it cannot be shown`;
    case 'truncated':
      return `${quoteIfNeeded(nameOf(source.path))}: file truncated${happening.how === 'rewritten' ? ' and written anew' : ''}`;
    case 'inaccessible':
      return retry
        ? `${name} has become inaccessible: ${reasonOfCode(happening.code)}`
        : `${quoteIfNeeded(nameOf(source.path))}: ${reasonOfCode(happening.code)}`;
    case 'untailable':
      return `${name} has been replaced with an untailable file${givingUp(happening.givenUp || !(by === 'name' && retry))}`;
    case 'unreadable':
      return `error reading ${name}: ${reasonOfCode(happening.code)}${givingUp(happening.givenUp)}`;
  }
};
