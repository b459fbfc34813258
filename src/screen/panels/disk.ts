/** Disks: how busy each is, and what is read and written. */

import { isCounted } from '../../core/aside.js';
import type { Row } from '../../core/sample.js';
import { drawShare } from '../bar.js';
import { type Area, areaOf, put } from '../cells.js';
import { drawLine, fadeStale } from '../line.js';
import { markedPiece } from '../mark.js';
import { shortBytes, shortCount, shortPercent, shortRate, shortTime, withPercent } from '../numbers.js';
import type { Panel, Scene } from '../panel.js';
import { STYLE } from '../style.js';
import { drawTable, fitName, type Table } from '../table.js';
import type { Piece } from '../title.js';
import { totalOf } from '../total.js';
import { drawTraffic, shownRows, wishFor } from '../traffic.js';

const READ = 'read_bytes_per_second';
const WRITTEN = 'written_bytes_per_second';
const WAYS = [
  { name: 'read', field: READ },
  { name: 'write', field: WRITTEN },
] as const;

const TABLE: Table = {
  group: 'disk',
  columns: [
    { heading: 'busy%', width: 5, field: 'busy_percent', text: shortPercent },
    { heading: 'read/s', width: 6, field: READ, text: shortBytes },
    { heading: 'write/s', width: 7, field: WRITTEN, text: shortBytes },
    { heading: 'await', width: 5, field: 'await_seconds', text: shortTime },
    { heading: 'queue', width: 5, field: 'queue', text: shortCount },
  ],
  nameOf: (row) => row.id[0] ?? '',
  drawBar: (area, scene, row) => drawShare(area, scene, row.numbers['busy_percent']),
};

/** Where not all have room the busiest come first; else each keeps its place. */
const inOrder = (rows: readonly Row[], height: number): readonly Row[] =>
  rows.length <= height
    ? rows
    : [...rows].sort((a, b) => (b.numbers['busy_percent'] ?? -1) - (a.numbers['busy_percent'] ?? -1));

const busiest = (rows: readonly Row[]): Row | undefined => {
  let most: Row | undefined;
  for (const row of rows)
    if (most === undefined || (row.numbers['busy_percent'] ?? -1) > (most.numbers['busy_percent'] ?? -1))
      most = row;
  return most;
};

const linePieces = (scene: Scene, rows: readonly Row[], most: Row | undefined): readonly Piece[] => {
  if (most === undefined) return [{ text: 'none', style: STYLE.dim }];
  const busy = withPercent(most.numbers['busy_percent']);
  const one = rows.length === 1;
  return [
    markedPiece(scene.frame, 'disk', most.id, 'busy_percent', busy),
    { text: ` ${fitName(most.id[0] ?? '', 10, scene)}`, style: STYLE.label },
    { text: `  read ${shortRate(totalOf(rows, READ))}` },
    { text: `  write ${shortRate(totalOf(rows, WRITTEN))}` },
    { text: one ? '' : `  ${rows.filter(isCounted).length} disks`, style: STYLE.dim },
  ];
};

export const panel: Panel = {
  name: 'disk',
  title: 'Disks',
  groups: ['disk'],
  charts: [
    { group: 'disk', field: READ },
    { group: 'disk', field: WRITTEN },
  ],
  wish: ({ frame }) => wishFor(frame, 'disk'),
  lines: ({ frame }) => shownRows(frame, 'disk').length,
  draw: (area, scene) => {
    const rows = shownRows(scene.frame, 'disk');
    if (area.height === 1) {
      const most = busiest(rows);
      const draw = (bar: Area): void => drawShare(bar, scene, most?.numbers['busy_percent']);
      drawLine(area, scene, panel, linePieces(scene, rows, most), draw);
      return;
    }
    const used = drawTable(area, scene, panel, TABLE, inOrder(rows, area.height - 1));
    if (rows.length === 0 && scene.frame.sample !== undefined) put(area, 0, 1, 'none', STYLE.dim);
    const rest = areaOf(area, 0, used, area.width, area.height - used);
    drawTraffic(rest, scene, 'disk', rows, WAYS);
    fadeStale(areaOf(area, 0, 1, area.width, area.height - 1), scene, panel);
  },
};
