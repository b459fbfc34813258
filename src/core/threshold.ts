/** From thresholds as they are typed to rules. */

import { DEFAULT_RULES } from './defaults.js';
import { formatDuration } from './duration.js';
import { OUTSIDE } from './outside.js';
import { formatPath, PathError, readPath } from './path.js';
import { parseQuantity, unitOfName } from './quantity.js';
import type { Range } from './range.js';
import { above, parseRange, RangeSyntaxError } from './range.js';
import type { Limits, Measure, Rule } from './rule.js';
import { RuleError } from './rule.js';
import type { ThresholdOption } from './threshold-options.js';
import { THRESHOLD_OPTIONS } from './threshold-options.js';

/** A threshold option as it stands on the command line: its name without dashes, and its value if it has one. */
export interface Typed {
  readonly name: string;
  readonly value?: string;
}

export interface Thresholds {
  /** In their order. */
  readonly options: readonly Typed[];
  /** `PATH=RANGE`, from -w and -c. */
  readonly warning?: readonly string[];
  readonly critical?: readonly string[];
  /** Seconds for which the limits must have been passed in every sample. */
  readonly throughout?: number;
  /** Seconds over which the value is averaged. */
  readonly over?: number;
  /** What cannot be read is fine. */
  readonly missingIsFine?: boolean;
}

const withHint = <T>(where: string, parse: () => T): T => {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeSyntaxError) throw new RuleError(`${where}: ${error.message}`, error.hint);
    if (error instanceof PathError)
      throw new RuleError(
        `${where}: ${error.message}`,
        "paths are memory.used_percent or 'filesystem[/var].used_percent'",
      );
    throw error;
  }
};

/** One side of `WARN,CRIT`: a number to be above, perhaps with its unit, or a range. */
const parseLimit = ({ unit, signed }: ThresholdOption, text: string): { range: Range; plain?: number } => {
  const plain = signed ? parseQuantity(text.trim(), unit) : undefined;
  const range = plain === undefined ? parseRange(text, unit) : above(plain, true);
  return /[@:]/.test(text) ? { range } : { range, plain: range.end };
};

/** `WARN,CRIT`, either of which may be left out. Throws RuleError. */
export const parseLimits = (option: ThresholdOption, text: string): Limits => {
  const where = `--${option.name}`;
  const sides = text.split(',');
  if (sides.length > 2)
    throw new RuleError(`${where}: "${text}" has more than two limits`, 'write WARN,CRIT');
  const [first, second] = sides.map((side) =>
    side.trim() === '' && sides.length === 2 ? undefined : withHint(where, () => parseLimit(option, side)),
  );
  if (first === undefined && second === undefined)
    throw new RuleError(`${where}: "${text}" has no limit`, 'write WARN,CRIT');
  const isOrdered = option.apart === true || !(Number(first?.plain) > Number(second?.plain));
  if (!isOrdered)
    throw new RuleError(
      `${where}: the warning limit ${sides[0]} is above the critical limit ${sides[1]}`,
      'the milder limit comes first',
    );
  if (sides.length === 1 && option.single === 'critical' && first) return { critical: first.range };
  return { ...(first && { warning: first.range }), ...(second && { critical: second.range }) };
};

/** `/var=90,95`, `/srv`, `80,90` → for which row, and which limits. */
const splitValue = (option: ThresholdOption, text: string): { key?: string; limits?: string } => {
  if (option.key === undefined) return { limits: text };
  const at = text.lastIndexOf('=');
  const isPath = text.startsWith('/') || /^[A-Za-z]:(?!\d)/.test(text);
  if (at < 0 && !isPath && option.key.needed !== true) return { limits: text };
  const key = at < 0 ? text : text.slice(0, at);
  if (key === '')
    throw new RuleError(
      `--${option.name}: "${text}" has no ${option.key.what} before "="`,
      option.key.example,
    );
  if (option.key.what === 'mount point' && !key.startsWith('/') && !isPath)
    throw new RuleError(`--${option.name}: "${key}" is not a mount point`, 'it begins with /');
  return at < 0 ? { key } : { key, limits: text.slice(at + 1) };
};

/** What a process is called in a record: its name, or that of its PID file without the ending. */
export const processName = (text: string): string =>
  text.includes('/') ? text.slice(text.lastIndexOf('/') + 1).replace(/\.pid$/, '') : text;

/** `/var/` is the mount point `/var`. */
const cleanKey = (what: string | undefined, key: string): string => {
  if (what === 'process name') return processName(key);
  return what === 'mount point' && key.length > 1 ? key.replace(/\/+$/, '') || '/' : key;
};

type Common = Pick<Rule, 'missing' | 'tooShort' | 'measure'>;

/** No log has these: they are judged as they are now, whatever is looked back over besides. */
const OF_NOW = new Set(OUTSIDE.keys());

const measureFor = (measure: Measure, only: ThresholdOption['only']): Measure =>
  only === 'now' || (only === 'no average' && measure.kind === 'average') ? { kind: 'value' } : measure;

const rulesOf = (typed: Typed, common: Common): readonly Rule[] => {
  const option = THRESHOLD_OPTIONS.find(({ name }) => name === typed.name);
  if (option === undefined) throw new RuleError(`there is no threshold --${typed.name}`);
  if (typed.value === undefined && option.key?.needed)
    throw new RuleError(`--${option.name} needs a ${option.key.what}`, option.key.example);
  const { key, limits } = typed.value === undefined ? {} : splitValue(option, typed.value);
  return option.rules.map((base) => {
    const { leave, also, afterBoot: _, rows, ...rest } = base;
    const given = limits === undefined ? undefined : parseLimits(option, limits);
    const rule = {
      ...rest,
      ...common,
      measure: measureFor(common.measure, option.only),
      limits: given ?? base.limits,
      // Limits that nobody typed are the default ones with all that belongs to them.
      ...(given === undefined && leave ? { leave } : {}),
      ...(given === undefined && also ? { also } : {}),
    };
    if (key === undefined) return { ...rule, ...(rows && { rows }) };
    const id = [cleanKey(option.key?.what, key)];
    return {
      ...rule,
      name: `${base.name} ${id[0]}`,
      title: `${base.title} ${id[0]}`,
      path: { ...base.path, id },
      ...(option.key?.what === 'mount point' ? { nearest: true } : {}),
    };
  });
};

/**
 * What makes a value fine by default makes it fine by its path too: a machine without swap uses none of it. A row that was named is
 * judged whatever it is.
 */
const fineFor = ({ group, id, field }: Rule['path']): Rule['fine'] =>
  id === undefined
    ? DEFAULT_RULES.find(({ path }) => path.group === group && path.field === field)?.fine
    : undefined;

/** -w and -c with one path are one rule. */
const pathRules = (
  warning: readonly string[],
  critical: readonly string[],
  common: Common,
): readonly Rule[] => {
  const rules = new Map<string, Rule>();
  const add = (text: string, severity: 'warning' | 'critical', where: string): void => {
    const [path, range] = withHint(where, () => {
      const read = readPath(text);
      if (text[read.end] !== '=') throw new PathError('expected "=" and a range after the path', read.end);
      const unit = unitOfName(read.path.field);
      return [read.path, parseRange(text.slice(read.end + 1), unit)] as const;
    });
    const name = formatPath(path);
    const before = rules.get(name);
    if (before?.limits[severity] !== undefined)
      throw new RuleError(`${where}: there are two ${severity} limits for ${name}`);
    const fine = fineFor(path);
    rules.set(name, {
      name,
      title: name,
      path,
      ...(fine && { fine }),
      ...(path.id === undefined ? { rows: { shown: true } } : {}),
      ...common,
      measure: measureFor(common.measure, OF_NOW.has(path.group) ? 'now' : undefined),
      limits: { ...before?.limits, [severity]: range },
    });
  };
  for (const text of warning) add(text, 'warning', '-w');
  for (const text of critical) add(text, 'critical', '-c');
  return [...rules.values()];
};

/** Takes rows with a rule of their own out of the rules about all rows of the group. */
const exceptOwn = (rules: readonly Rule[]): readonly Rule[] =>
  rules.map((rule) => {
    if (rule.path.id !== undefined) return rule;
    const own = rules.flatMap(({ path, nearest }) =>
      nearest && path.group === rule.path.group && path.field === rule.path.field ? [path.id ?? []] : [],
    );
    return own.length === 0 ? rule : { ...rule, rows: { ...rule.rows, except: own } };
  });

const measureOf = ({ throughout, over }: Thresholds): Measure => {
  if (throughout !== undefined && over !== undefined)
    throw new RuleError(
      '--for and --over exclude each other',
      '--for asks every sample, --over their average',
    );
  const seconds = throughout ?? over;
  if (seconds === undefined) return { kind: 'value' };
  if (!(seconds > 0)) throw new RuleError(`${formatDuration(seconds)} is not a time to look back over`);
  return { kind: throughout === undefined ? 'average' : 'throughout', seconds };
};

/** The rules that the thresholds ask for, in the order in which they were typed. Throws RuleError. */
export const thresholdRules = (thresholds: Thresholds): readonly Rule[] => {
  const common: Common = {
    measure: measureOf(thresholds),
    missing: thresholds.missingIsFine ? 'ok' : 'unknown',
    tooShort: 'unknown',
  };
  const rules = [
    ...thresholds.options.flatMap((typed) => rulesOf(typed, common)),
    ...pathRules(thresholds.warning ?? [], thresholds.critical ?? [], common),
  ];
  if (rules.length === 0 && common.measure.kind !== 'value')
    throw new RuleError(
      `--${common.measure.kind === 'average' ? 'over' : 'for'} needs a threshold`,
      'the defaults have their own times; write --cpu 90 --for 5m',
    );
  const names = new Set<string>();
  for (const { name } of rules) {
    if (names.has(name)) throw new RuleError(`there are two thresholds for ${name}`);
    names.add(name);
  }
  return exceptOwn(rules);
};

/** The default rules beside those that were typed, which go before defaults about the same thing. */
export const withDefaults = (rules: readonly Rule[]): readonly Rule[] => {
  const names = new Set(rules.map(({ name }) => name));
  return exceptOwn([...rules, ...DEFAULT_RULES.filter(({ name }) => !names.has(name))]);
};
