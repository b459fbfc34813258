/** Numbers as GNU tail takes them: `5`, `+5`, `-5`, `1kB`, `2K`. */

import { UserError } from '../../exit.js';

/** How much of each file is shown at first. */
export interface Amount {
  readonly unit: 'lines' | 'bytes';
  /** Whether `count` tells where to begin, from 1 on, rather than how much there is up to the end. */
  readonly fromStart: boolean;
  /** Infinity for more than can be. */
  readonly count: number;
}

export const DEFAULT_AMOUNT: Amount = { unit: 'lines', fromStart: false, count: 10 };

/** In the order of their powers of 1024, or of 1000 with a B or D behind. */
const PREFIXES = 'KMGTPEZYRQ';

/** A prefix alone stands for one of it. */
const NUMBER = /^(\s*\+?\d+)?(?:(b)|([kKmMGTPEZYRQ])(iB|[BD])?)?$/;

/** Beyond what a file can hold a number means all of it, as in coreutils from 9.5 on. */
const finite = (value: number): number =>
  value > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : value;

const parseNumber = (text: string): number | undefined => {
  const [whole, digits, block, prefix, kind] = NUMBER.exec(text) ?? [];
  if (whole === undefined || whole === '') return undefined;
  const number = digits === undefined ? 1 : Number(digits);
  if (block !== undefined) return finite(number * 512);
  if (prefix === undefined) return finite(number);
  const base = kind === 'B' || kind === 'D' ? 1000 : 1024;
  return finite(number * base ** (PREFIXES.indexOf(prefix.toUpperCase()) + 1));
};

/** What stands behind -n or -c. Throws a UserError for what is no number. */
export const parseAmount = (text: string, unit: Amount['unit']): Amount => {
  const fromStart = text.startsWith('+');
  const bare = text.startsWith('-') ? text.slice(1) : text;
  const count = parseNumber(bare);
  if (count !== undefined) return { unit, fromStart, count };
  throw new UserError(`invalid number of ${unit}: '${bare}'`, { kind: 'usage' });
};

/** The same again as text. */
export const formatAmount = ({ fromStart, count }: Amount): string =>
  `${fromStart ? '+' : ''}${count === Number.POSITIVE_INFINITY ? '1Q' : count}`;

/** Seconds between two looks. Throws a UserError. */
export const parseSeconds = (text: string): number => {
  const bare = text.trim();
  if (/^\+?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(bare)) return Number(bare);
  if (/^\+?inf(?:inity)?$/i.test(bare)) return Number.POSITIVE_INFINITY;
  throw new UserError(`invalid number of seconds: '${text}'`, { kind: 'usage' });
};

const MOST_PID = 2 ** 31 - 1;

const whole = (text: string, what: string, most: number): number => {
  const value = /^\s*\+?\d+$/.test(text) ? Number(text) : undefined;
  if (value !== undefined && value <= most) return value;
  const why = value === undefined ? '' : ': Value too large for defined data type';
  throw new UserError(`invalid ${what}: '${text}'${why}`, { kind: 'usage' });
};

/** A process's number. Throws a UserError. */
export const parsePid = (text: string): number => whole(text, 'PID', MOST_PID);

/** Throws a UserError. */
export const parseUnchangedStats = (text: string): number =>
  whole(text, 'maximum number of unchanged stats between opens', Number.POSITIVE_INFINITY);
