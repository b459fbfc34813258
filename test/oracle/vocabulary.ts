/** What random expressions are made of: series that there are, and what can be asked of them. */

import { START } from './samples.js';

export const SELECTORS = [
  'http_requests_total',
  'http_requests_total{job="api",instance="1"}',
  'http_requests_total{code=~"4..|5..",method!="PUT"}',
  'http_request_duration_seconds_bucket{job="web"}',
  'http_request_duration_seconds_count',
  'rpc_duration_seconds',
  'node_cpu_seconds_total{mode!~"idle|user"}',
  '{__name__=~"node_memory_.*"}',
  'node_memory_MemAvailable_bytes',
  'node_filesystem_avail_bytes{mountpoint!="/home"}',
  'temperature_celsius',
  'temperature_celsius{sensor=~"a|b"}',
  'ratio',
  'build_info',
  'up',
  'up{job="api"}',
  'flapping',
  'odd',
  'odd{text=""}',
  'when',
  'limit',
  'moved_from',
  '{__name__=~"moved_.*",app!=""}',
  'no_such_thing{job="api",code!="200"}',
];
/** Those of which none is infinite. */
export const FINITE = SELECTORS.filter((one) => one !== 'temperature_celsius');
/** Labels that some have, one that none has. */
export const LABELS =
  'job instance code method le cpu mode sensor of version app kind nothing __name__'.split(' ');

/** At each step from the values of a series, one by one. */
export const EACH =
  'abs acos acosh asin asinh atan atanh cosh deg exp ln log10 log2 rad sinh sqrt tanh sort sort_desc'.split(
    ' ',
  );
/** What jumps between numbers that are nearly the same. */
export const WHOLE =
  'ceil floor round sgn day_of_month day_of_week day_of_year days_in_month hour minute month year'.split(' ');
/** Of large numbers the last digit decides. */
export const WAVES = ['sin(clamp(§, -100, 100))', 'cos(clamp(§, -100, 100))', 'tan(clamp(§, -1.5, 1.5))'];
export const OVER_TIME =
  'avg_over_time count_over_time last_over_time max_over_time min_over_time present_over_time sum_over_time'.split(
    ' ',
  );
/** What tells apart numbers that are nearly the same. */
export const CHANGE = 'changes delta idelta irate resets stddev_over_time stdvar_over_time'.split(' ');
/** Of the step itself, where nothing is given. */
export const OF_NOW = ['hour', 'minute', 'month', 'year', 'day_of_week', 'days_in_month'];
export const AGGREGATIONS = ['sum', 'avg', 'count', 'min', 'max', 'group'];
export const ARITHMETIC = ['+', '-', '*', '/', '^'];
export const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='];
export const BETWEEN = [...ARITHMETIC, ...COMPARISONS, ...COMPARISONS.map((sign) => `${sign} bool`)];
export const NUMBERS = '0 1 2 3.5 -1 100 0.5 NaN Inf -Inf 1e3 0x1F 1e10'.split(' ');
export const QUANTILES = '0.5 0.9 0 1 0.33 2 -1 NaN'.split(' ');
export const AHEAD = '0 60 -100 3600 NaN Inf'.split(' ');
/** A parameter of 1 or 2. */
export const VARYING = 'scalar(sum(up{instance="1"}) or vector(0)) + 1';
export const COUNTS = '1 2 3 0 5 -1 2.9'.split(' ');
export const RANGES = '1m300ms 5m300ms 12m300ms 1h300ms'.split(' ');
export const STEPS = ['', '15s', '30s', '1m', '50s'];
export const OFFSETS = [' offset 3m', ' offset -2m', ' offset 25s'];
export const TIMES = ['', ...OFFSETS, ' @ start()', ' @ end()', ` @ ${START / 1000 + 5000.5}`];
export const WHENS = [
  ...OFFSETS,
  ' @ start()',
  ' @ end()',
  ' @ end() offset 1m',
  ' offset -10m @ start()',
  ` @ ${START / 1000 + 2000.5}`,
  ` @ ${START / 1000 + 5000.5} offset -5m`,
];
/** Counters without gaps. */
export const STEADY = [
  'http_requests_total',
  'http_requests_total{code=~"4..|5..",instance!="0"}',
  'http_request_duration_seconds_count',
  'http_request_duration_seconds_bucket{job="web"}',
  'node_cpu_seconds_total{mode!="user"}',
  'node_cpu_seconds_total{cpu="1"}',
];
/** Of which none has the value of another. */
export const DISTINCT = [
  'http_requests_total{instance!="1"}',
  'http_request_duration_seconds_count',
  'rpc_duration_seconds',
];
export const BUCKETS = [
  'http_request_duration_seconds_bucket',
  'rate(http_request_duration_seconds_bucket[5m300ms])',
  'sum by (le, job) (increase(http_request_duration_seconds_bucket[12m300ms]))',
  'sum by (le) (http_request_duration_seconds_bucket)',
];
