/** Alerts in words. What comes from labels and annotations is made safe for a terminal here. */

import type { AlertChange, AlertFound, AlertsFound, Pairs } from '../core/alert.js';
import { clean } from '../core/clean.js';
import { formatDuration } from '../core/duration.js';
import { formatFloat } from '../core/go-float.js';

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

/** As people read it: four digits are enough to see what is going on. */
export const alertValue = (value: number): string => {
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

/** Alerts named in the first line; the table has them all. */
const NAMED = 3;

/** One line: what fires; else that nothing does. */
export const summarizeAlerts = ({ rules, alerts, failures, blind, stale }: AlertsFound): string => {
  const firing = alerts.filter(({ phase, state }) => phase === 'firing' && state !== 'ok');
  const pending = alerts.filter(({ phase }) => phase === 'pending').length;
  const informing = alerts.length - firing.length - pending;
  const parts = [
    ...(stale === undefined ? [] : [stale]),
    ...failures.slice(0, 1).map(({ rule, message }) => `${clean(rule)}: ${clean(message)}`),
    ...firing.slice(0, NAMED).map((alert) => `${alertName(alert)} ${alertValue(alert.value)}`),
  ];
  if (firing.length > NAMED) parts.push(`and ${firing.length - NAMED} more`);
  if (parts.length === 0)
    parts.push(
      rules === 0
        ? 'there are no alerting rules'
        : blind.length === rules
          ? `of ${rules === 1 ? 'the one rule' : `all ${rules} rules`} no metric is known`
          : `none of ${rules} ${rules === 1 ? 'rule' : 'rules'} fires`,
    );
  if (pending > 0) parts.push(`${pending} pending`);
  if (informing > 0) parts.push(`${informing} for information`);
  if (blind.length > 0 && blind.length < rules) parts.push(`${blind.length} without data`);
  return parts.join('; ');
};

/** `ended after 12m: HighErrorRate (job api) is 0.02, was 0.35` */
export const changeText = ({ kind, alert, until, before, now: value }: AlertChange, now: number): string => {
  const name = alertName(alert);
  const text = alertText(alert);
  if (kind === 'began') {
    const age = alertAge(alert, now);
    return `${name} is ${alertValue(alert.value)}, for ${age}${text === '' ? '' : `: ${text}`}`;
  }
  const lasted = `${alert.sinceAtLeast ? 'more than ' : ''}${formatDuration(seconds(alert.since, until ?? now))}`;
  const is = value === undefined ? '' : ` is ${alertValue(value)},`;
  return `${name}${is}${before === undefined ? '' : ` was ${alertValue(before)},`} lasted ${lasted}`;
};
