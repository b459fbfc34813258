/** Alerts for people: a table of what is active, and lines of what changed. */

import type { AlertFound, AlertsFound, Blind } from '../core/alert.js';
import { clean } from '../core/clean.js';
import { widthOf } from '../core/width.js';
import { wrap } from '../core/wrap.js';
import { alertAge, alertName, alertText, alertValue, changeText, shortText } from './alert-words.js';
import { STATE_WORD } from './check-report.js';
import type { Palette } from './palette.js';

export interface AlertsLook {
  readonly palette: Palette;
  readonly width: number;
  readonly verbose: boolean;
  /** ms since 1970. */
  readonly now: number;
}

const GAP = 2;
/** Below this a text says nothing any more. */
const LEAST = 16;

const wordOf = ({ phase, state, kept }: AlertFound): string =>
  phase === 'pending' ? 'pending' : `${state === 'ok' ? 'INFO' : STATE_WORD[state]}${kept ? ' (kept)' : ''}`;

const paintOf = ({ phase, state }: AlertFound, palette: Palette): ((text: string) => string) =>
  phase === 'pending' ? palette.faint : palette[state];

const tableOf = async (
  alerts: readonly AlertFound[],
  { palette, width, now }: AlertsLook,
): Promise<string> => {
  const rows = alerts.map((alert) => [
    wordOf(alert),
    alertName(alert),
    alertValue(alert.value, alert.unit),
    alertAge(alert, now),
    alertText(alert),
  ]);
  const titles = ['state', 'alert', 'value', 'for', 'what it says'];
  const column = (index: number): number =>
    Math.max(widthOf(titles[index] as string), ...rows.map((row) => widthOf(row[index] as string)));
  const fixed = column(0) + column(2) + column(3) + 4 * GAP;
  const room = Math.max(2 * LEAST, width - fixed);
  const names = Math.min(column(1), Math.max(Math.floor(room / 2), room - column(4)));
  const { formatTable } = await import('./table.js');
  return formatTable(
    titles.map((title, index) => ({ title, align: index === 2 ? ('right' as const) : ('left' as const) })),
    rows.map(([state = '', name = '', value = '', age = '', text = ''], index) => [
      paintOf(alerts[index] as AlertFound, palette)(state),
      wrap(name, names),
      value,
      age,
      wrap(text, room - names),
    ]),
    palette.faint,
  );
};

/** What changed, a line each: what a mail is to say. */
const changesOf = ({ changes = [] }: AlertsFound, { palette, now }: AlertsLook): string =>
  changes
    .map((change) => {
      const { kind, alert } = change;
      const word = kind === 'ended' ? 'ended' : alert.state === 'ok' ? 'INFO' : STATE_WORD[alert.state];
      const paint = kind === 'ended' ? palette.ok : palette[alert.state];
      return `${paint(word.padEnd(8))}  ${changeText(change, now)}\n`;
    })
    .join('');

/** `PumpDown (pump_runing, did you mean pump_running?)` */
const blindText = ({ rule, metrics, near }: Blind): string => {
  const meant = near === undefined ? '' : `, did you mean ${near.join(' and ')}?`;
  return clean(`${rule} (${metrics.join(', ')}${meant})`);
};

/** Some rules after what they have in common; empty where there are none. */
const faintLine = (
  what: string,
  rules: readonly string[],
  { palette, width }: AlertsLook,
  between = '; ',
): string => (rules.length === 0 ? '' : palette.faint(wrap(`${what}: ${rules.join(between)}`, width, '  ')));

/** More than so many are counted. */
const LISTED = 6;

const shortened = (texts: readonly string[], { verbose }: AlertsLook): readonly string[] =>
  verbose || texts.length <= LISTED
    ? texts
    : [...texts.slice(0, LISTED), `and ${texts.length - LISTED} more rules, which --verbose names`];

/** Everything below the first line; empty where there is nothing to tell. */
export const formatAlerts = async (found: AlertsFound, look: AlertsLook): Promise<string> => {
  const { alerts, failures, blind, short, quiet } = found;
  const parts = [
    changesOf(found, look),
    alerts.length === 0 ? '' : await tableOf(alerts, look),
    failures
      .map(({ rule, message }) => wrap(`failed: ${clean(rule)}: ${clean(message)}`, look.width, '  '))
      .join('\n'),
    faintLine('without data', shortened(blind.map(blindText), look), look),
    faintLine('too short for this log', short.map(shortText), look),
    look.verbose ? faintLine('quiet', [...new Set(quiet)].map(clean), look, ', ') : '',
  ];
  return parts
    .filter((part) => part !== '')
    .map((part) => (part.endsWith('\n') ? part : `${part}\n`))
    .join('\n');
};
