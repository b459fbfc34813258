/** GNU tail's words as our parser takes them: long options with `=`, then `--` and the files. */

import type { Option } from 'commander';
import { nearestWord } from '../../core/nearest.js';
import { UserError } from '../../exit.js';
import {
  type Amount,
  formatAmount,
  parseAmount,
  parsePid,
  parseSeconds,
  parseUnchangedStats,
} from './amounts.js';

/** What a short option is called in full; those in capitals and digits are told apart below. */
const SHORT: Readonly<Record<string, string>> = {
  c: 'bytes',
  n: 'lines',
  f: 'follow',
  q: 'quiet',
  s: 'sleep-interval',
  v: 'verbose',
  z: 'zero-terminated',
};

/** GNU's long options: whether a value follows. They may be abbreviated, ours as well where none of these begins so. */
const LONG: Readonly<Record<string, 'none' | 'required' | 'optional'>> = {
  bytes: 'required',
  follow: 'optional',
  lines: 'required',
  'max-unchanged-stats': 'required',
  '-disable-inotify': 'none',
  '-presume-input-pipe': 'none',
  pid: 'required',
  retry: 'none',
  quiet: 'none',
  silent: 'none',
  'sleep-interval': 'required',
  verbose: 'none',
  'zero-terminated': 'none',
  help: 'none',
  version: 'none',
};

/** Values that are looked at here, so that they are refused in GNU's words. */
const CHECKS: Readonly<Record<string, (text: string) => unknown>> = {
  'sleep-interval': parseSeconds,
  pid: parsePid,
  'max-unchanged-stats': parseUnchangedStats,
};

const refuse = (message: string, hint = "Try 'sysmon tail --help' for more information."): never => {
  throw new UserError(message, { kind: 'usage', hint });
};

/** What is known after some of the words. Later ones take the place of earlier ones, as in GNU tail. */
interface Told {
  amount?: Amount;
  /** Once one number began with a plus, all do. */
  fromStart: boolean;
  follow?: 'name' | 'descriptor';
  headers?: 'quiet' | 'verbose';
  /** Further options as they stand. */
  readonly options: string[];
  readonly files: string[];
}

const OBSOLETE = /^([+-])(\d*)([bcl]?)(f?)$/;

/**
 * The form of old, `-5`, `+5`, `-5cf`, which stands alone before at most one file. Whether it is one; what it says goes into `told`.
 */
const takeObsolete = (words: readonly string[], told: Told): boolean => {
  const [first = '', second, ...rest] = words;
  const alone =
    words.length === 1 ||
    (words.length === 2 && !(second?.startsWith('-') && second.length > 1)) ||
    (words.length >= 2 && words.length <= 3 && second === '--');
  const [, sign, digits = '', unit, follow] = (alone && OBSOLETE.exec(first)) || [];
  if (sign === undefined || first === '-' || first === '-c') return false;
  const scale = unit === 'b' ? 512 : 1;
  const count = (digits === '' ? 10 : Number(digits)) * scale;
  told.fromStart = sign === '+';
  told.amount = { unit: unit === 'b' || unit === 'c' ? 'bytes' : 'lines', fromStart: sign === '+', count };
  if (follow) told.follow = 'descriptor';
  const files = second === '--' ? rest : words.slice(1);
  told.files.push(...files);
  return true;
};

const FOLLOW = ['descriptor', 'name'] as const;

const takeFollow = (told: Told, value: string | undefined): void => {
  const meant = value === undefined ? ['descriptor' as const] : FOLLOW.filter((one) => one.startsWith(value));
  const [one] = meant;
  if (one === undefined || meant.length > 1)
    refuse(
      `${one === undefined ? 'invalid' : 'ambiguous'} argument '${value}' for '--follow'`,
      "Valid arguments are 'descriptor' and 'name'.",
    );
  else told.follow = one;
};

const takeAmount = (told: Told, unit: Amount['unit'], value: string): void => {
  const { fromStart, count } = parseAmount(value, unit);
  told.fromStart ||= fromStart;
  told.amount = { unit, fromStart: told.fromStart, count };
};

/** One of GNU's options, under its full name. */
const takeGnu = (told: Told, name: string, value: string | undefined): void => {
  switch (name) {
    case 'bytes':
    case 'lines':
      takeAmount(told, name, value as string);
      break;
    case 'follow':
      takeFollow(told, value);
      break;
    case 'quiet':
    case 'silent':
      told.headers = 'quiet';
      break;
    case 'verbose':
      told.headers = 'verbose';
      break;
    case '-disable-inotify':
      told.options.push('--poll');
      break;
    case '-presume-input-pipe':
      break;
    default:
      if (value !== undefined) CHECKS[name]?.(value);
      told.options.push(value === undefined ? `--${name}` : `--${name}=${value}`);
  }
};

/** Ours: whether a value follows. */
const kindOf = (option: Option): 'none' | 'required' | 'optional' =>
  option.required ? 'required' : option.optional ? 'optional' : 'none';

/** The one option that a name is or begins. Throws where there are several or none. */
const fullName = (typed: string, ours: readonly string[]): string => {
  if (typed in LONG || ours.includes(typed)) return typed;
  for (const names of [Object.keys(LONG), ours]) {
    const begun = typed === '' ? [] : names.filter((name) => name.startsWith(typed));
    const [one] = begun;
    if (one !== undefined && begun.length === 1) return one;
    if (begun.length > 1)
      refuse(
        `option '--${typed}' is ambiguous; possibilities: ${begun.map((name) => `'--${name}'`).join(' ')}`,
      );
  }
  const near = nearestWord(typed, [...Object.keys(LONG), ...ours]);
  return refuse(`unrecognized option '--${typed}'`, near && `Did you mean --${near}?`);
};

/**
 * The words of a call of `sysmon tail`; `known` are the options it has besides GNU's. Throws a UserError with GNU's words for what
 * is wrong.
 */
export const translateWords = (words: readonly string[], known: readonly Option[]): readonly string[] => {
  const told: Told = { fromStart: false, options: [], files: [] };
  if (!takeObsolete(words, told)) takeAll([...words], known, told);
  const { amount, follow, headers, options, files } = told;
  return [
    ...(amount === undefined ? [] : [`--${amount.unit}=${formatAmount(amount)}`]),
    ...(follow === undefined ? [] : [`--follow=${follow}`]),
    ...(headers === undefined ? [] : [`--${headers}`]),
    ...options,
    '--',
    ...files,
  ];
};

const takeAll = (words: string[], known: readonly Option[], told: Told): void => {
  const ours = known.map(({ long }) => long?.slice(2) ?? '').filter((name) => name !== '' && !(name in LONG));
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') {
      told.files.push(...words.splice(0));
    } else if (word.startsWith('--')) {
      takeLong(word.slice(2), words, known, ours, told);
    } else if (word.startsWith('-') && word !== '-') {
      takeShort(word.slice(1), words, known, told);
    } else told.files.push(word);
  }
};

const takeLong = (
  text: string,
  words: string[],
  known: readonly Option[],
  ours: readonly string[],
  told: Told,
): void => {
  const at = text.indexOf('=');
  const name = fullName(at < 0 ? text : text.slice(0, at), ours);
  let value = at < 0 ? undefined : text.slice(at + 1);
  const own = known.find(({ long }) => long === `--${name}`);
  const kind = LONG[name] ?? (own === undefined ? 'none' : kindOf(own));
  if (kind === 'none' && value !== undefined) refuse(`option '--${name}' doesn't allow an argument`);
  if (kind === 'required') {
    value ??= words.shift();
    if (value === undefined) refuse(`option '--${name}' requires an argument`);
  }
  if (name in LONG) takeGnu(told, name, value);
  else told.options.push(value === undefined ? `--${name}` : `--${name}=${value}`);
};

/** Short options one after the other, the last perhaps with its value: `-fn5`. */
const takeShort = (text: string, words: string[], known: readonly Option[], told: Told): void => {
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] as string;
    const own = known.find(({ short }) => short === `-${letter}`);
    const name = SHORT[letter] ?? own?.long?.slice(2);
    if (letter === 'F') {
      told.follow = 'name';
      told.options.push('--retry');
      continue;
    }
    if (letter === 'h') {
      told.options.push('--help');
      continue;
    }
    if (letter >= '0' && letter <= '9') refuse(`option used in invalid context -- ${letter}`, 'Write -n.');
    if (name === undefined) {
      const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
      refuse(
        `invalid option -- '${letter}'`,
        other in SHORT || other === 'F' ? `Did you mean -${other}?` : undefined,
      );
      continue;
    }
    const needsValue =
      name in LONG ? LONG[name] === 'required' : own !== undefined && kindOf(own) === 'required';
    if (!needsValue) {
      if (name in LONG) takeGnu(told, name, undefined);
      else told.options.push(`--${name}`);
      continue;
    }
    const value = at + 1 < text.length ? text.slice(at + 1) : words.shift();
    if (value === undefined) refuse(`option requires an argument -- '${letter}'`);
    else if (name in LONG) takeGnu(told, name, value);
    else told.options.push(`--${name}=${value}`);
    return;
  }
};
