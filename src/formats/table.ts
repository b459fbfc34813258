/** The one home of cli-table3: plain columns without a frame, and without the colours it would add by itself. */

import Table from 'cli-table3';
import { widthOf } from '../core/width.js';

const NOTHING = '';

const FRAME = {
  top: NOTHING,
  'top-mid': NOTHING,
  'top-left': NOTHING,
  'top-right': NOTHING,
  bottom: NOTHING,
  'bottom-mid': NOTHING,
  'bottom-left': NOTHING,
  'bottom-right': NOTHING,
  left: NOTHING,
  'left-mid': NOTHING,
  mid: NOTHING,
  'mid-mid': NOTHING,
  right: NOTHING,
  'right-mid': NOTHING,
  middle: '  ',
};

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Rows that are laid out at once: the time cli-table3 takes grows with the square of them. */
const AT_ONCE = 200;

const ESCAPE = '\u001b';
/** What a palette puts around words. */
const COLOUR = new RegExp(`${ESCAPE}\\[[\\d;]*m`, 'g');

const widthOfCell = (cell: string): number => {
  const text = cell.includes(ESCAPE) ? cell.replace(COLOUR, '') : cell;
  return Math.max(...text.split('\n').map(widthOf));
};

/** Rows of cleaned cells as lines, each ending in a newline; cells may hold colours, and line breaks where they are wrapped. */
export const formatTable = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paintTitle: (text: string) => string = (text) => text,
): string => {
  const head = columns.map(({ title }) => paintTitle(title));
  const options = {
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: FRAME,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  };
  const lay = (table: Table.Table, some: readonly (readonly string[])[]): string => {
    table.push(...some.map((row) => [...row]));
    return table
      .toString()
      .split('\n')
      .map((line) => `${line.trimEnd()}\n`)
      .join('');
  };
  if (rows.length <= AT_ONCE) return lay(new Table({ ...options, head }), rows);
  const colWidths = columns.map(({ title }, at) =>
    rows.reduce((most, row) => Math.max(most, widthOfCell(row[at] ?? '')), widthOf(title)),
  );
  const parts: string[] = [];
  for (let from = 0; from < rows.length; from += AT_ONCE)
    parts.push(
      lay(
        new Table({ ...options, colWidths, ...(from === 0 ? { head } : {}) }),
        rows.slice(from, from + AT_ONCE),
      ),
    );
  return parts.join('');
};
