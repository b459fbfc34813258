/** What is wrong, and who is behind it, in one line. */

import { bySeverity } from './judge.js';
import type { Verdict } from './rule.js';
import type { Row, Sample } from './sample.js';
import { rowsIn } from './sample.js';
import { formatBytes, formatValue } from './units.js';
import { reasonText, shortWhat, valueText } from './words.js';

/** Problems named in the line; the table has them all. */
const NAMED = 3;

/** CPUs that are all there is. A process's 100 % is one of them, the machine's are all. */
const cpus = (sample: Sample): number => {
  const numbers = rowsIn(sample, 'cpu')[0]?.numbers ?? {};
  return numbers['limit_cores'] ?? numbers['cores'] ?? 1;
};

/** The part of all that is used which one process must have to be what explains it. */
const FAIR_SHARE = 1 / 3;

/** How much is used of what a rule is about, in the unit of its processes' number; undefined where that is not known. */
const usedOf = (who: 'cpu_percent' | 'memory_bytes', percent: number, sample: Sample): number | undefined => {
  if (who === 'cpu_percent') return percent * cpus(sample);
  const total = rowsIn(sample, 'memory')[0]?.numbers['total_bytes'];
  return total === undefined ? undefined : (percent / 100) * total;
};

/** Who explains a value: `postgres 71 %`. Undefined where no single process does: naming an innocent one is worse than none. */
const whoText = ({ rule, value }: Verdict, sample: Sample): string | undefined => {
  const { who, measure } = rule;
  if (who === undefined || value === undefined) return undefined;
  let most: Row | undefined;
  for (const row of rowsIn(sample, 'top'))
    if ((row.numbers[who] ?? 0) > (most?.numbers[who] ?? 0)) most = row;
  const used = usedOf(who, value, sample);
  const uses = most?.numbers[who] ?? 0;
  if (most === undefined || used === undefined || uses < used * FAIR_SHARE) return undefined;
  const text =
    who === 'memory_bytes' ? formatBytes(uses) : formatValue(Math.round(uses / cpus(sample)), 'percent');
  // An average is of another time than the processes are.
  return `${most.texts['name'] ?? `pid ${most.id[0]}`} ${text}${measure.kind === 'value' ? '' : ' now'}`;
};

const problem = (verdict: Verdict, sample: Sample): string => {
  // Of what could not be judged the reason matters, not what it is just now.
  const value = verdict.value === undefined ? undefined : valueText(verdict);
  const text = `${shortWhat(verdict)}${value === undefined ? `: ${reasonText(verdict)}` : ` ${value}`}`;
  const who = whoText(verdict, sample);
  return who === undefined ? text : `${text}: ${who}`;
};

/** Values in the line that says that all is well. */
const SHOWN = 5;

/** What people look for first, where more was judged than that. */
const FIRST: ReadonlySet<string> = new Set(['cpu', 'load', 'memory', 'swap', 'disk']);

/** Whether a verdict is nearer to its limits than another of the same rule, such as the fuller of two disks. */
const isNearer = (one: Verdict, other: Verdict): boolean => {
  if (one.value === undefined || other.value === undefined) return other.value === undefined;
  const range = one.rule.limits.warning ?? one.rule.limits.critical;
  return range?.end === Infinity ? one.value < other.value : one.value > other.value;
};

/** Of each rule the verdict that is nearest to its limits. */
const nearest = (verdicts: readonly Verdict[]): readonly Verdict[] => {
  const kinds = new Map<string, Verdict>();
  for (const verdict of verdicts) {
    const before = kinds.get(verdict.rule.name);
    if (before === undefined || isNearer(verdict, before)) kinds.set(verdict.rule.name, verdict);
  }
  const all = [...kinds.values()];
  const first = all.filter(({ rule, value }) => FIRST.has(rule.name) && value !== undefined);
  return all.length > SHOWN && first.length > 0 ? first : all.slice(0, SHOWN);
};

const told = (verdict: Verdict): string =>
  verdict.value === undefined
    ? `${shortWhat(verdict)}: ${reasonText(verdict)}`
    : `${shortWhat(verdict)} ${valueText(verdict)}`;

/** Where nothing is wrong: how things are. */
const calm = (verdicts: readonly Verdict[]): string => {
  const fine = verdicts.filter(({ state }) => state === 'ok');
  const judged = fine.filter(({ absent }) => !absent);
  if (judged.length === 0) return `nothing to judge: ${nearest(fine).map(told).join(', ')}`;
  const open = verdicts.filter(({ state, absent }) => state === 'not judged' && !absent).length;
  const count = ['', 'the one thing judged is fine', 'both judged are fine'][judged.length];
  return [
    `${count ?? `all ${judged.length} judged are fine`}: ${nearest(judged).map(told).join(', ')}`,
    ...(open === 0 ? [] : [`${open} not judged yet`]),
  ].join('; ');
};

/** One line without its state: `cpu 96 %: postgres 71 %; disk /var 93 %`. `sample` is the one that was judged. */
export const summarize = (verdicts: readonly Verdict[], sample: Sample): string => {
  const problems = verdicts
    .filter(({ state }) => state === 'critical' || state === 'warning' || state === 'unknown')
    .sort(bySeverity);
  if (problems.length === 0)
    return verdicts.some(({ state }) => state === 'ok') ? calm(verdicts) : 'nothing could be judged';
  const named = problems.slice(0, NAMED).map((verdict) => problem(verdict, sample));
  const more = problems.length - named.length;
  return `${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
};
