/** What was found, for people: one line that says it all, then a table of what is not as it should be. */

import { clean } from '../core/clean.js';
import { formatDuration } from '../core/duration.js';
import { bySeverity } from '../core/judge.js';
import type { State, Verdict } from '../core/rule.js';
import { widthOf } from '../core/width.js';
import { shortWhat, thresholdText, valueText, what } from '../core/words.js';
import { wrap } from '../core/wrap.js';
import type { CheckReport } from './check-report.js';
import { STATE_WORD } from './check-report.js';
import type { CheckFormat } from './index.js';
import type { Palette } from './palette.js';
import { openPalette, PLAIN } from './palette.js';

export interface TextOptions {
  /** All that was judged, not only what is wrong. */
  readonly verbose?: boolean;
  readonly palette?: Palette;
  /** Cells that a line may take; Infinity where nobody looks at it on a terminal. */
  readonly width?: number;
  /** Lines of the terminal: what is longer says the first line once more, where it can be seen. */
  readonly height?: number;
}

const GAP = 2;

/** Below this a name says nothing any more. */
const LEAST = 12;

const paintState = (palette: Palette, state: State): ((text: string) => string) =>
  state === 'not judged' ? palette.faint : palette[state];

/** The longest of the texts, in cells. */
const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(widthOf));

interface Cells {
  readonly state: string;
  readonly name: string;
  readonly value: string;
  readonly threshold: string;
}

/** Shares the line: names get what thresholds leave, but not less than half; what is longer goes over several lines. */
const fitCells = (rows: readonly Cells[], width: number): string[][] => {
  const column = (pick: (cells: Cells) => string): number => widest(rows.map(pick));
  const fixed = column(({ state }) => state) + column(({ value }) => value) + 3 * GAP;
  const room = Math.max(2 * LEAST, width - fixed);
  const wanted = column(({ name }) => name);
  const half = Math.floor(room / 2);
  const names = Math.min(wanted, Math.max(half, room - column(({ threshold }) => threshold)));
  return rows.map((cells) => [
    cells.state,
    wrap(cells.name, names),
    cells.value,
    wrap(cells.threshold, room - names),
  ]);
};

const verdictTable = async (
  verdicts: readonly Verdict[],
  { palette = PLAIN, width = 80 }: TextOptions,
): Promise<string> => {
  const cells = verdicts.map(
    (verdict): Cells => ({
      state: STATE_WORD[verdict.state],
      name: clean(what(verdict)),
      value: clean(valueText(verdict) ?? '-'),
      threshold: clean(thresholdText(verdict)),
    }),
  );
  const head: Cells = { state: 'state', name: 'what', value: 'value', threshold: 'threshold' };
  const [titles = [], ...fitted] = fitCells([head, ...cells], width);
  const rows = fitted.map(([state = '', ...rest], index) => [
    paintState(palette, (verdicts[index] as Verdict).state)(state),
    ...rest,
  ]);
  const { formatTable } = await import('./table.js');
  return formatTable(
    titles.map((title, index) => ({ title, align: index === 2 ? ('right' as const) : ('left' as const) })),
    rows,
    palette.faint,
  );
};

/** Texts by a key, in the order of their first. */
const gather = <T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): readonly (readonly [string, readonly T[]])[] => {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups];
};

/** What could not be judged, with what it is now: `cpu (100 % now), steal (0 % now)`. */
const named = (verdicts: readonly Verdict[]): string =>
  verdicts
    .map((one) => {
      const now = valueText(one);
      return `${shortWhat(one)}${now === undefined ? '' : ` (${now})`}`;
    })
    .join(', ');

/**
 * For each reason why something could not be judged, what it concerns: `not judged: the log began 4s ago; needed are 10m for cpu
 * (100 % now), steal (0 % now); 30m for oom-kills`.
 */
const notJudged = (verdicts: readonly Verdict[], width: number): readonly string[] => {
  const open = verdicts.filter(({ state, absent }) => state === 'not judged' && !absent);
  return gather(open, ({ reason = '' }) => reason).map(([reason, all]) => {
    const parts = gather(all, ({ needs }) => (needs === undefined ? '' : formatDuration(needs))).map(
      ([needs, some]) => (needs === '' ? named(some) : `${needs} for ${named(some)}`),
    );
    const needed = all[0]?.needs === undefined ? '' : 'needed are ';
    return wrap(`not judged: ${clean(`${reason}; ${needed}${parts.join('; ')}`)}`, width, '  ');
  });
};

/** Lines for a terminal or a mail from cron. */
export const formatCheckText = async (report: CheckReport, options: TextOptions = {}): Promise<string> => {
  const { palette = PLAIN, verbose = false, width = 80, height = Number.POSITIVE_INFINITY } = options;
  const { state, summary, source, verdicts, alerts, time } = report;
  const word = paintState(palette, state)(STATE_WORD[state]);
  const headline = `${word} - ${clean(summary)} ${palette.faint(`(${clean(source)})`)}\n`;
  const shown = verdicts.filter(
    (one) => one.state === 'critical' || one.state === 'warning' || one.state === 'unknown' || verbose,
  );
  const table = shown.length === 0 ? '' : await verdictTable([...shown].sort(bySeverity), options);
  const alerting =
    alerts === undefined
      ? ''
      : await (await import('./alerts-text.js')).formatAlerts(alerts, { palette, width, verbose, now: time });
  const rest = verbose
    ? ''
    : notJudged(verdicts, width)
        .map((lines) => `${palette.faint(lines)}\n`)
        .join('');
  const text = [headline, table, alerting, rest].filter((part) => part !== '').join('\n');
  return text.split('\n').length > height ? `${text}\n${headline}` : text;
};

export const text: CheckFormat = {
  report: async (report, { colourLevel, ...look }) =>
    formatCheckText(report, { ...look, palette: await openPalette(colourLevel) }),
};
