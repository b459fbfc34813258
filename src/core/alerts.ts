/** From verdicts, sample by sample, to the moments at which a rule begins and ends to hold. */

import { formatPath } from './path.js';
import type { Severity, Verdict } from './rule.js';
import type { ActiveAlert } from './sample.js';
import { sentence } from './words.js';

/** Verdicts in a row that it takes to begin, or to become more serious. */
export const IN_A_ROW = 3;

export interface AlertEvent {
  readonly rule: string;
  readonly path: string;
  readonly state: 'ok' | Severity;
  readonly before: 'ok' | Severity;
  /** Since when it holds or held, ms since 1970. */
  readonly since: number;
  readonly value?: number;
  readonly text: string;
}

/** A rule that has been beyond its limits for a few samples, and how bad at least in each of them. */
interface Rising {
  readonly since: number;
  readonly states: readonly Severity[];
}

interface Entry {
  readonly rule: string;
  readonly path: string;
  readonly rising?: Rising;
  readonly active?: ActiveAlert;
}

/** By rule and row. Plain data that a restart begins anew from the last record. */
export type AlertState = ReadonlyMap<string, Entry>;

const keyOf = (rule: string, path: string): string => `${rule}\0${path}`;

/** As it stood in the last record, or nothing; with what is known to be about to begin, or to become more serious. */
export const resumeAlerts = (
  active: readonly ActiveAlert[] = [],
  rising: AlertState = new Map(),
): AlertState => {
  const state = new Map(rising);
  for (const alert of active) {
    const { rule, path } = alert;
    const key = keyOf(rule, path);
    state.set(key, { ...state.get(key), rule, path, active: alert });
  }
  return state;
};

const isSeverity = (state: Verdict['state']): state is Severity =>
  state === 'warning' || state === 'critical';

/** What the last verdicts agree on: each of them was at least as serious. Undefined while they are too few. */
const agreed = ({ states }: Rising): Severity | undefined =>
  states.length < IN_A_ROW ? undefined : states.includes('warning') ? 'warning' : 'critical';

const raise = (rising: Rising | undefined, state: Severity, time: number): Rising => ({
  since: rising?.since ?? time,
  states: [...(rising?.states ?? []), state].slice(-IN_A_ROW),
});

type Change = { readonly entry: Entry | undefined; readonly event?: AlertEvent };

const step = (entry: Entry, verdict: Verdict, time: number): Change => {
  const { rule, path, active } = entry;
  const { state, value } = verdict;
  // Nothing is known, so nothing ends; but nothing has been so three times in a row either.
  if (state === 'unknown' || state === 'not judged')
    return { entry: active === undefined ? undefined : { rule, path, active } };
  const event = (to: 'ok' | Severity, since: number): AlertEvent => ({
    rule,
    path,
    state: to,
    before: active?.state ?? 'ok',
    since,
    ...(value === undefined ? {} : { value }),
    text: sentence(verdict),
  });
  if (!isSeverity(state))
    return { entry: undefined, ...(active === undefined ? {} : { event: event('ok', active.since) }) };
  if (active !== undefined && state === 'warning')
    return active.state === 'warning'
      ? { entry: { rule, path, active } }
      : { entry: { rule, path, active: { ...active, state } }, event: event(state, active.since) };
  if (active?.state === 'critical') return { entry: { rule, path, active } };
  const rising = raise(entry.rising, state, time);
  const to = agreed(rising);
  if (to === undefined || to === active?.state)
    return { entry: { rule, path, rising, ...(active && { active }) } };
  const since = active?.since ?? rising.since;
  // Critical in some of these is on its way to more: a sample later all three may be.
  const more = to === 'warning' && { rising };
  return {
    entry: { rule, path, ...more, active: { rule, path, state: to, since } },
    event: event(to, since),
  };
};

/** Alerts whose rule spoke this time, but not of their row: it has gone. A rule that could not look says nothing of its rows. */
const goneEvent = (entry: Entry, verdicts: readonly Verdict[]): AlertEvent | undefined => {
  const { active } = entry;
  if (active === undefined) return undefined;
  const spoken = verdicts.filter(({ rule }) => rule.name === entry.rule);
  if (spoken.some(({ state, path, rule }) => state === 'unknown' && path === rule.path)) return undefined;
  const { rule, path, state, since } = active;
  const why = spoken.length === 0 ? 'it is not judged any more' : 'it is no longer there';
  return { rule, path, state: 'ok', before: state, since, text: `${path}: ${why}` };
};

export interface AlertStep {
  readonly state: AlertState;
  /** What holds now, for the sample's record and for the next judgement. */
  readonly active: readonly ActiveAlert[];
  /** What began, changed or ended just now. */
  readonly events: readonly AlertEvent[];
}

/** Whether nothing holds and nothing is about to: then only verdicts beyond limits say anything. */
const isCalm = (state: AlertState): boolean => state.size === 0;

const NO_RULES: ReadonlySet<string> = new Set();

/** The rules of which something holds, in the state or as it was recorded, or is about to: of the others only verdicts beyond limits say anything. */
export const rulesOf = (state: AlertState, held: readonly ActiveAlert[]): ReadonlySet<string> =>
  isCalm(state) && held.length === 0
    ? NO_RULES
    : new Set([...state.values(), ...held].map(({ rule }) => rule));

/** Whether a verdict says that a limit is passed. */
export const speaksUp = ({ state }: Verdict): boolean => isSeverity(state);

const CALM: AlertStep = { state: new Map(), active: [], events: [] };

/** Takes in the verdicts on one sample. All rules must have been judged; of those that `rulesOf` does not name, what is not beyond limits may be left out. */
export const nextAlerts = (state: AlertState, verdicts: readonly Verdict[], time: number): AlertStep => {
  if (isCalm(state) && !verdicts.some(speaksUp)) return CALM;
  const events: AlertEvent[] = [];
  const next = new Map<string, Entry>();
  const seen = new Set<string>();
  for (const verdict of verdicts) {
    if (isCalm(state) && !isSeverity(verdict.state)) continue;
    const rule = verdict.rule.name;
    const path = formatPath(verdict.path);
    const key = keyOf(rule, path);
    seen.add(key);
    const { entry, event } = step(state.get(key) ?? { rule, path }, verdict, time);
    if (entry !== undefined && (entry.active !== undefined || entry.rising !== undefined))
      next.set(key, entry);
    if (event !== undefined) events.push(event);
  }
  for (const [key, entry] of state) {
    if (seen.has(key) || entry.active === undefined) continue;
    const event = goneEvent(entry, verdicts);
    if (event === undefined) next.set(key, { rule: entry.rule, path: entry.path, active: entry.active });
    else events.push(event);
  }
  return { state: next, active: [...next.values()].flatMap(({ active }) => active ?? []), events };
};
