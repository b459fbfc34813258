/** What rules would have done as rows of cells over time: a row for each alert while they are few, else for each rule. */

import type { Backtest, PastAlert, PastRule, Stretch } from '../core/backtest.js';
import type { Glyphs } from '../core/glyphs.js';
import { cutMiddle, widthOf } from '../core/width.js';
import { instanceName, ruleName } from './backtest-words.js';
import type { Paint, Palette } from './palette.js';
import { timeRows } from './plot.js';

export interface TimelineLook {
  /** Cells. */
  readonly width: number;
  /** Rows of the terminal. */
  readonly height: number;
  readonly glyphs: Glyphs;
  readonly palette: Palette;
}

/** What a cell says; the higher one wins where there is more than one. */
const QUIET = 0;
const GAP = 1;
const PENDING = 2;
const FIRING = 3;

const SIGNS = { plain: '·?▒█', ascii: '.?-#' } as const;
const WORDS = ['not active', 'no samples', 'pending', 'firing'] as const;

interface Row {
  readonly name: string;
  readonly state: PastRule['state'];
  readonly alerts: readonly PastAlert[];
}

/** Rows that need not be scrolled to: the time axis, the legend and the prompt stand below. */
const rowsFor = (height: number): number => Math.max(4, Math.min(24, height - 6));

const rowsOf = ({ rules }: Backtest, height: number): readonly Row[] => {
  const active = rules.filter(({ alerts }) => alerts.length > 0);
  const instances = active.flatMap((rule) => {
    const byName = new Map<string, PastAlert[]>();
    for (const alert of rule.alerts) {
      const name = instanceName(rule, alert, rules);
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [alert]);
      else known.push(alert);
    }
    // Labels tell alerts of a rule apart: of one alone, they say nothing.
    return [...byName].map(
      ([name, alerts]): Row => ({
        name: byName.size === 1 ? ruleName(rule, rules) : name,
        state: rule.state,
        alerts,
      }),
    );
  });
  if (instances.length <= rowsFor(height)) return instances;
  return active.map((rule) => ({ name: ruleName(rule, rules), state: rule.state, alerts: rule.alerts }));
};

interface Scale {
  readonly from: number;
  readonly to: number;
  readonly columns: number;
}

/** A share of a cell that has no samples, from which on nothing can be said of the cell. */
const UNKNOWN = 0.5;

/** How much of each cell lies within some stretches, 0 to 1. */
const sharesOf = (stretches: readonly Stretch[], { from, to, columns }: Scale): Float64Array => {
  const shares = new Float64Array(columns);
  const size = (to - from) / columns;
  for (const stretch of stretches) {
    const first = Math.max(0, Math.floor((stretch.from - from) / size));
    for (let at = first; at < columns && from + at * size < stretch.to; at++) {
      const start = Math.max(stretch.from, from + at * size);
      const end = Math.min(stretch.to, from + (at + 1) * size);
      shares[at] = (shares[at] as number) + Math.max(0, end - start) / size;
    }
  }
  return shares;
};

const put = (
  cells: Uint8Array,
  kind: number,
  start: number,
  end: number,
  { from, to, columns }: Scale,
): void => {
  if (end < from || start > to) return;
  const cellOf = (time: number): number =>
    Math.min(columns - 1, Math.max(0, Math.floor(((time - from) / (to - from)) * columns)));
  // What ended at a cell's edge is not in it.
  const last = Math.max(cellOf(start), end >= to ? columns - 1 : cellOf(end - 1));
  for (let at = cellOf(start); at <= last; at++) cells[at] = Math.max(cells[at] as number, kind);
};

const cellsOf = (alerts: readonly PastAlert[], shares: Float64Array, scale: Scale): Uint8Array => {
  const cells = new Uint8Array(scale.columns);
  shares.forEach((share, at) => {
    if (share >= UNKNOWN) cells[at] = GAP;
  });
  for (const { pendingAt, firingAt, resolvedAt = scale.to } of alerts) {
    put(cells, PENDING, pendingAt, firingAt ?? resolvedAt, scale);
    if (firingAt !== undefined) put(cells, FIRING, firingAt, resolvedAt, scale);
  }
  return cells;
};

const paintRow = (cells: Uint8Array, signs: string, paints: readonly Paint[]): string => {
  let text = '';
  for (let at = 0; at < cells.length; ) {
    const kind = cells[at] as number;
    let end = at;
    while (end < cells.length && cells[end] === kind) end++;
    text += (paints[kind] as Paint)((signs[kind] as string).repeat(end - at));
    at = end;
  }
  return text;
};

/** Cells for names: as many as they need, up to a share of the width. */
const marginFor = (names: readonly string[], width: number): number =>
  Math.min(Math.max(...names.map(widthOf)), Math.floor(width * (width < 100 ? 0.4 : 0.34)));

/** Rows of text; none where nothing was ever active and no sample is missing. */
export const drawTimeline = (found: Backtest, look: TimelineLook): readonly string[] => {
  const { since: from, until: to, gaps } = found;
  const { palette, glyphs, height } = look;
  const rows = rowsOf(found, height);
  if (to <= from || (rows.length === 0 && gaps.length === 0)) return [];
  const ascii = glyphs === 'ascii';
  const signs = SIGNS[ascii ? 'ascii' : 'plain'];
  // One cell stays free: some terminals go to the next line when the last one is written to.
  const width = Math.max(30, look.width - 1);
  const log = gaps.length === 0 ? [] : ['samples'];
  const margin = marginFor([...rows.map(({ name }) => name), ...log], width);
  const columns = Math.max(10, width - margin - 2);
  const scale = { from, to, columns };
  const shares = sharesOf(gaps, scale);
  const label = (name: string): string => {
    const text = cutMiddle(name, margin);
    return `${ascii ? text.replaceAll('…', '~') : text}${' '.repeat(margin - widthOf(text))} `;
  };
  const edge = palette.faint(ascii ? '|' : '│');
  const paintsOf = (state: PastRule['state']): readonly Paint[] => [
    palette.faint,
    palette.unknown,
    palette.hues[0],
    palette[state],
  ];
  const line = (name: string, cells: Uint8Array, state: PastRule['state']): string =>
    `${label(name)}${edge}${paintRow(cells, signs, paintsOf(state))}`;
  // Any missing sample shows here, however short it was.
  const known = Uint8Array.from(shares, (share) => (share > 0 ? GAP : QUIET));
  const legend = [QUIET, PENDING, FIRING, ...(gaps.length === 0 ? [] : [GAP])]
    .map((kind) => `${signs[kind]} ${WORDS[kind]}`)
    .join('  ');
  return [
    ...rows.map(({ name, alerts, state }) => line(name, cellsOf(alerts, shares, scale), state)),
    ...log.map((name) => line(name, known, 'ok')),
    ...timeRows({ from, to, glyphs, faint: palette.faint }, columns, margin + 1),
    palette.faint(`${' '.repeat(Math.max(0, Math.min(margin + 2, width - legend.length)))}${legend}`),
  ];
};
