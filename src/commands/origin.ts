/** Where the values of a check come from, for its first line. */

import { formatDuration } from '../core/duration.js';
import type { Verdict } from '../core/rule.js';
import { sayAge } from '../core/too-short.js';

export interface Origin {
  /** The newest record of the log: how old it is, s, and whether it still tells how things are. */
  readonly log?: { readonly age: number; readonly fresh: boolean };
  /** Groups that were read now, and seconds between the two readings where it took two. */
  readonly live?: { readonly groups: ReadonlySet<string>; readonly apart?: number };
  /** The machine whose log lies there, where that is another one. */
  readonly stranger?: string;
}

/** Names in a list before it is cut short. */
const NAMED = 3;

const list = (verdicts: readonly Verdict[]): string => {
  const names = [...new Set(verdicts.map(({ rule }) => rule.name))];
  const more = names.length - NAMED;
  return more > 1 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
};

const ageOf = (age: number): string =>
  age < 0 ? `the log is ${sayAge(-age)} ahead of the clock` : `the log is ${sayAge(age)} old`;

/** `log, 3s ago; disk /run read now`, or `the log is 9m old; two readings 500ms apart`. */
export const describeOrigin = ({ log, live, stranger }: Origin, verdicts: readonly Verdict[]): string => {
  const reading = live?.apart === undefined ? 'read now' : `two readings ${formatDuration(live.apart)} apart`;
  if (log?.fresh === true) {
    const now = verdicts.filter(({ path }) => live?.groups.has(path.group));
    if (verdicts.length > 0 && now.length === verdicts.length) return reading;
    const from = live?.apart === undefined ? ' ' : ' from ';
    return [
      `log, ${sayAge(Math.max(0, log.age))} ago`,
      ...(now.length === 0 ? [] : [`${list(now)}${from}${reading}`]),
    ].join('; ');
  }
  const back = verdicts.filter(
    ({ rule, value, newest }) => rule.measure.kind !== 'value' && value !== undefined && newest === undefined,
  );
  return [
    ...(stranger === undefined ? [] : [`the log is that of ${stranger}`]),
    ...(log === undefined ? [] : [ageOf(log.age)]),
    reading,
    ...(back.length === 0 ? [] : [`${list(back)} reach${back.length === 1 ? 'es' : ''} back into the log`]),
  ].join('; ');
};
