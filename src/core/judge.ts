/** Compares what was measured with what must hold. Pure: a log, a check and a test judge alike. */

import { formatDuration } from './duration.js';
import { fieldOf, type Group } from './group.js';
import type { History } from './history.js';
import { LOOKBACK, windowOf } from './history.js';
import type { Measured } from './measure.js';
import { measurePast } from './measure.js';
import { noField, noGroup, noRow, unreadable } from './nothing.js';
import { formatPath } from './path.js';
import { alerts } from './range.js';
import { selectRows } from './rows.js';
import type { Condition, MeasureKind, Rule, Severity, State, Verdict } from './rule.js';
import type { ActiveAlert, Reading, Row, Sample } from './sample.js';
import { uptimeOf } from './sample.js';
import { type LogSpan, whyTooShort } from './too-short.js';

export interface Evidence {
  /** The newest sample, or one made of several by `latest`. */
  readonly now: Sample;
  /** Has taken in the samples up to and with the newest, as they were recorded. */
  readonly history: History;
  /** What there is of the log, to say why it is too short. */
  readonly log?: LogSpan;
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

const isAt = (
  severity: Severity,
  { limits, leave = limits, also }: Rule,
  value: number,
  row: Row,
  held: Severity | undefined,
): boolean => {
  const enter = limits[severity];
  const stay = held === severity || held === 'critical' ? leave[severity] : undefined;
  const beyond = (enter !== undefined && alerts(enter, value)) || (stay !== undefined && alerts(stay, value));
  return beyond && holds(also?.[severity], row);
};

const stateOf = (rule: Rule, value: number, row: Row, held: Severity | undefined): State =>
  isAt('critical', rule, value, row, held)
    ? 'critical'
    : isAt('warning', rule, value, row, held)
      ? 'warning'
      : 'ok';

const MILDEST = (a: State, b: State): State => (RANK[a] <= RANK[b] ? a : b);

/** The newest value: of this sample, or of the last minutes where the field is recorded once a minute. */
export const newest = (rule: Rule, row: Row, { now, history }: Evidence): number | undefined => {
  const value = row.numbers[rule.path.field];
  if (value !== undefined) return value;
  const last = history.points(rule, row.id).at(-1);
  const fresh = last !== undefined && last.boot === now.boot && now.time - last.time <= LOOKBACK * 1000;
  return fresh && rule.measure.kind === 'value' ? last.value : undefined;
};

const heldState = (rule: Rule, row: Row, held: readonly ActiveAlert[]): Severity | undefined => {
  if (held.length === 0) return undefined;
  const mine = held.filter((alert) => alert.rule === rule.name);
  if (mine.length === 0) return undefined;
  const path = nameOf(rule, row);
  return mine.find((alert) => alert.path === path)?.state;
};

/** Why a row is fine whatever its value is; undefined where the value has to be looked at. */
export const whyFine = (rule: Rule, row: Row): string | undefined =>
  rule.fine?.find(({ field, range }) => {
    const value = row.numbers[field];
    return value !== undefined && alerts(range, value);
  })?.reason;

/** While it is being made. */
type Open<T> = { -readonly [Key in keyof T]: T[Key] };

type Found = Pick<Verdict, 'value' | 'newest' | 'reason' | 'needs' | 'absent'>;

const verdictOn = (rule: Rule, group: Group, row: Row, state: State, found: Found): Verdict => {
  const { path, measure } = rule;
  const field = fieldOf(group, path.field);
  const called = group.list ? row.texts['name'] : undefined;
  const verdict: Open<Verdict> = {
    rule,
    path: { group: path.group, id: row.id, field: path.field },
    state,
    unit: rule.unit ?? field?.unit ?? 'count',
    counter: field?.kind === 'counter' && (measure.kind === 'value' || measure.kind === 'throughout'),
  };
  // One by one: most verdicts have a value alone, and spreading costs more than all the rest of this.
  if (called !== undefined) verdict.called = called;
  if (found.value !== undefined) verdict.value = found.value;
  if (found.newest !== undefined) verdict.newest = found.newest;
  if (found.reason !== undefined) verdict.reason = found.reason;
  if (found.needs !== undefined) verdict.needs = found.needs;
  if (found.absent !== undefined) verdict.absent = found.absent;
  return verdict;
};

const nameOf = ({ path }: Rule, { id }: Row): string => formatPath({ ...path, id });

/** What is measured in the unit of the field, so that its newest value says something of it. */
const COMPARABLE: ReadonlySet<MeasureKind> = new Set(['average', 'share', 'throughout', 'lowest']);

export const NONE_HELD: readonly ActiveAlert[] = [];

const judgeRow = (rule: Rule, reading: Reading, row: Row, evidence: Evidence): Verdict => {
  const { now, history, held = NONE_HELD } = evidence;
  const give = (state: State, found: Found): Verdict => verdictOn(rule, reading.group, row, state, found);

  const fine = whyFine(rule, row);
  if (fine !== undefined) return give('ok', { reason: fine });

  if (rule.afterBoot !== undefined) {
    const up = uptimeOf(now);
    if (up !== undefined && up < rule.afterBoot)
      return give('not judged', { reason: `up for less than ${formatDuration(rule.afterBoot)}` });
  }

  const before = heldState(rule, row, held);
  const { kind } = rule.measure;
  let measured: Measured;
  if (kind === 'value') {
    const value = newest(rule, row, evidence);
    if (value === undefined)
      return give(rule.missing, { reason: `${nameOf(rule, row)} is not known`, absent: true });
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
    // What is low now has been as low within the window, however little of it is known.
    if (kind === 'lowest' && present !== undefined && stateOf(rule, present, row, before) === 'ok')
      return give('ok', { value: present, newest: present });
    const comparable = present !== undefined && COMPARABLE.has(kind);
    const needs = windowOf(rule.measure);
    return give(rule.tooShort, {
      reason: whyTooShort(evidence.log, history.points(rule, row.id), needs, now.time),
      needs,
      ...(comparable && { newest: present }),
    });
  }
  const { value, all } = measured;
  if (Number.isNaN(value) || all?.some(Number.isNaN))
    return give('unknown', { value, reason: `${nameOf(rule, row)} is not a number` });
  const state =
    all === undefined
      ? stateOf(rule, value, row, before)
      : all.map((one) => stateOf(rule, one, row, before)).reduce(MILDEST);
  return give(state, { value });
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

/** Of a rule as a whole: there is no row to say it of. */
const bare = (rule: Rule, state: State, reason: string): readonly Verdict[] => [
  { rule, path: rule.path, state, unit: rule.unit ?? 'count', counter: false, reason, absent: true },
];

/** One verdict for each row that the rule speaks of, at least one unless other rules speak of all of them. */
export const judge = (rule: Rule, evidence: Evidence): readonly Verdict[] => {
  const { group, field } = rule.path;
  const reading = readingFor(rule, evidence);
  if (reading === undefined) return bare(rule, rule.missing, noGroup(group));
  if ('failed' in reading)
    return bare(
      rule,
      rule.missing === 'ok' ? 'ok' : 'unknown',
      `${group} could not be read: ${reading.failed}`,
    );
  if (fieldOf(reading.group, field) === undefined) return bare(rule, rule.missing, noField(reading, field));

  const { rows, elsewhere } = selectRows(rule, reading.rows);
  if (elsewhere) return [];
  if (rows.length === 0) return bare(rule, rule.missing, noRow(rule, reading));
  const [having, lacking]: [Verdict[], Verdict[]] = [[], []];
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as Row;
    const verdict = judgeRow(rule, reading, row, evidence);
    // Said once, by the rules about what is there now, and not by each about its past.
    const has = row.numbers[field] !== undefined;
    const isLost = !has && rule.measure.kind === 'value' && rule.missing !== 'ok' && isUnreadable(row);
    if (isLost && verdict.value === undefined)
      having.push({ ...verdict, state: 'unknown', reason: row.texts['error'] ?? unreadable(reading, row) });
    else if (has || verdict.value !== undefined || verdict.state === 'ok') having.push(verdict);
    else lacking.push(verdict);
  }
  // A path that means any row means those that have the field: vfat counts no inodes.
  return having.length > 0 ? having : lacking;
};

export const judgeAll = (rules: readonly Rule[], evidence: Evidence): readonly Verdict[] => {
  const verdicts: Verdict[] = [];
  for (let index = 0; index < rules.length; index++) verdicts.push(...judge(rules[index] as Rule, evidence));
  return verdicts;
};
