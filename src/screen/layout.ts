/** Which panel stands where: columns side by side above, the processes below over the whole width. */

import type { Panel, Wish } from './panel.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Placement extends Size {
  readonly panel: Panel;
  readonly x: number;
  readonly y: number;
}

/** Below this nothing can be read any more. */
export const SMALLEST: Size = { width: 40, height: 8 };

/** Narrower columns would cut what stands in them. */
const COLUMN_WIDTH = 38;
const GAP = 2;
const MOST_COLUMNS = 3;

/** Which panels share a column, where there are so many columns; a panel that is not named joins the last one. */
const COLUMNS: Readonly<Record<number, readonly (readonly string[])[]>> = {
  1: [['cpu', 'memory', 'pressure', 'disk', 'filesystem', 'network', 'temperature']],
  2: [
    ['cpu', 'memory', 'pressure'],
    ['disk', 'filesystem', 'network', 'temperature'],
  ],
  3: [
    ['cpu', 'pressure'],
    ['memory', 'filesystem', 'temperature'],
    ['disk', 'network'],
  ],
};

/** The panel that takes whatever rows there are. */
const BOTTOM = 'processes';
/** Rows that it has at least: its titles, and two processes. */
const BOTTOM_LEAST = 4;
/** Of the rows there are. */
const BOTTOM_SHARE = 0.36;

interface Wanted {
  readonly panel: Panel;
  readonly wish: Wish;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/**
 * Shares rows among panels one below the other, the first ones being the more important. All get one row before any gets
 * two, all what they need before any gets more; the last ones get none where there are too few. A panel has one row or what it
 * needs, for what lies between says no more than one row: what is left then is left.
 */
export const shareRows = (wishes: readonly Wish[], height: number): readonly number[] => {
  const rows: number[] = wishes.map((_, index) => (index < height ? 1 : 0));
  let left = height - sum(rows);
  for (let index = 0; index < wishes.length; index++) {
    const missing = Math.max(0, (wishes[index] as Wish).least - (rows[index] as number));
    if (missing > left) return rows;
    rows[index] = (rows[index] as number) + missing;
    left -= missing;
  }
  // Evenly from here on: a graph would else take all there is.
  for (let before = -1; left > 0 && before !== left; ) {
    before = left;
    for (let index = 0; index < wishes.length && left > 0; index++)
      if ((rows[index] as number) < (wishes[index] as Wish).best) {
        rows[index] = (rows[index] as number) + 1;
        left--;
      }
  }
  return rows;
};

const split = (wanted: readonly Wanted[], columns: number): readonly (readonly Wanted[])[] => {
  const names = COLUMNS[columns] ?? [];
  const known = new Set(names.flat());
  return names
    .map((column, index) => {
      const listed = column.flatMap((name) => wanted.filter(({ panel }) => panel.name === name));
      const others = index === names.length - 1 ? wanted.filter(({ panel }) => !known.has(panel.name)) : [];
      return [...listed, ...others];
    })
    .filter((column) => column.length > 0);
};

/**
 * Places panels in a body of this size. `wish` tells what a panel asks for at a width; undefined for one that has nothing to
 * show.
 */
export const layOut = (
  panels: readonly Panel[],
  { width, height }: Size,
  wish: (panel: Panel, width: number) => Wish | undefined,
): readonly Placement[] => {
  const bottom = panels.find(({ name }) => name === BOTTOM);
  const bottomWish = bottom && wish(bottom, width);
  const most = Math.max(1, Math.min(MOST_COLUMNS, Math.floor((width + GAP) / (COLUMN_WIDTH + GAP))));
  const above = panels.filter(({ name }) => name !== BOTTOM);
  const wantedAt = (columnWidth: number): readonly Wanted[] =>
    above.flatMap((panel) => {
      const asked = wish(panel, columnWidth);
      return asked === undefined ? [] : [{ panel, wish: asked }];
    });
  const widthOf = (columns: number): number => Math.floor((width - (columns - 1) * GAP) / columns);
  const columns = split(wantedAt(widthOf(most)), most);
  const columnWidth = widthOf(Math.max(1, columns.length));

  const reserved =
    bottomWish === undefined
      ? 0
      : Math.min(height, Math.max(BOTTOM_LEAST, Math.floor(height * BOTTOM_SHARE)));
  const best = Math.max(0, ...columns.map((column) => sum(column.map((one) => one.wish.best))));
  const shared = columns.map((column) =>
    shareRows(
      column.map((one) => one.wish),
      Math.min(best, height - reserved),
    ),
  );
  const upper = Math.max(0, ...shared.map(sum));
  // What a shorter column has left its first panel makes something of, where it has more than one row.
  const filled = shared.map(([first = 0, ...others]) =>
    first > 1 ? [upper - sum(others), ...others] : [first, ...others],
  );
  const placements: Placement[] = [];
  columns.forEach((column, index) => {
    const x = index * (columnWidth + GAP);
    const last = index === columns.length - 1;
    let y = 0;
    column.forEach(({ panel }, at) => {
      const tall = filled[index]?.[at] ?? 0;
      if (tall > 0) placements.push({ panel, x, y, width: last ? width - x : columnWidth, height: tall });
      y += tall;
    });
  });
  if (bottom !== undefined && bottomWish !== undefined && height > upper)
    placements.push({ panel: bottom, x: 0, y: upper, width, height: height - upper });
  return placements;
};
