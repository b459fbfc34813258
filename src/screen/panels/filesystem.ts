/** Filesystems: the fullest first. */

import { isShown } from '../../core/aside.js';
import type { Row } from '../../core/sample.js';
import { drawShare } from '../bar.js';
import { type Area, areaOf, put } from '../cells.js';
import { type Frame, rowsIn } from '../frame.js';
import { drawLine, fadeStale } from '../line.js';
import { markedPiece, markedStyle, markOf, severityOf } from '../mark.js';
import { shortBytes, shortPercent, withPercent } from '../numbers.js';
import type { Panel, Scene } from '../panel.js';
import { STYLE } from '../style.js';
import { drawTable, fitName, type Table } from '../table.js';
import type { Piece } from '../title.js';

/** From here on inodes are worth a word, %. */
const MANY_INODES = 80;
const LEAST_ROWS = 2;

const isUnreadable = ({ numbers }: Row): boolean => numbers['device_error'] === 1;

const notesOf = (row: Row, { frame }: Scene): readonly Piece[] => {
  const notes: Piece[] = [];
  const { numbers, id } = row;
  if (isUnreadable(row)) notes.push({ text: 'error!', style: STYLE.warning });
  if (numbers['readonly'] === 1)
    notes.push(markedPiece(frame, 'filesystem', id, 'readonly', 'ro', STYLE.dim));
  const inodes = numbers['inodes_used_percent'];
  const severity = severityOf(frame, 'filesystem', id, 'inodes_used_percent');
  if (inodes !== undefined && (inodes >= MANY_INODES || severity !== undefined))
    notes.push({ text: `inode ${withPercent(inodes)}${markOf(severity)}`, style: markedStyle(severity) });
  return notes;
};

const TABLE: Table = {
  group: 'filesystem',
  columns: [
    { heading: 'used%', width: 5, field: 'used_percent', text: shortPercent },
    { heading: 'avail', width: 5, field: 'available_bytes', text: shortBytes },
    { heading: 'size', width: 5, field: 'size_bytes', text: shortBytes },
  ],
  nameOf: (row) => row.id[0] ?? '',
  notesOf,
  drawBar: (area, scene, row) => {
    if (!isUnreadable(row)) drawShare(area, scene, row.numbers['used_percent']);
  },
};

/** What cannot be read may be what matters most. */
const fullness = (row: Row): number => (isUnreadable(row) ? Infinity : (row.numbers['used_percent'] ?? -1));

const inOrder = (frame: Frame): readonly Row[] =>
  rowsIn(frame, 'filesystem')
    .filter(isShown)
    .sort((a, b) => {
      const [left, right] = [fullness(a), fullness(b)];
      return left === right ? 0 : right - left;
    });

const linePieces = (scene: Scene, rows: readonly Row[]): readonly Piece[] => {
  const first = rows[0];
  if (first === undefined) return [{ text: 'none', style: STYLE.dim }];
  const used = withPercent(first.numbers['used_percent']);
  const notes = notesOf(first, scene);
  return [
    markedPiece(scene.frame, 'filesystem', first.id, 'used_percent', used),
    { text: ` ${fitName(first.id[0] ?? '', 16, scene)}`, style: STYLE.label },
    ...notes.map(({ text, style }) => ({ text: ` ${text}`, style: style ?? STYLE.plain })),
    { text: `  available ${shortBytes(first.numbers['available_bytes'])}` },
    { text: rows.length === 1 ? '' : `  fullest of ${rows.length}`, style: STYLE.dim },
  ];
};

export const panel: Panel = {
  name: 'filesystem',
  title: 'Filesystems',
  groups: ['filesystem'],
  wish: ({ frame }) => {
    if (!frame.readings.has('filesystem')) return undefined;
    const rows = Math.max(1, rowsIn(frame, 'filesystem').filter(isShown).length);
    return { least: 1 + Math.min(LEAST_ROWS, rows), best: 1 + rows };
  },
  lines: ({ frame }) => rowsIn(frame, 'filesystem').filter(isShown).length,
  draw: (area, scene) => {
    const rows = inOrder(scene.frame);
    if (area.height === 1) {
      const draw = (bar: Area): void => drawShare(bar, scene, rows[0]?.numbers['used_percent']);
      drawLine(area, scene, panel, linePieces(scene, rows), draw);
      return;
    }
    drawTable(area, scene, panel, TABLE, rows);
    if (rows.length === 0 && scene.frame.sample !== undefined) put(area, 0, 1, 'none', STYLE.dim);
    fadeStale(areaOf(area, 0, 1, area.width, area.height - 1), scene, panel);
  },
};
