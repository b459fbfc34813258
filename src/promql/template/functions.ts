/** What can be called in a template: Go's own functions, and Prometheus's. */

import { parseDuration } from '../durations.js';
import { findRegexp, replaceRegexp } from '../regexp.js';
import {
  goDuration,
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  toTime,
} from './humanize.js';
import { sprint, sprintf } from './printf.js';
import { TemplateError } from './tree.js';
import {
  type Found,
  formatTime,
  type GoValue,
  isFound,
  isList,
  isMap,
  isTrue,
  show,
  Time,
  toNumber,
  typeOf,
} from './values.js';

/** What the functions know of the outside. */
export interface Surroundings {
  /** Evaluates an expression at the moment of the rule. Throws an Error in Prometheus's words. */
  readonly query: (text: string) => readonly Found[];
  readonly externalURL: string;
  /** ms since 1970. */
  readonly now: number;
  /** Fills in a template of this name. */
  readonly template: (name: string, data: GoValue) => string;
}

type Function = (args: readonly GoValue[], around: Surroundings) => GoValue;

const fail = (message: string): never => {
  throw new TemplateError(message);
};

const text = (value: GoValue): string =>
  typeof value === 'string' ? value : fail(`wrong type for value; expected string; got ${typeOf(value)}`);

const found = (value: GoValue): Found =>
  value !== undefined && isFound(value)
    ? value
    : fail(`wrong type for value; expected *template.sample; got ${typeOf(value)}`);

const list = (value: GoValue): readonly Found[] =>
  isList(value)
    ? (value as readonly Found[])
    : fail(`wrong type for value; expected template.queryResult; got ${typeOf(value)}`);

/** Takes just so many. */
const of =
  (count: number, call: (args: readonly GoValue[], around: Surroundings) => GoValue): Function =>
  (args, around) =>
    args.length === count
      ? call(args, around)
      : fail(`wrong number of args: want ${count} got ${args.length}`);

const ofText = (call: (value: string, around: Surroundings) => GoValue): Function =>
  of(1, ([value], around) => call(text(value), around));

const ofNumber = (call: (value: number) => GoValue): Function => of(1, ([value]) => call(toNumber(value)));

/** Which of Go's kinds a basic value is, for comparisons. */
const kindOf = (value: GoValue): string => {
  if (value === undefined || typeof value === 'object') return fail('incompatible types for comparison');
  return typeof value;
};

const compare = (a: GoValue, b: GoValue): number => {
  if (kindOf(a) !== kindOf(b)) return fail('incompatible types for comparison');
  if (typeof a === 'boolean') return fail('invalid type for comparison');
  const [left, right] = [a as string, b as string];
  return left < right ? -1 : left > right ? 1 : left === right ? 0 : Number.NaN;
};

const equal = (a: GoValue, b: GoValue): boolean =>
  kindOf(a) === kindOf(b) ? a === b : fail('incompatible types for comparison');

const comparison = (holds: (order: number) => boolean): Function => of(2, ([a, b]) => holds(compare(a, b)));

const indexInto = (value: GoValue, key: GoValue): GoValue => {
  if (isMap(value)) return value.get(text(key)) ?? '';
  if (value === undefined) return fail('index of untyped nil');
  if (!isList(value) && typeof value !== 'string') return fail(`can't index item of type ${typeOf(value)}`);
  if (typeof key !== 'bigint') return fail(`cannot index slice/array with type ${typeOf(key)}`);
  const at = Number(key);
  if (at < 0 || at >= value.length) return fail(`index out of range: ${at}`);
  return typeof value === 'string' ? BigInt(Buffer.from(value)[at] ?? 0) : value[at];
};

const slice = ([value, ...bounds]: readonly GoValue[]): GoValue => {
  if (typeof value !== 'string' && !isList(value)) return fail(`can't slice item of type ${typeOf(value)}`);
  const whole = typeof value === 'string' ? Buffer.from(value) : value;
  const [from = 0, to = whole.length] = bounds.map((bound) =>
    typeof bound === 'bigint' ? Number(bound) : fail(`cannot index slice/array with type ${typeOf(bound)}`),
  );
  if (from < 0 || to > whole.length || from > to)
    return fail(`index out of range: ${to > whole.length ? to : from}`);
  return typeof value === 'string' ? Buffer.from(value).subarray(from, to).toString() : value.slice(from, to);
};

const lengthOf = (value: GoValue): bigint => {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (isMap(value)) return BigInt(value.size);
  return isList(value) ? BigInt(value.length) : fail(`len of type ${typeOf(value)}`);
};

const HTML: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&#34;',
  "'": '&#39;',
  '\0': '\ufffd',
};

const escapeHtml = (value: string): string => value.replace(/[<>&"'\0]/g, (one) => HTML[one] as string);

const escapeJs = (value: string): string =>
  value.replace(/[\\'"<>&=\n\r\t]|[\0-\x1f]/g, (one) =>
    one === '\\' || one === "'" || one === '"'
      ? `\\${one}`
      : ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' }[one] ??
        `\\u${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`),
  );

const escapeQuery = (value: string): string =>
  encodeURIComponent(value)
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');

/** Go maps rune by rune: ß has no single one above it, and stays. */
const upper = (value: string): string =>
  Array.from(value, (one) => {
    const large = one.toUpperCase();
    return [...large].length === 1 ? large : one;
  }).join('');

/** strings.Title: letters after what is neither letter, digit nor underscore. */
const title = (value: string): string => value.replace(/(?<![\p{L}\p{N}_])\p{L}/gu, upper);

const stripPort = (hostPort: string): string => {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]:\d*|([^:[\]]*):[^:]*)$/.exec(hostPort) ?? [];
  return bracketed ?? plain ?? hostPort;
};

const stripDomain = (hostPort: string): string => {
  const host = stripPort(hostPort);
  if (/^(?:\d+\.){3}\d+$/.test(host) || host.includes(':')) return hostPort;
  const port = hostPort.startsWith(`${host}:`) ? hostPort.slice(host.length) : '';
  return host.split('.', 1)[0] + port;
};

/** Address of Prometheus's page for an expression; `tab` 0 is the graph. */
const link = (expression: string, tab: number): string =>
  `/graph?g0.expr=${escapeQuery(expression)}&g0.tab=${tab}`;

const pathOf = (url: string): string => {
  try {
    return new URL(url).pathname.replace(/\/$/, '');
  } catch {
    return '';
  }
};

const GO: Readonly<Record<string, Function>> = {
  // `and` and `or` stop at the first that decides, which only shows where a later one fails: see expand.ts.
  and: (args) => args.find((value) => !isTrue(value)) ?? args.at(-1),
  or: (args) => args.find(isTrue) ?? args.at(-1),
  not: of(1, ([value]) => !isTrue(value)),
  len: of(1, ([value]) => lengthOf(value)),
  index: ([value, ...keys]) => keys.reduce<GoValue>(indexInto, value),
  slice,
  print: sprint,
  println: (args) => `${args.map(show).join(' ')}\n`,
  printf: ([format, ...args]) => sprintf(text(format), args),
  html: (args) => escapeHtml(sprint(args)),
  js: (args) => escapeJs(sprint(args)),
  urlquery: (args) => escapeQuery(sprint(args)),
  call: () => fail('call of nil'),
  eq: ([first, ...others]) =>
    others.length === 0
      ? fail('missing argument for comparison')
      : others.some((other) => equal(first, other)),
  ne: of(2, ([a, b]) => !equal(a, b)),
  lt: comparison((order) => order < 0),
  le: comparison((order) => order <= 0),
  gt: comparison((order) => order > 0),
  ge: comparison((order) => order >= 0),
};

const PROMETHEUS: Readonly<Record<string, Function>> = {
  query: of(1, ([expression], around) => around.query(text(expression)) as unknown as GoValue),
  first: of(1, ([value]) => list(value)[0] ?? fail('first() called on vector with no elements')),
  label: of(2, ([name, value]) => found(value).Labels.get(text(name)) ?? ''),
  value: of(1, ([value]) => found(value).Value),
  strvalue: of(1, ([value]) => found(value).Labels.get('__value__') ?? ''),
  args: (args) => new Map(args.map((value, index) => [`arg${index}`, value])),
  reReplaceAll: of(3, ([pattern, by, value]) => replaceRegexp(text(pattern), text(value), text(by))),
  match: of(2, ([pattern, value]) => findRegexp(text(pattern), text(value))),
  safeHtml: ofText((value) => value),
  title: ofText(title),
  toUpper: ofText(upper),
  toLower: ofText((value) => value.toLowerCase()),
  graphLink: ofText((value) => link(value, 0)),
  tableLink: ofText((value) => link(value, 1)),
  sortByLabel: of(2, ([name, values]) => {
    const by = text(name);
    const key = (one: Found): string => one.Labels.get(by) ?? '';
    return [...list(values)].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  }),
  stripPort: ofText(stripPort),
  stripDomain: ofText(stripDomain),
  humanize: ofNumber(humanize),
  humanize1024: ofNumber(humanize1024),
  humanizeDuration: ofNumber(humanizeDuration),
  humanizePercentage: ofNumber(humanizePercentage),
  humanizeTimestamp: ofNumber((value) =>
    Number.isFinite(value) ? formatTime(toTime(value)) : humanize(value),
  ),
  toTime: ofNumber(toTime),
  toDuration: ofNumber((value) => goDuration(value)),
  now: of(0, (_, { now }) => now / 1000),
  pathPrefix: of(0, (_, { externalURL }) => pathOf(externalURL)),
  externalURL: of(0, (_, { externalURL }) => externalURL),
  parseDuration: ofText((value) => {
    const ms = parseDuration(value);
    return typeof ms === 'string' ? fail(ms) : ms / 1000;
  }),
  urlQueryEscape: ofText(escapeQuery),
  tmpl: of(2, ([name, data], { template }) => template(text(name), data)),
};

export const FUNCTIONS: ReadonlyMap<string, Function> = new Map([
  ...Object.entries(GO),
  ...Object.entries(PROMETHEUS),
]);

/** `.Unix` and the like of a moment are not for alerts; what people use is its text. */
export const methodOf = (value: GoValue, name: string): GoValue | undefined => {
  if (!(value instanceof Time)) return undefined;
  if (name === 'String') return formatTime(value);
  return name === 'Unix' ? value.nanoseconds / 1_000_000_000n : undefined;
};
