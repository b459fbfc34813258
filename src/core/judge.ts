/** Compares what was measured with what must hold. Pure: a log, a check and a test judge alike. */

import { formatDuration } from './duration.js';
import { fieldOf } from './group.js';
import type { History } from './history.js';
import { LOOKBACK } from './history.js';
import type { Measured } from './measure.js';
import { measurePast } from './measure.js';
import { formatPath } from './path.js';
import { alerts } from './range.js';
import { selectRows } from './rows.js';
import type { Condition, Rule, Severity, State, Verdict } from './rule.js';
import type { ActiveAlert, Reading, Row, Sample } from './sample.js';
import { rowsIn } from './sample.js';

export interface Evidence {
  /** The newest sample, or one made of several by `latest`. */
  readonly now: Sample;
  /** Has taken in the samples up to and with the newest, as they were recorded. */
  readonly history: History;
  /** What held at the sample before: those states are left by the `leave` limits only. */
  readonly held?: readonly ActiveAlert[];
}

const RANK: Readonly<Record<State, number>> = { 'not judged': 0, ok: 1, unknown: 2, warning: 3, critical: 4 };

/** More serious first, as the plugins order them: unknown is worse than ok and better than a known alarm. */
export const bySeverity = (a: Verdict, b: Verdict): number => RANK[b.state] - RANK[a.state];

/** The state of the whole: what is not judged changes nothing, but where nothing was judged nothing is known. */
export const worst = (verdicts: Iterable<Verdict>): Exclude<State, 'not judged'> => {
  let state: State = 'not judged';
  for (const verdict of verdicts) if (RANK[verdict.state] > RANK[state]) state = verdict.state;
  return state === 'not judged' ? 'unknown' : state;
};

/** A condition that cannot be looked at does not take an alarm away. */
const holds = (condition: Condition | undefined, row: Row): boolean => {
  if (condition === undefined) return true;
  const value = row.numbers[condition.field];
  return value === undefined || alerts(condition.range, value);
};

const stateOf = (rule: Rule, value: number, row: Row, held: Severity | undefined): State => {
  const { limits, leave = limits, also } = rule;
  const is = (severity: Severity): boolean => {
    if (!holds(also?.[severity], row)) return false;
    const enter = limits[severity];
    const stay = leave[severity];
    const was = held === severity || held === 'critical';
    return (
      (enter !== undefined && alerts(enter, value)) || (was && stay !== undefined && alerts(stay, value))
    );
  };
  return is('critical') ? 'critical' : is('warning') ? 'warning' : 'ok';
};

const MILDEST = (a: State, b: State): State => (RANK[a] <= RANK[b] ? a : b);

/** The newest value: of this sample, or of the last minutes where the field is recorded once a minute. */
const newest = (rule: Rule, row: Row, { now, history }: Evidence): number | undefined => {
  const value = row.numbers[rule.path.field];
  if (value !== undefined) return value;
  const last = history.points(rule, row.id).at(-1);
  const fresh = last !== undefined && last.boot === now.boot && now.time - last.time <= LOOKBACK * 1000;
  return fresh && rule.measure.kind === 'value' ? last.value : undefined;
};

const heldState = (rule: Rule, row: Row, held: readonly ActiveAlert[]): Severity | undefined => {
  const mine = held.filter((alert) => alert.rule === rule.name);
  if (mine.length === 0) return undefined;
  const path = formatPath({ ...rule.path, id: row.id });
  return mine.find((alert) => alert.path === path)?.state;
};

const uptime = (sample: Sample): number | undefined => rowsIn(sample, 'system')[0]?.numbers['uptime_seconds'];

/** Why a row is fine whatever its value is; undefined where the value has to be looked at. */
export const whyFine = (rule: Rule, row: Row): string | undefined =>
  rule.fine?.find(({ field, range }) => {
    const value = row.numbers[field];
    return value !== undefined && alerts(range, value);
  })?.reason;

const judgeRow = (rule: Rule, reading: Reading, row: Row, evidence: Evidence): Verdict => {
  const { now, history, held = [] } = evidence;
  const field = fieldOf(reading.group, rule.path.field);
  const path = { ...rule.path, id: row.id };
  const unit = rule.unit ?? field?.unit ?? 'count';
  const counter = field?.kind === 'counter' && ['value', 'throughout'].includes(rule.measure.kind);
  const give = (state: State, more: Pick<Verdict, 'value' | 'newest' | 'reason' | 'absent'>): Verdict => ({
    rule,
    path,
    state,
    unit,
    counter,
    ...more,
  });

  const fine = whyFine(rule, row);
  if (fine !== undefined) return give('ok', { reason: fine });

  const up = uptime(now);
  if (rule.afterBoot !== undefined && up !== undefined && up < rule.afterBoot)
    return give('not judged', { reason: `up for less than ${formatDuration(rule.afterBoot)}` });

  const before = heldState(rule, row, held);
  const { kind } = rule.measure;
  let measured: Measured;
  if (kind === 'value') {
    const value = newest(rule, row, evidence);
    if (value === undefined)
      return give(rule.missing, { reason: `${formatPath(path)} is not known`, absent: true });
    measured = { value };
  } else {
    measured = measurePast(rule.measure, history.points(rule, row.id), now.time);
    // The past forgets that something changed; the alarm must not, while its other condition holds.
    if (kind === 'changed' && before !== undefined) measured = { value: 1 };
  }
  if (measured.tooShort !== undefined) {
    // A counter that has grown too much in a part of the window has done so in the whole.
    const state = measured.atLeast === undefined ? 'ok' : stateOf(rule, measured.atLeast, row, before);
    if (measured.atLeast !== undefined && state !== 'ok') return give(state, { value: measured.atLeast });
    const present = row.numbers[rule.path.field];
    const comparable =
      present !== undefined && (kind === 'average' || kind === 'share' || kind === 'throughout');
    return give(rule.tooShort, { reason: measured.tooShort, ...(comparable && { newest: present }) });
  }
  const { value, all = [value] } = measured;
  if (all.some(Number.isNaN))
    return give('unknown', { value, reason: `${formatPath(path)} is not a number` });
  return give(all.map((one) => stateOf(rule, one, row, before)).reduce(MILDEST), { value });
};

/** A row of which nothing could be read, such as a network mount that hangs. */
const isUnreadable = (row: Row): boolean =>
  row.numbers['device_error'] === 1 || Object.keys(row.numbers).length === 0;

const readingFor = (rule: Rule, { now, history }: Evidence): Reading | undefined => {
  const reading = now.readings.get(rule.path.group);
  if (reading !== undefined) return reading;
  const last = history.latest(rule.path.group);
  if (last === undefined || last.boot !== now.boot || now.time - last.time > LOOKBACK * 1000)
    return undefined;
  // Absent though it is due at every tick: it is gone.
  const onTick = Object.values(last.reading.group.fields).some(({ due }) => due === 'tick');
  return onTick ? undefined : last.reading;
};

/** One verdict for each row that the rule speaks of, at least one unless other rules speak of all of them. */
export const judge = (rule: Rule, evidence: Evidence): readonly Verdict[] => {
  const { group, id, field } = rule.path;
  const bare = (state: State, reason: string): readonly Verdict[] => [
    { rule, path: rule.path, state, unit: rule.unit ?? 'count', counter: false, reason, absent: true },
  ];
  const reading = readingFor(rule, evidence);
  if (reading === undefined) return bare(rule.missing, `there is no "${group}" here`);
  if ('failed' in reading)
    return bare(rule.missing === 'ok' ? 'ok' : 'unknown', `${group} could not be read: ${reading.failed}`);
  if (fieldOf(reading.group, field) === undefined)
    return bare(rule.missing, `"${group}" has no field "${field}"`);

  const { rows, elsewhere } = selectRows(rule, reading.rows);
  if (elsewhere) return [];
  if (rows.length === 0) {
    const named = formatPath(rule.path).slice(0, -field.length - 1);
    return bare(rule.missing, id === undefined ? `there is no ${group} to judge` : `there is no ${named}`);
  }
  const judged = rows.map((row) => {
    const verdict = judgeRow(rule, reading, row, evidence);
    // Said once, by the rules about what is there now, and not by each about its past.
    const unreadable =
      rule.measure.kind === 'value' && !(field in row.numbers) && isUnreadable(row) && rule.missing !== 'ok';
    const has = field in row.numbers || verdict.value !== undefined || verdict.state === 'ok';
    return unreadable && verdict.value === undefined
      ? { has: true, verdict: { ...verdict, state: 'unknown' as const, reason: 'it could not be read' } }
      : { has, verdict };
  });
  // A path that means any row means those that have the field: vfat counts no inodes.
  const some = id === undefined ? judged.filter(({ has }) => has) : judged;
  return (some.length > 0 ? some : judged).map(({ verdict }) => verdict);
};

export const judgeAll = (rules: readonly Rule[], evidence: Evidence): readonly Verdict[] =>
  rules.flatMap((rule) => judge(rule, evidence));
