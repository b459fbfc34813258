/** Go's fmt.Sprintf, for the verbs that make sense in a template. */

import { goFloat } from '../../core/go-float.js';
import { quote } from '../strings.js';
import { type GoValue, isFound, isList, isMap, show, typeOf } from './values.js';

interface Flags {
  readonly minus: boolean;
  readonly plus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
}

const VERB = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(.)?/gsu;

/** Nobody wants a text that is wider. Go has a limit as well. */
const WIDEST = 100_000;

const pad = (text: string, width: number, { minus, zero }: Flags, isNumber: boolean): string => {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (minus) return text + ' '.repeat(missing);
  if (!zero || !isNumber) return ' '.repeat(missing) + text;
  const sign = /^[+\- ]/.test(text) ? 1 : 0;
  return text.slice(0, sign) + '0'.repeat(missing) + text.slice(sign);
};

const signed = (text: string, { plus, space }: Flags): string =>
  /^[+-]/.test(text)
    ? text.startsWith('+') && !plus
      ? text.slice(0)
      : text
    : plus
      ? `+${text}`
      : space
        ? ` ${text}`
        : text;

const hexOf = (text: string): string => Buffer.from(text, 'utf8').toString('hex');

const ofFloat = (
  value: number,
  verb: string,
  precision: number | undefined,
  flags: Flags,
): string | undefined => {
  const kind = verb === 'v' ? 'g' : verb.toLowerCase();
  if (kind !== 'e' && kind !== 'f' && kind !== 'g') return undefined;
  const text = goFloat(value, kind, precision ?? (kind === 'g' ? -1 : 6), { keepZeros: flags.sharp });
  return verb === 'E' || verb === 'G' ? text.replace('e', 'E') : text;
};

const BASES: Readonly<Record<string, number>> = { d: 10, v: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

const ofInteger = (
  value: bigint,
  verb: string,
  precision: number | undefined,
  { sharp }: Flags,
): string | undefined => {
  if (verb === 'c') return String.fromCodePoint(Number(value));
  if (verb === 'q') return `'${String.fromCodePoint(Number(value))}'`;
  if (verb === 'U') return `U+${value.toString(16).toUpperCase().padStart(4, '0')}`;
  const base = BASES[verb];
  if (base === undefined) return undefined;
  const digits = (value < 0n ? -value : value).toString(base).padStart(precision ?? 0, '0');
  const mark = verb === 'O' ? '0o' : sharp ? ({ x: '0x', X: '0X', o: '0', b: '0b' }[verb] ?? '') : '';
  return `${value < 0n ? '-' : ''}${mark}${verb === 'X' ? digits.toUpperCase() : digits}`;
};

const ofText = (
  value: string,
  verb: string,
  precision: number | undefined,
  { sharp }: Flags,
): string | undefined => {
  const cut = precision === undefined ? value : [...value].slice(0, precision).join('');
  switch (verb) {
    case 'v':
    case 's':
      return cut;
    case 'q':
      return sharp && !cut.includes('`') ? `\`${cut}\`` : quote(cut);
    case 'x':
      return hexOf(cut);
    case 'X':
      return hexOf(cut).toUpperCase();
    default:
      return undefined;
  }
};

const one = (value: GoValue, verb: string, precision: number | undefined, flags: Flags): string => {
  if (verb === 'T') return typeOf(value);
  if (verb === 'v' && flags.sharp && typeof value === 'string') return quote(value);
  const text =
    typeof value === 'number'
      ? ofFloat(value, verb, precision, flags)
      : typeof value === 'bigint'
        ? ofInteger(value, verb, precision, flags)
        : typeof value === 'string'
          ? ofText(value, verb, precision, flags)
          : typeof value === 'boolean'
            ? verb === 't' || verb === 'v'
              ? String(value)
              : undefined
            : value === undefined
              ? verb === 'v'
                ? '<nil>'
                : undefined
              : verb === 'v' || verb === 's'
                ? show(value)
                : undefined;
  if (text !== undefined)
    return typeof value === 'number' || typeof value === 'bigint' ? signed(text, flags) : text;
  if (value === undefined) return `%!${verb}(<nil>)`;
  return `%!${verb}(${typeOf(value)}=${isMap(value) || isList(value) || isFound(value) ? show(value) : show(value)})`;
};

/** What Sprintf gives, complaints such as `%!d(string=x)` included: it never fails. */
export const sprintf = (format: string, args: readonly GoValue[]): string => {
  let used = 0;
  const take = (): GoValue => args[used++];
  const number = (text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const value = text === '*' ? Number(take() ?? 0) : Number(text);
    return Math.min(Math.abs(value), WIDEST);
  };
  const out = format.replace(
    VERB,
    (whole, marks: string, wide: string | undefined, exact: string | undefined, verb: string | undefined) => {
      if (verb === '%') return '%';
      const flags: Flags = {
        minus: marks.includes('-'),
        plus: marks.includes('+'),
        sharp: marks.includes('#'),
        space: marks.includes(' '),
        zero: marks.includes('0'),
      };
      const width = number(wide) ?? 0;
      const precision = whole.includes('.') ? (number(exact) ?? 0) : undefined;
      if (verb === undefined) return '%!(NOVERB)';
      if (used >= args.length) return `%!${verb}(MISSING)`;
      const value = take();
      const isNumber = (typeof value === 'number' && Number.isFinite(value)) || typeof value === 'bigint';
      return pad(one(value, verb, precision, flags), width, flags, isNumber);
    },
  );
  if (used >= args.length) return out;
  const extra = args
    .slice(used)
    .map((value) => (value === undefined ? '<nil>' : `${typeOf(value)}=${show(value)}`));
  return `${out}%!(EXTRA ${extra.join(', ')})`;
};

/** Go's Sprint: a blank between two operands of which neither is a text. */
export const sprint = (args: readonly GoValue[]): string =>
  args
    .map((value, index) => {
      const before = args[index - 1];
      const blank = index > 0 && typeof value !== 'string' && typeof before !== 'string';
      return `${blank ? ' ' : ''}${show(value)}`;
    })
    .join('');
