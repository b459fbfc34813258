/** What every function takes and gives, as Prometheus has it: what the parser checks. */

import type { ValueType } from '../ast.js';
import type { Signature } from '../functions.js';

const TYPES: Readonly<Record<string, ValueType>> = { s: 'scalar', v: 'vector', m: 'matrix', t: 'string' };

/** Function, its arguments, how many more of the last (see `Signature`), what it gives: s(calar), v(ector), m(atrix), t(ext). */
const TABLE = `
  abs v 0 v|absent v 0 v|absent_over_time m 0 v|acos v 0 v|acosh v 0 v|asin v 0 v|asinh v 0 v|atan v 0 v|atanh v 0 v
  avg_over_time m 0 v|ceil v 0 v|changes m 0 v|clamp vss 0 v|clamp_max vs 0 v|clamp_min vs 0 v|cos v 0 v|cosh v 0 v
  count_over_time m 0 v|day_of_month v 1 v|day_of_week v 1 v|day_of_year v 1 v|days_in_month v 1 v|deg v 0 v|delta m 0 v
  deriv m 0 v|exp v 0 v|floor v 0 v|histogram_fraction ssv 0 v|histogram_quantile sv 0 v|hour v 1 v|idelta m 0 v
  increase m 0 v|irate m 0 v|label_join vttt -1 v|label_replace vtttt 0 v|last_over_time m 0 v|ln v 0 v|log10 v 0 v
  log2 v 0 v|max_over_time m 0 v|min_over_time m 0 v|minute v 1 v|month v 1 v|pi - 0 s|predict_linear ms 0 v
  present_over_time m 0 v|quantile_over_time sm 0 v|rad v 0 v|rate m 0 v|resets m 0 v|round vs 1 v|scalar v 0 s|sgn v 0 v
  sin v 0 v|sinh v 0 v|sort v 0 v|sort_desc v 0 v|sqrt v 0 v|stddev_over_time m 0 v|stdvar_over_time m 0 v
  sum_over_time m 0 v|tan v 0 v|tanh v 0 v|time - 0 s|timestamp v 0 v|vector s 0 v|year v 1 v`;

const read = (line: string): Signature => {
  const [name, args, variadic, returns] = line.trim().split(' ') as [string, string, string, string];
  return {
    name,
    args: args === '-' ? [] : Array.from(args, (letter) => TYPES[letter] as ValueType),
    variadic: Number(variadic),
    returns: TYPES[returns] as ValueType,
  };
};

let table: ReadonlyMap<string, Signature> | undefined;

/** By name. Made when it is first asked for. */
export const signatures = (): ReadonlyMap<string, Signature> => {
  table ??= new Map(
    TABLE.split(/[|\n]/).flatMap((line) =>
      line.trim() === '' ? [] : [[line.trim().split(' ')[0] as string, read(line)]],
    ),
  );
  return table;
};

/** Behind a feature flag in Prometheus. */
const EXPERIMENTAL = new Set(
  (
    'double_exponential_smoothing end first_over_time histogram_quantiles info mad_over_time max_of min_of range ' +
    'sort_by_label sort_by_label_desc start step ' +
    'ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time'
  ).split(' '),
);

/** These look at nothing but native histograms. */
const NATIVE = new Set(['avg', 'count', 'stddev', 'stdvar', 'sum'].map((one) => `histogram_${one}`));

/** What looks like a call, and is a way of matching series. */
const MODIFIERS = new Set(['fill', 'fill_left', 'fill_right']);

/** Why a function that Prometheus has is not to be had here. */
export const refusalOf = (name: string): string | undefined => {
  if (EXPERIMENTAL.has(name)) return `function "${name}" is experimental, which sysmon does not have`;
  if (NATIVE.has(name)) return `function "${name}" needs native histograms, which sysmon does not have`;
  return MODIFIERS.has(name) ? `modifier "${name}" is experimental, which sysmon does not have` : undefined;
};
