/** GNU grep's words as our parser takes them: long options with `=`, then `--` and what is no option. */

import type { Command, Option } from 'commander';
import { nearestWord } from '../../core/nearest.js';
import { UserError } from '../../exit.js';

/** Other names of options. */
const ALIASES: Readonly<Record<string, string>> = {
  // A file of patterns; `file` is the log's name in the configuration.
  '--file': '--pattern-file',
  '-P': '--extended-regexp',
  '--perl-regexp': '--extended-regexp',
  '-R': '--dereference-recursive',
  '-y': '--ignore-case',
  '-V': '--version',
  '-U': '--text',
  '--binary': '--text',
  '--colour': '--color',
  '--silent': '--quiet',
};

/** Of each of these the last one counts. */
const RIVALS = [
  ['--extended-regexp', '--fixed-strings', '--basic-regexp'],
  ['--with-filename', '--no-filename'],
  ['--files-with-matches', '--files-without-match'],
  ['--ignore-case', '--no-ignore-case', '--smart-case'],
  ['--recursive', '--dereference-recursive'],
] as const;

const refuse = (message: string, hint = 'What there is: sysmon grep --help'): never => {
  throw new UserError(message, { kind: 'usage', hint });
};

/** Long names that may be abbreviated as far as they stay the only one. */
const longNames = (command: Command): string[] => [
  ...command.options.map(({ long }) => long ?? ''),
  ...Object.keys(ALIASES).filter((name) => name.startsWith('--')),
  '--help',
  '--version',
];

const fullName = (typed: string, names: readonly string[]): string => {
  if (names.includes(typed)) return ALIASES[typed] ?? typed;
  const meant = [
    ...new Set(names.filter((name) => name.startsWith(typed)).map((name) => ALIASES[name] ?? name)),
  ];
  if (meant.length === 1) return meant[0] as string;
  if (meant.length > 1)
    return refuse(
      `option '${typed}' is ambiguous`,
      `It may be ${meant.map((one) => `'${one}'`).join(', ')}.`,
    );
  const near = nearestWord(typed, names);
  return refuse(`unrecognized option '${typed}'`, near && `did you mean ${near}?`);
};

const dropRivals = (options: readonly string[]): string[] =>
  options.filter((option, index) => {
    const rivals = RIVALS.find((group) => group.some((one) => one === option)) as
      | readonly string[]
      | undefined;
    return rivals === undefined || !options.slice(index + 1).some((later) => rivals.includes(later));
  });

/** What the words behind `grep` say, in our parser's form. Throws a UserError for words that are wrong. */
export const translateWords = (words: readonly string[], command: Command): readonly string[] => {
  const names = longNames(command);
  const options: string[] = [];
  const operands: string[] = [];
  const byName = (name: string): Option | undefined => command.options.find(({ long }) => long === name);
  let at = 0;
  const next = (name: string): string => {
    const value = words[at++];
    return value ?? refuse(`option '${name}' requires an argument`);
  };
  const takeLong = (word: string): void => {
    const equals = word.indexOf('=');
    const name = fullName(equals === -1 ? word : word.slice(0, equals), names);
    const option = byName(name);
    const takes = option?.required === true || option?.optional === true;
    if (equals !== -1 && !takes) refuse(`option '${name}' doesn't allow an argument`);
    if (equals !== -1) options.push(name + word.slice(equals));
    else if (option?.required === true) options.push(`${name}=${next(name)}`);
    else options.push(option?.optional === true ? `${name}=auto` : name);
  };
  const takeShort = (letters: string): void => {
    let digits = '';
    for (let index = 0; index < letters.length; index++) {
      const short = `-${letters[index]}`;
      if (/\d/.test(short)) {
        digits += letters[index];
        continue;
      }
      const option = command.options.find((one) => one.short === short);
      const name = ALIASES[short] ?? option?.long ?? refuse(`invalid option -- '${letters[index]}'`);
      if (byName(name)?.required === true) {
        const rest = letters.slice(index + 1);
        options.push(`${name}=${rest === '' ? next(short) : rest}`);
        break;
      }
      options.push(name);
    }
    if (digits !== '') options.push(`--context=${digits}`);
  };
  while (at < words.length) {
    const word = words[at++] as string;
    if (word === '--') {
      operands.push(...words.slice(at));
      break;
    }
    if (word.startsWith('--')) takeLong(word);
    else if (word.startsWith('-') && word.length > 1) takeShort(word.slice(1));
    else operands.push(word);
  }
  return [...dropRivals(options), '--', ...operands];
};
