/** What was found, for people: one line that says it all, then a table of what is not as it should be. */

import { bySeverity } from '../core/judge.js';
import type { State, Verdict } from '../core/rule.js';
import { shortWhat, thresholdText, valueText, what } from '../core/words.js';
import type { CheckReport } from './check-report.js';
import { STATE_WORD } from './check-report.js';
import { clean } from './clean.js';
import type { Palette } from './palette.js';
import { PLAIN } from './palette.js';
import { cutMiddle, widthOf } from './width.js';

export interface TextOptions {
  /** All that was judged, not only what is wrong. */
  readonly verbose?: boolean;
  readonly palette?: Palette;
  /** Cells that a line may take. */
  readonly width?: number;
}

const GAP = 2;

/** Below this a name says nothing any more. */
const LEAST = 12;

const paintState = (palette: Palette, state: State): ((text: string) => string) =>
  state === 'not judged' ? palette.faint : palette[state];

/** The longest of the texts, in cells. */
const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(widthOf));

/** Cuts what is too long for the line: first names in their middle, then reasons. */
const fitCells = (
  rows: readonly (readonly [string, string, string, string])[],
  width: number,
): string[][] => {
  const column = (index: 0 | 1 | 2 | 3): number => widest(rows.map((row) => row[index]));
  const fixed = column(0) + column(2) + 3 * GAP;
  const room = Math.max(2 * LEAST, width - fixed);
  const limits = column(3);
  const names = Math.max(LEAST, Math.min(column(1), room - Math.min(limits, Math.floor(room / 2))));
  const rest = Math.max(LEAST, room - names);
  return rows.map(([state, name, value, limit]) => [
    state,
    cutMiddle(name, names),
    value,
    cutMiddle(limit, rest),
  ]);
};

const verdictTable = async (
  verdicts: readonly Verdict[],
  { palette = PLAIN, width = 80 }: TextOptions,
): Promise<string> => {
  const cells = verdicts.map(
    (verdict) =>
      [
        STATE_WORD[verdict.state],
        clean(what(verdict)),
        clean(valueText(verdict) ?? '-'),
        clean(thresholdText(verdict)),
      ] as const,
  );
  const head = ['state', 'what', 'value', 'threshold'] as const;
  const fitted = fitCells([head, ...cells], width).slice(1);
  const rows = fitted.map(([state = '', ...rest], index) => [
    paintState(palette, (verdicts[index] as Verdict).state)(state),
    ...rest,
  ]);
  const { formatTable } = await import('./table.js');
  return formatTable(
    head.map((title) => ({ title, align: title === 'value' ? ('right' as const) : ('left' as const) })),
    rows,
    palette.faint,
  );
};

/** Words in lines of at most `width` cells, those after the first set in. */
const wrap = (text: string, width: number): string => {
  let line = '';
  let out = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(`${line} ${word}`) > width) {
      out += `${line}\n`;
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return `${out}${line}\n`;
};

/** A line for each reason why something was not judged: `not judged: cpu, iowait (the log has nothing of the last 10m)`. */
const notJudged = (verdicts: readonly Verdict[], width: number): readonly string[] => {
  const byReason = new Map<string, string[]>();
  for (const verdict of verdicts) {
    if (verdict.state !== 'not judged') continue;
    const reason = verdict.reason ?? '';
    byReason.set(reason, [...(byReason.get(reason) ?? []), shortWhat(verdict)]);
  }
  return [...byReason].map(([reason, names]) =>
    wrap(`not judged: ${clean(names.join(', '))} (${clean(reason)})`, width),
  );
};

/** Lines for a terminal or a mail from cron. */
export const formatCheckText = async (report: CheckReport, options: TextOptions = {}): Promise<string> => {
  const { palette = PLAIN, verbose = false, width = 80 } = options;
  const { state, summary, source, verdicts } = report;
  const word = paintState(palette, state)(STATE_WORD[state]);
  const headline = `${word} - ${clean(summary)} ${palette.faint(`(${clean(source)})`)}\n`;
  const shown = verdicts.filter(
    (one) => one.state === 'critical' || one.state === 'warning' || one.state === 'unknown' || verbose,
  );
  const table = shown.length === 0 ? '' : await verdictTable([...shown].sort(bySeverity), options);
  const rest = verbose ? '' : notJudged(verdicts, width).map(palette.faint).join('');
  return `${headline}${table === '' ? '' : `\n${table}`}${rest === '' ? '' : `\n${rest}`}`;
};
