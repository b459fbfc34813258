/** Pressure: the share of time that tasks waited for something, and that nothing got done for it. */

import { drawShare } from '../bar.js';
import { type Area, areaOf, put } from '../cells.js';
import { rowsIn } from '../frame.js';
import { drawLine, fadeStale } from '../line.js';
import { markedPiece } from '../mark.js';
import { withPercent } from '../numbers.js';
import type { Panel, Scene } from '../panel.js';
import { STYLE } from '../style.js';
import { drawRule, drawTitle, type Piece, piecesThatFit, putPieces, staleText } from '../title.js';

const NO_ID: readonly string[] = [];

/** For all of a machine the kernel knows no time in which nothing got done for want of CPU. */
const RESOURCES = [
  { name: 'cpu', some: 'cpu_waiting_percent' },
  { name: 'io', some: 'io_waiting_percent', full: 'io_stalled_percent' },
  { name: 'memory', some: 'memory_waiting_percent', full: 'memory_stalled_percent' },
] as const;

const LABEL = 7;
/** A number and its mark. */
const NUMBER = 9;

const pieceOf = ({ frame }: Scene, field: string): Piece => {
  const value = rowsIn(frame, 'pressure')[0]?.numbers[field];
  const style = value === undefined || value === 0 ? STYLE.dim : STYLE.plain;
  return markedPiece(frame, 'pressure', NO_ID, field, withPercent(value), style);
};

const linePieces = (scene: Scene): readonly Piece[] => {
  const pieces: Piece[] = [];
  for (const resource of RESOURCES) {
    pieces.push({
      text: `${pieces.length > 0 ? '  ' : ''}${resource.name} `,
      style: STYLE.label,
      label: true,
    });
    pieces.push(pieceOf(scene, resource.some));
  }
  for (const resource of RESOURCES)
    if ('full' in resource) {
      pieces.push({ text: `  ${resource.name} full `, style: STYLE.label, label: true });
      pieces.push(pieceOf(scene, resource.full));
    }
  return pieces;
};

const putNumber = (area: Area, right: number, y: number, { text, style }: Piece): void => {
  const value = text.replace(/!+$/, '');
  put(area, right - value.length, y, text, style);
};

const HEADINGS = ['some', 'full'] as const;

const drawHeadings = (area: Area, scene: Scene): void => {
  if (staleText(scene, panel) !== undefined) {
    drawTitle(area, scene, panel);
    return;
  }
  drawRule(area, scene, panel);
  for (let index = 0; index < HEADINGS.length; index++) {
    const right = area.width - 2 - (HEADINGS.length - 1 - index) * NUMBER;
    const heading = HEADINGS[index] as string;
    put(area, right - heading.length - 1, 0, ` ${heading} `, STYLE.label);
  }
};

const worst = ({ frame }: Scene): number | undefined => {
  const numbers = rowsIn(frame, 'pressure')[0]?.numbers;
  let most: number | undefined;
  for (const { some } of RESOURCES) {
    const value = numbers?.[some];
    if (value !== undefined && !(value <= (most ?? -1))) most = value;
  }
  return most;
};

export const panel: Panel = {
  name: 'pressure',
  title: 'Pressure',
  groups: ['pressure'],
  wish: ({ frame }) => (frame.readings.has('pressure') ? { least: 2, best: 4 } : undefined),
  draw: (area, scene) => {
    if (area.height === 1) {
      drawLine(area, scene, panel, linePieces(scene), (bar) =>
        drawShare(bar, scene, worst(scene), STYLE.wait),
      );
      return;
    }
    const body = areaOf(area, 0, 1, area.width, area.height - 1);
    if (body.height < RESOURCES.length) {
      drawTitle(area, scene, panel, [{ text: 'waiting for', style: STYLE.label }]);
      putPieces(body, 0, 0, piecesThatFit(linePieces(scene), body.width));
    } else {
      drawHeadings(area, scene);
      const bar = area.width - LABEL - 2 * NUMBER - 1;
      for (let y = 0; y < RESOURCES.length; y++) {
        const resource = RESOURCES[y] as (typeof RESOURCES)[number];
        put(body, 0, y, resource.name, STYLE.label);
        const some = rowsIn(scene.frame, 'pressure')[0]?.numbers[resource.some];
        drawShare(areaOf(body, LABEL, y, bar, 1), scene, some, STYLE.wait);
        putNumber(body, body.width - 2 - NUMBER, y, pieceOf(scene, resource.some));
        if ('full' in resource) putNumber(body, body.width - 2, y, pieceOf(scene, resource.full));
      }
    }
    fadeStale(body, scene, panel);
  },
};
