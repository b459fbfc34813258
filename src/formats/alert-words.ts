/** Alerts in words. What comes from labels and annotations is made safe for a terminal here. */

import {
  type AlertChange,
  type AlertFound,
  type AlertsFound,
  countUnknown,
  type Pairs,
  type TooShort,
} from '../core/alert.js';
import { clean } from '../core/clean.js';
import { formatDuration } from '../core/duration.js';
import { formatFloat } from '../core/go-float.js';
import type { Unit } from '../core/group.js';
import { formatQueryValue } from './query-value.js';

/** Labels that a person knows already, or that say nothing of what an alert is about. */
const KNOWN: ReadonlySet<string> = new Set(['severity']);

/** `job api, instance web-1`; empty where there are none. */
export const labelsText = (labels: Pairs): string =>
  clean(
    labels
      .filter(([name]) => !KNOWN.has(name))
      .map(([name, text]) => `${name} ${text}`)
      .join(', '),
  );

/** `HighErrorRate (job api)` */
export const alertName = ({ name, labels }: Pick<AlertFound, 'name' | 'labels'>): string => {
  const about = labelsText(labels);
  return about === '' ? clean(name) : `${clean(name)} (${about})`;
};

/** Units without a sign of their own: of those the number says as much. */
const BARE: ReadonlySet<Unit | undefined> = new Set([undefined, 'count', 'ratio', 'boolean']);

/** As people read it: four digits are enough to see what is going on, and a unit where it is known. */
export const alertValue = (value: number, unit?: Unit): string => {
  // The others round by themselves, and are not to be rounded twice.
  if (!BARE.has(unit))
    return formatQueryValue(unit === 'per_second' ? Number(value.toPrecision(4)) : value, unit);
  const short = Number(value.toPrecision(4));
  return short !== 0 && Math.abs(short) < 1e6 && Math.abs(short) >= 1e-3 ? String(short) : formatFloat(short);
};

/** The annotation that says it in a sentence. */
export const alertText = ({ annotations }: Pick<AlertFound, 'annotations'>): string => {
  const by = new Map(annotations);
  const text = by.get('summary') ?? by.get('description') ?? by.get('message') ?? annotations[0]?.[1] ?? '';
  return clean(text.replace(/\s+/g, ' ').trim());
};

const seconds = (from: number, to: number): number => Math.max(0, Math.round((to - from) / 1000));

/** How long something has been so. */
export const alertAge = (
  { since, sinceAtLeast }: Pick<AlertFound, 'since' | 'sinceAtLeast'>,
  now: number,
): string => `${sinceAtLeast ? '> ' : ''}${formatDuration(seconds(since, now))}`;

/** `once a minute`, `every 15s` */
const howOften = (apart: number): string => {
  const whole = Math.max(1, Math.round(apart / 1000));
  const unit = [
    ['minute', 60],
    ['hour', 3600],
    ['day', 86_400],
  ].find(([, size]) => size === whole);
  return unit === undefined
    ? `every ${formatDuration(whole)}`
    : `once ${unit[0] === 'hour' ? 'an' : 'a'} ${unit[0]}`;
};

/** `HostHighCpuLoad (1m of what is recorded once a minute)` */
export const shortText = ({ rule, window }: TooShort): string =>
  clean(`${rule} (${formatDuration(window.range / 1000)} of what is recorded ${howOften(window.apart)})`);

/** Why nothing is known of any rule. */
const nothingKnown = ({ rules, blind, short }: AlertsFound): string => {
  const all = rules === 1 ? 'the one rule' : `all ${rules} rules`;
  if (blind.length === rules) return `of ${all} no metric is known`;
  if (short.length < rules) return `of ${all} nothing is known`;
  return rules === 1
    ? 'the window of the one rule is too short for this log'
    : `windows of ${all} are too short for this log`;
};

/** Alerts named in the first line; the table has them all. */
const NAMED = 3;

/** One line: what fires; else that nothing does. */
export const summarizeAlerts = (found: AlertsFound): string => {
  const { rules, alerts, failures, blind, short, stale } = found;
  const isUnknown = countUnknown(found) === rules;
  const firing = alerts.filter(({ phase, state }) => phase === 'firing' && state !== 'ok');
  const pending = alerts.filter(({ phase }) => phase === 'pending').length;
  const informing = alerts.length - firing.length - pending;
  const parts = [
    ...(stale === undefined ? [] : [stale]),
    ...failures.slice(0, 1).map(({ rule, message }) => `${clean(rule)}: ${clean(message)}`),
    ...firing.slice(0, NAMED).map((alert) => `${alertName(alert)} ${alertValue(alert.value, alert.unit)}`),
  ];
  if (firing.length > NAMED) parts.push(`and ${firing.length - NAMED} more`);
  if (parts.length === 0)
    parts.push(
      rules === 0
        ? 'there are no alerting rules'
        : isUnknown
          ? nothingKnown(found)
          : rules === 1
            ? `the one rule ${informing > 0 ? 'fires' : pending > 0 ? 'does not fire yet' : 'is quiet'}`
            : `none of ${rules} rules fires`,
    );
  if (pending > 0) parts.push(`${pending} pending`);
  if (informing > 0) parts.push(`${informing} for information`);
  if (blind.length > 0 && !isUnknown) parts.push(`${blind.length} without data`);
  if (short.length > 0 && !isUnknown) parts.push(`${short.length} with too short a window`);
  return parts.join('; ');
};

/** `ended after 12m: HighErrorRate (job api) is 0.02, was 0.35` */
export const changeText = ({ kind, alert, until, before, now: value }: AlertChange, now: number): string => {
  const name = alertName(alert);
  const text = alertText(alert);
  if (kind === 'began') {
    const age = alertAge(alert, now);
    return `${name} is ${alertValue(alert.value, alert.unit)}, for ${age}${text === '' ? '' : `: ${text}`}`;
  }
  const lasted = `${alert.sinceAtLeast ? 'more than ' : ''}${formatDuration(seconds(alert.since, until ?? now))}`;
  const is = value === undefined ? '' : ` is ${alertValue(value, alert.unit)},`;
  return `${name}${is}${before === undefined ? '' : ` was ${alertValue(before, alert.unit)},`} lasted ${lasted}`;
};
