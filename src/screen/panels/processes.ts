/** The processes, one a line, as many as there is room for. */

import type { Row } from '../../core/sample.js';
import { widthOf } from '../../core/width.js';
import { type Area, put } from '../cells.js';
import { numberIn, rowsIn } from '../frame.js';
import { cpuTime, shortBytes, shortPercent, UNKNOWN } from '../numbers.js';
import type { Panel, Scene } from '../panel.js';
import { listProcesses } from '../process-list.js';
import { BOLD, STYLE } from '../style.js';
import { drawTitle, type Piece } from '../title.js';
import type { Sort, View } from '../view.js';

interface Column {
  readonly title: string;
  readonly width: number;
  readonly sort?: Sort;
  readonly align: 'left' | 'right';
  /** Columns go from the right where a screen is narrower than this. */
  readonly from: number;
  readonly text: (row: Row) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'PID', width: 7, sort: 'pid', align: 'right', from: 0, text: ({ id }) => id[0] ?? UNKNOWN },
  {
    title: 'USER',
    width: 9,
    align: 'left',
    from: 56,
    text: ({ texts }) => texts['user'] ?? UNKNOWN,
  },
  {
    title: 'CPU%',
    width: 5,
    sort: 'cpu',
    align: 'right',
    from: 0,
    text: ({ numbers }) => shortPercent(numbers['cpu_percent']),
  },
  {
    title: 'MEM',
    width: 5,
    sort: 'memory',
    align: 'right',
    from: 0,
    text: ({ numbers }) => shortBytes(numbers['memory_bytes']),
  },
  {
    title: 'TIME',
    width: 8,
    sort: 'time',
    align: 'right',
    from: 48,
    text: ({ numbers }) => cpuTime(numbers['cpu_seconds']),
  },
];

const GAP = 1;

const nameOf = ({ texts: { name = UNKNOWN, args } }: Row, { args: wanted }: View): string =>
  wanted && args !== undefined ? args : name;

const putAligned = (area: Area, x: number, y: number, column: Column, text: string, style: number): void => {
  const space = column.align === 'right' ? Math.max(0, column.width - widthOf(text)) : 0;
  put(area, x + space, y, text, style, column.width - space);
};

/** Busy ones stand out, idle ones step back. */
const styleOf = ({ numbers }: Row): number => {
  const cpu = numbers['cpu_percent'] ?? 0;
  return cpu >= 50 ? STYLE.plain | BOLD : STYLE.plain;
};

const titlePieces = ({ frame, view }: Scene, listed: number): readonly Piece[] => {
  const total = numberIn(frame, 'processes', 'total');
  const running = numberIn(frame, 'processes', 'running');
  const blocked = numberIn(frame, 'processes', 'blocked');
  const recorded = rowsIn(frame, 'top').length;
  const pieces: Piece[] = [];
  const filter = view.prompt?.kind === 'filter' ? view.prompt.text : view.filter;
  if (view.frozen !== undefined) pieces.push({ text: 'FROZEN ', style: STYLE.notice }, { text: ' ' });
  if (filter !== '') pieces.push({ text: `${listed} with "${filter}" of `, style: STYLE.label });
  else if (total !== undefined && recorded < total)
    pieces.push({ text: `${recorded} of `, style: STYLE.dim });
  if (total !== undefined || frame.sample !== undefined)
    pieces.push({ text: `${total ?? recorded} processes` });
  if (running !== undefined) pieces.push({ text: `, ${running} running` });
  if (blocked !== undefined && blocked > 0)
    pieces.push({ text: `, ${blocked} waiting for disks`, style: STYLE.warning });
  return pieces;
};

/** A scroll position that lies within the list. */
const clampScroll = (wanted: number, lines: number, rows: number): number =>
  Math.max(0, Math.min(wanted, lines - rows));

export const panel: Panel = {
  name: 'processes',
  title: 'Processes',
  groups: ['top', 'processes'],
  wish: () => ({ least: 4, best: Number.POSITIVE_INFINITY }),
  lines: ({ frame, view }) => listProcesses(frame, view).length,
  draw: (area, scene) => {
    const { frame, view } = scene;
    const listed = listProcesses(frame, view);
    drawTitle(area, scene, panel, titlePieces(scene, listed.length));
    const columns = COLUMNS.filter(({ from }) => area.width >= from);
    let x = 0;
    for (const column of columns) {
      const style = column.sort === view.sort ? STYLE.title : STYLE.label;
      putAligned(area, x, 1, column, column.title, style);
      x += column.width + GAP;
    }
    put(area, x + GAP, 1, 'NAME', view.sort === 'name' ? STYLE.title : STYLE.label);
    const rows = area.height - 2;
    if (frame.sample === undefined) return;
    if (listed.length === 0 && rows > 0) {
      put(area, 0, 2, view.filter === '' ? 'none recorded' : 'none match', STYLE.dim);
      return;
    }
    const first = clampScroll(view.scrolled['processes'] ?? 0, listed.length, rows);
    for (let index = 0; index < rows; index++) {
      const row = listed[first + index];
      if (row === undefined) break;
      const style = styleOf(row);
      let at = 0;
      for (const column of columns) {
        putAligned(area, at, index + 2, column, column.text(row), style);
        at += column.width + GAP;
      }
      put(area, at + GAP, index + 2, nameOf(row, view), style);
    }
  },
};
