/** Network: what each interface receives and sends, what is lost, and how much of the link that is. */

import { isCounted } from '../../core/aside.js';
import type { Row } from '../../core/sample.js';
import { rowLike } from '../../core/sample.js';
import { drawTrace, slotsIn } from '../bar.js';
import { areaOf, put } from '../cells.js';
import { type Frame, rowsIn } from '../frame.js';
import { drawLine, fadeStale } from '../line.js';
import { markedStyle, markOf, severityOf } from '../mark.js';
import { shortBytes, shortCount, shortPercent, shortRate, withPercent } from '../numbers.js';
import type { Panel, Scene } from '../panel.js';
import { STYLE } from '../style.js';
import { drawTable, type Table } from '../table.js';
import type { Piece } from '../title.js';
import { totalOf, totalPast } from '../total.js';
import { drawTraffic, shownRows, wishFor } from '../traffic.js';

const RECEIVED = 'receive_bytes_per_second';
const SENT = 'transmit_bytes_per_second';
const WAYS = [
  { name: 'recv', field: RECEIVED },
  { name: 'sent', field: SENT },
] as const;

const linkOf = (frame: Frame, row: Row): Row | undefined => rowLike(rowsIn(frame, 'interface'), row.id);

/** What the link carries of what it could in the busier direction, %; where its speed is known. */
const linkShare = (row: Row, link: Row | undefined): number | undefined => {
  const speed = link?.numbers['speed_bytes'] ?? 0;
  const { [RECEIVED]: received, [SENT]: sent } = row.numbers;
  return speed > 0 && received !== undefined && sent !== undefined
    ? (Math.max(received, sent) / speed) * 100
    : undefined;
};

const TABLE: Table = {
  group: 'network',
  columns: [
    { heading: 'recv/s', width: 6, field: RECEIVED, text: shortBytes },
    { heading: 'sent/s', width: 6, field: SENT, text: shortBytes },
    { heading: 'err%', width: 4, field: 'errors_percent', text: shortPercent },
    { heading: 'drop/s', width: 6, field: 'drops_per_second', text: shortCount },
  ],
  nameOf: (row) => row.id[0] ?? '',
  notesOf: (row, { frame }) =>
    linkOf(frame, row)?.texts['operstate'] === 'down' ? [{ text: 'down', style: STYLE.dim }] : [],
  drawBar: (area, scene, row) =>
    drawTrace(area, scene, scene.frame.trail.values('network', row.id, RECEIVED, slotsIn(scene, area.width))),
};

/** With one more column where a link's speed is known. */
const LINKED: Table = {
  ...TABLE,
  columns: [
    ...TABLE.columns,
    {
      heading: 'link%',
      width: 5,
      field: 'link',
      text: shortPercent,
      derive: (row, { frame }) => linkShare(row, linkOf(frame, row)),
    },
  ],
};

const tableOf = (frame: Frame, rows: readonly Row[]): Table =>
  rows.some((row) => (linkOf(frame, row)?.numbers['speed_bytes'] ?? 0) > 0) ? LINKED : TABLE;

const traffic = ({ numbers }: Row): number => (numbers[RECEIVED] ?? -1) + (numbers[SENT] ?? -1);

/** Where not all have room the busiest come first; else each keeps its place. */
const inOrder = (rows: readonly Row[], height: number): readonly Row[] =>
  rows.length <= height ? rows : [...rows].sort((a, b) => traffic(b) - traffic(a));

/** Interfaces that lose packets, in words. */
const lossPieces = (scene: Scene, rows: readonly Row[]): readonly Piece[] => {
  const pieces: Piece[] = [];
  for (const row of rows) {
    const severity = severityOf(scene.frame, 'network', row.id, 'errors_percent');
    if (severity === undefined) continue;
    const text = `  errors ${withPercent(row.numbers['errors_percent'])}${markOf(severity)}`;
    pieces.push({ text, style: markedStyle(severity) });
    break;
  }
  const drops = totalOf(rows, 'drops_per_second');
  if (drops !== undefined && drops > 0) pieces.push({ text: `  drops ${shortCount(drops)}/s` });
  return pieces;
};

const linePieces = (scene: Scene, rows: readonly Row[]): readonly Piece[] => {
  if (rows.length === 0) return [{ text: 'none', style: STYLE.dim }];
  const counted = rows.filter(isCounted);
  const names = counted.length === 1 ? (counted[0]?.id[0] ?? '') : `${counted.length} interfaces`;
  return [
    { text: `received ${shortRate(totalOf(rows, RECEIVED))}` },
    { text: `  sent ${shortRate(totalOf(rows, SENT))}` },
    ...lossPieces(scene, rows),
    { text: `  ${names}`, style: STYLE.dim },
  ];
};

export const panel: Panel = {
  name: 'network',
  title: 'Network',
  groups: ['network', 'interface'],
  charts: [
    { group: 'network', field: RECEIVED },
    { group: 'network', field: SENT },
  ],
  wish: ({ frame }) => wishFor(frame, 'network'),
  lines: ({ frame }) => shownRows(frame, 'network').length,
  draw: (area, scene) => {
    const { frame } = scene;
    const rows = shownRows(frame, 'network');
    if (area.height === 1) {
      drawLine(area, scene, panel, linePieces(scene, rows), (bar) =>
        drawTrace(bar, scene, totalPast(frame, 'network', rows, RECEIVED, slotsIn(scene, bar.width))),
      );
      return;
    }
    const used = drawTable(area, scene, panel, tableOf(frame, rows), inOrder(rows, area.height - 1));
    if (rows.length === 0 && frame.sample !== undefined) put(area, 0, 1, 'none', STYLE.dim);
    const rest = areaOf(area, 0, used, area.width, area.height - used);
    drawTraffic(rest, scene, 'network', rows, WAYS);
    fadeStale(areaOf(area, 0, 1, area.width, area.height - 1), scene, panel);
  },
};
