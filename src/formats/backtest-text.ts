/** What rules would have done, for people: every alert by time, how often each rule fired, what cannot be known, and a timeline. */

import { type Backtest, countAlerts, firedFor, type PastAlert, type PastRule } from '../core/backtest.js';
import { clean } from '../core/clean.js';
import { widthOf } from '../core/width.js';
import { wrap } from '../core/wrap.js';
import { alertText, alertValue, labelsText } from './alert-words.js';
import { drawTimeline, type TimelineLook } from './backtest-timeline.js';
import {
  commonLabels,
  gapLines,
  instanceName,
  lastText,
  momentWriter,
  nameBesideSeverity,
  ruleName,
  withoutLabels,
  worstOf,
} from './backtest-words.js';
import { formatMoment, formatSpan } from './plot-times.js';

export interface BacktestLook extends TimelineLook {
  readonly timeline: boolean;
  /** Cells of a drawing, where lines may be as long as they like. */
  readonly drawWidth: number;
  /** All that was ever pending, and what alerts said. */
  readonly verbose: boolean;
}

interface Entry {
  readonly rule: PastRule;
  readonly alert: PastAlert;
}

const GAP = 2;
/** Below this a name says nothing any more. */
const LEAST = 16;
/** With more rows than these, what never fired is only counted. */
const MOST_PENDING = 30;

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const wholeSecond = (time: number): number => Math.round(time / 1000) * 1000;

const headline = (found: Backtest): string => {
  const { rules, since, until } = found;
  const counts = rules.map((rule) => countAlerts(rule, found));
  const fired = counts.filter((one) => one.fired > 0).length;
  const pending = counts.filter((one) => one.fired === 0 && one.onlyPending > 0).length;
  const times = counts.reduce((sum, one) => sum + one.fired, 0);
  const alerts =
    fired === 0 ? 'nothing fired' : `${plural(times, 'alert')} of ${plural(fired, 'rule')} fired`;
  const waiting = pending === 0 ? '' : `, ${plural(pending, 'rule')} only pending`;
  return `${formatSpan(wholeSecond(since), wholeSecond(until))}, ${plural(rules.length, 'alerting rule')}: ${alerts}${waiting}`;
};

/** A column: its title, and what it says of an alert. */
type Cell = (entry: Entry) => string;

const columnsOf = (found: Backtest, short: boolean, seconds: boolean): Readonly<Record<string, Cell>> => {
  const write = momentWriter(short, seconds);
  return {
    severity: ({ rule }) => clean(rule.severity ?? ''),
    pending: ({ alert: { pendingAt, sinceAtLeast } }) => `${sinceAtLeast ? '< ' : ''}${write(pendingAt)}`,
    fired: ({ alert: { pendingAt, firingAt } }) =>
      firingAt === undefined ? '-' : write(firingAt, pendingAt),
    resolved: ({ alert: { pendingAt, firingAt, resolvedAt } }) =>
      resolvedAt === undefined
        ? `still ${firingAt === undefined ? 'pending' : 'firing'}`
        : write(resolvedAt, firingAt ?? pendingAt),
    lasted: ({ alert }) => {
      const { pendingAt, firingAt, resolvedAt, sinceAtLeast } = alert;
      const whole =
        firingAt === undefined
          ? 0
          : firedFor(alert, { since: firingAt, until: Math.max(found.until, firingAt) });
      const isMore = (sinceAtLeast && firingAt === pendingAt) || resolvedAt === undefined;
      return firingAt === undefined ? '-' : `${isMore ? '> ' : ''}${lastText(whole)}`;
    },
    value: ({ alert }) => alertValue(alert.first),
    worst: ({ rule, alert }) => alertValue(worstOf(rule, alert)),
    last: ({ alert }) => alertValue(alert.last),
  };
};

/** What fits beside names, the most telling last to go. */
const LAYOUTS: readonly { readonly short: boolean; readonly titles: readonly string[] }[] = [
  { short: false, titles: ['severity', 'pending', 'fired', 'resolved', 'lasted', 'value', 'worst', 'last'] },
  { short: true, titles: ['severity', 'pending', 'fired', 'resolved', 'lasted', 'value', 'worst', 'last'] },
  { short: true, titles: ['severity', 'pending', 'fired', 'resolved', 'lasted', 'worst'] },
  { short: true, titles: ['pending', 'fired', 'resolved', 'lasted', 'worst'] },
  { short: true, titles: ['pending', 'fired', 'resolved', 'worst'] },
  { short: true, titles: ['pending', 'fired', 'resolved'] },
];
const NUMBERS: ReadonlySet<string> = new Set(['lasted', 'value', 'worst', 'last']);

const alertsTable = async (
  found: Backtest,
  entries: readonly Entry[],
  look: BacktestLook,
): Promise<string> => {
  const { palette, width } = look;
  const moments = entries.flatMap(({ alert: { pendingAt, firingAt, resolvedAt } }) => [
    pendingAt,
    firingAt,
    resolvedAt,
  ]);
  const seconds = moments.some((time) => time !== undefined && time % 60_000 !== 0);
  const { formatTable } = await import('./table.js');
  for (const { short, titles } of LAYOUTS) {
    const cells = columnsOf(found, short, seconds);
    const names = entries.map(({ rule, alert }) =>
      titles.includes('severity') ? nameBesideSeverity(rule, alert) : instanceName(rule, alert, found.rules),
    );
    const widest = Math.max('alert'.length, ...names.map(widthOf));
    const columns = titles.map((title) => entries.map((entry) => (cells[title] as Cell)(entry)));
    const fixed = columns.reduce(
      (sum, texts, at) => sum + GAP + Math.max((titles[at] as string).length, ...texts.map(widthOf)),
      0,
    );
    const room = width - fixed;
    const isLast = titles === LAYOUTS.at(-1)?.titles;
    // Nicer with names on one line, as long as that costs no column.
    if (room < Math.min(widest, short ? LEAST : 2 * LEAST) && !isLast) continue;
    return formatTable(
      [
        { title: 'alert' },
        ...titles.map((title) => ({
          title,
          align: NUMBERS.has(title) ? ('right' as const) : ('left' as const),
        })),
      ],
      entries.map(({ rule, alert }, row) => {
        const name = names[row] as string;
        const wrapped = wrap(name, Math.max(LEAST / 2, Math.min(widest, room)), '  ');
        const paint = alert.firingAt === undefined ? palette.faint : palette[rule.state];
        return [wrapped.split('\n').map(paint).join('\n'), ...columns.map((texts) => texts[row] as string)];
      }),
      palette.faint,
    );
  }
  return '';
};

const countsTable = async (found: Backtest, { palette, width }: BacktestLook): Promise<string> => {
  const active = found.rules.filter(({ alerts }) => alerts.length > 0);
  if (active.length === 0) return '';
  const { formatTable } = await import('./table.js');
  const titles = ['rule', 'fired', 'only pending', 'firing for', ...(width < 70 ? [] : ['longest'])];
  const room = Math.max(LEAST, width - (width < 70 ? 33 : 46));
  return formatTable(
    titles.map((title, at) => ({ title, align: at === 0 ? ('left' as const) : ('right' as const) })),
    active.map((rule) => {
      const { fired, onlyPending, firing, longest } = countAlerts(rule, found);
      const times = fired === 0 ? ['-', '-'] : [lastText(firing), lastText(longest)];
      const cells = [
        wrap(ruleName(rule, found.rules), room, '  '),
        String(fired),
        String(onlyPending),
        ...times,
      ];
      return cells.slice(0, titles.length);
    }),
    palette.faint,
  );
};

const shortText = (
  rule: PastRule,
  { call, range, metric, apart }: NonNullable<PastRule['short']>,
  rules: readonly PastRule[],
): string =>
  `${ruleName(rule, rules)}: ${call}() over ${lastText(range)} needs two samples, and those of ${clean(metric)} are ${lastText(apart)} apart`;

const notesOf = (found: Backtest, { palette, width }: BacktestLook): string => {
  const { rules, failures, gaps } = found;
  const isBlind = ({ blind }: PastRule): boolean => blind !== undefined;
  const quiet = rules.filter((rule) => rule.alerts.length === 0 && !isBlind(rule));
  const blind = rules.filter(isBlind);
  /** A name that all its rules have in common with each other here is said once. */
  const names = (some: readonly PastRule[], say: (rule: PastRule) => string = () => ''): string => {
    const others = rules.filter((rule) => !some.includes(rule));
    return [...new Set(some.map((rule) => `${ruleName(rule, [rule, ...others])}${say(rule)}`))].join(', ');
  };
  const lines = [
    ...(quiet.length === 0 ? [] : [palette.faint(wrap(`Never active: ${names(quiet)}`, width, '  '))]),
    ...(blind.length === 0
      ? []
      : [
          wrap(
            `Without data: ${names(blind, ({ blind: metrics = [] }) => ` (${clean(metrics.join(', '))})`)}`,
            width,
            '  ',
          ),
        ]),
    ...rules.flatMap((rule) =>
      rule.short === undefined
        ? []
        : [wrap(`Window too short: ${shortText(rule, rule.short, rules)}`, width, '  ')],
    ),
    ...failures.map(({ rule, count, time, message }) =>
      wrap(
        `Failed: ${clean(rule)}, at ${plural(count, 'moment')}, first ${formatMoment(time)}: ${clean(message)}`,
        width,
        '  ',
      ),
    ),
    ...gapLines(gaps, found).map((line) => palette.unknown(wrap(line, width, '  '))),
  ];
  return lines.map((line) => `${line}\n`).join('');
};

/** What alerts said, a line each. */
const sayings = (entries: readonly Entry[], { palette, width }: BacktestLook): string =>
  entries
    .filter(({ alert }) => alert.firingAt !== undefined && alertText(alert) !== '')
    .map(({ rule, alert }) => {
      const text = wrap(
        `${formatMoment(alert.firingAt as number)}  ${clean(rule.name)}: ${alertText(alert)}`,
        width,
        '  ',
      );
      return `${text.split('\n').map(palette.faint).join('\n')}\n`;
    })
    .join('');

export const backtestText = async (told: Backtest, look: BacktestLook): Promise<string> => {
  const common = commonLabels(told.rules);
  const found: Backtest = { ...told, rules: withoutLabels(told.rules, common) };
  const all = found.rules
    .flatMap((rule) => rule.alerts.map((alert): Entry => ({ rule, alert })))
    .sort((a, b) => a.alert.pendingAt - b.alert.pendingAt);
  const fired = all.filter(({ alert }) => alert.firingAt !== undefined);
  const shown = look.verbose || all.length <= MOST_PENDING ? all : fired;
  const left = all.length - shown.length;
  const parts = [
    `${look.palette.strong(wrap(headline(found), look.width, '  '))}\n${
      common.length === 0
        ? ''
        : `${look.palette.faint(wrap(`All with ${labelsText(common)}`, look.width, '  '))}\n`
    }`,
    shown.length === 0 ? '' : await alertsTable(found, shown, look),
    left === 0
      ? ''
      : look.palette.faint(`${plural(left, 'alert')} that never fired: see all with --verbose`).concat('\n'),
    look.verbose ? sayings(shown, look) : '',
    await countsTable(found, look),
    notesOf(found, look),
    look.timeline
      ? drawTimeline(found, { ...look, width: look.drawWidth })
          .map((line) => `${line}\n`)
          .join('')
      : '',
  ];
  return parts.filter((part) => part !== '').join('\n');
};
