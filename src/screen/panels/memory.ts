/** Memory: what is really used, what can still be had, and swap. */

import type { Row } from '../../core/sample.js';
import { drawBar, drawPast, type Part, slotsOf } from '../bar.js';
import { type Area, areaOf, put } from '../cells.js';
import { rowsIn } from '../frame.js';
import { drawLine, fadeStale } from '../line.js';
import { markedPiece } from '../mark.js';
import { shortBytes, withPercent } from '../numbers.js';
import type { Panel, Scene } from '../panel.js';
import { STYLE } from '../style.js';
import { drawTitle, type Piece, piecesThatFit, putPieces } from '../title.js';

const NO_ID: readonly string[] = [];
const LABEL = 7;
/** ` 100.0%` at the right of a bar, and ` of 1003M` with room for a mark before it. */
const SHARE = 7;
const WHOLE = 10;
const BEST_GRAPH = 6;

const hasSwap = (swap: Row | undefined): boolean => (swap?.numbers['total_bytes'] ?? 0) > 0;

const usedPiece = ({ frame }: Scene, group: 'memory' | 'swap', row: Row | undefined): Piece =>
  markedPiece(frame, group, NO_ID, 'used_percent', withPercent(row?.numbers['used_percent']));

const bytesPiece = ({ frame }: Scene, row: Row | undefined, field: string): Piece =>
  markedPiece(frame, 'memory', NO_ID, field, shortBytes(row?.numbers[field]));

/** Used, and kept but ready to be given up: the whole less both is free. */
const partsOf = ({ numbers }: Row): readonly Part[] => {
  const { used_bytes: used, available_bytes: available, free_bytes: free } = numbers;
  const cached = available === undefined || free === undefined ? undefined : available - free;
  return [
    { value: used, style: STYLE.user },
    { value: cached, style: STYLE.cache },
  ];
};

const drawMemoryBar = (area: Area, scene: Scene, row: Row | undefined): void =>
  drawBar(area, scene, row?.numbers['total_bytes'], row === undefined ? [] : partsOf(row));

const drawSwapBar = (area: Area, scene: Scene, { numbers }: Row): void =>
  drawBar(area, scene, numbers['total_bytes'], [{ value: numbers['used_bytes'], style: STYLE.wait }]);

const wordsOf = (scene: Scene, memory: Row | undefined, swap: Row | undefined): readonly Piece[] => {
  const pieces: Piece[] = [{ text: 'used ', style: STYLE.user }, bytesPiece(scene, memory, 'used_bytes')];
  const optional = (name: string, style: number, field: string): void => {
    if (memory?.numbers[field] !== undefined)
      pieces.push({ text: `  ${name} `, style, label: true }, bytesPiece(scene, memory, field));
  };
  optional('cached', STYLE.cache, 'cached_bytes');
  optional('free', STYLE.label, 'free_bytes');
  if (swap?.numbers['total_bytes'] === 0) pieces.push({ text: '  no swap', style: STYLE.dim });
  optional('buffers', STYLE.label, 'buffers_bytes');
  return pieces;
};

const titlePieces = (scene: Scene, memory: Row | undefined): readonly Piece[] => [
  bytesPiece(scene, memory, 'available_bytes'),
  { text: ' available' },
  ...(memory?.texts['limited_by'] === undefined ? [] : [{ text: ' (limit)', style: STYLE.label }]),
];

const ofTotal = (row: Row | undefined): string => ` of ${shortBytes(row?.numbers['total_bytes'])}`;

const linePieces = (scene: Scene, memory: Row | undefined, swap: Row | undefined): readonly Piece[] => [
  usedPiece(scene, 'memory', memory),
  { text: ofTotal(memory) },
  { text: '  avail ', label: true },
  bytesPiece(scene, memory, 'available_bytes'),
  ...(swap === undefined
    ? []
    : hasSwap(swap)
      ? [{ text: '  swap ', label: true as const }, usedPiece(scene, 'swap', swap)]
      : [{ text: '  no swap', style: STYLE.dim }]),
];

/** A label, a bar, and the share of how much; shares stand below each other, and so do the wholes. */
const drawLabelled = (
  area: Area,
  y: number,
  label: string,
  share: Piece,
  whole: string,
  draw: (area: Area) => void,
): void => {
  put(area, 0, y, label, STYLE.label);
  draw(areaOf(area, LABEL, y, area.width - LABEL - SHARE - WHOLE, 1));
  const value = share.text.replace(/!+$/, '');
  const right = area.width - WHOLE;
  put(area, right, y, whole.padStart(WHOLE), STYLE.dim);
  put(area, right - value.length, y, share.text, share.style);
};

export const panel: Panel = {
  name: 'memory',
  title: 'Memory',
  groups: ['memory', 'swap'],
  charts: [{ group: 'memory', field: 'used_percent' }],
  wish: ({ frame }) => {
    if (!frame.readings.has('memory')) return undefined;
    const rows = hasSwap(rowsIn(frame, 'swap')[0]) ? 4 : 3;
    return { least: rows, best: rows + BEST_GRAPH };
  },
  draw: (area, scene) => {
    const { frame } = scene;
    const memory = rowsIn(frame, 'memory')[0];
    const swap = rowsIn(frame, 'swap')[0];
    if (area.height === 1) {
      const pieces = linePieces(scene, memory, swap);
      drawLine(area, scene, panel, pieces, (bar) => drawMemoryBar(bar, scene, memory));
      return;
    }
    drawTitle(area, scene, panel, titlePieces(scene, memory));
    const body = areaOf(area, 0, 1, area.width, area.height - 1);
    const lines = hasSwap(swap) ? 3 : 2;
    const graph = areaOf(body, 0, 0, body.width, body.height - lines);
    // One row would be a stripe that says nothing.
    if (graph.height > 1) {
      const values = frame.trail.values('memory', NO_ID, 'used_percent', slotsOf(graph, scene));
      drawPast(graph, scene, values, 100, (value) => `${value}%`, STYLE.user);
    }
    let y = graph.height > 1 ? graph.height : 0;
    drawLabelled(body, y, 'memory', usedPiece(scene, 'memory', memory), ofTotal(memory), (bar) =>
      drawMemoryBar(bar, scene, memory),
    );
    y++;
    if (swap !== undefined && hasSwap(swap)) {
      drawLabelled(body, y, 'swap', usedPiece(scene, 'swap', swap), ofTotal(swap), (bar) =>
        drawSwapBar(bar, scene, swap),
      );
      y++;
    }
    const words = wordsOf(scene, memory, swap);
    const fitting = piecesThatFit(words, body.width);
    putPieces(body, 0, y, fitting);
    // Words begin with the space between them.
    putPieces(body, -2, y + 1, words.slice(fitting.length));
    fadeStale(body, scene, panel);
  },
};
