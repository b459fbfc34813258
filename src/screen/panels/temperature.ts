/** Temperatures: the hottest first. */

import type { Row } from '../../core/sample.js';
import { rowLike } from '../../core/sample.js';
import { drawShare } from '../bar.js';
import { type Area, areaOf } from '../cells.js';
import { detailsIn, type Frame, rowsIn } from '../frame.js';
import { drawLine, fadeStale } from '../line.js';
import { markedStyle, markOf, severityOf } from '../mark.js';
import { UNKNOWN } from '../numbers.js';
import type { Panel, Scene } from '../panel.js';
import { STYLE } from '../style.js';
import { drawTable, fitName, type Table } from '../table.js';
import type { Piece } from '../title.js';

const LEAST_ROWS = 1;

/** Degrees in at most five cells: nobody needs tenths, and sensors have none. */
const degrees = (celsius: number | undefined): string =>
  celsius === undefined || !Number.isFinite(celsius) ? UNKNOWN : String(Math.round(celsius) + 0);

const chipName = (frame: Frame, chip: string): string =>
  rowLike(rowsIn(frame, 'hwmon_chip'), [chip])?.texts['chip_name'] ?? chip;

/** As far as the sensor's own limits go, what it has of them, %. */
const heat = (row: Row, frame: Frame): number | undefined => {
  const limits = rowLike(detailsIn(frame, 'hwmon'), row.id)?.numbers;
  const limit = limits?.['crit_celsius'] ?? limits?.['max_celsius'];
  const { celsius } = row.numbers;
  return celsius === undefined || limit === undefined || !(limit > 0) ? undefined : (celsius / limit) * 100;
};

const column = { heading: '°C', width: 5, field: 'celsius', text: degrees };

const HWMON: Table = {
  group: 'hwmon',
  columns: [column],
  nameOf: ({ id, texts }, { frame }) => `${chipName(frame, id[0] ?? '')} ${texts['label'] ?? id[1] ?? ''}`,
  drawBar: (area, scene, row) => {
    const share = heat(row, scene.frame);
    if (share !== undefined) drawShare(area, scene, share);
  },
};

const ZONES: Table = {
  group: 'thermal_zone',
  columns: [column],
  nameOf: ({ id, texts }) => texts['type'] ?? id[0] ?? '',
};

/** Zones mostly repeat what sensors tell: they stand in only where there are no sensors. */
const tableOf = (frame: Frame): Table =>
  rowsIn(frame, 'hwmon').length > 0 || staleSensors(frame) ? HWMON : ZONES;

const staleSensors = (frame: Frame): boolean => frame.readings.get('hwmon')?.failed !== undefined;

const inOrder = (frame: Frame): readonly Row[] =>
  rowsIn(frame, tableOf(frame).group)
    .filter(({ numbers }) => numbers['celsius'] !== undefined)
    // By what is shown, so that hundredths of a degree do not shuffle the lines.
    .sort((a, b) => Math.round(b.numbers['celsius'] ?? 0) - Math.round(a.numbers['celsius'] ?? 0));

const linePieces = (scene: Scene, rows: readonly Row[]): readonly Piece[] => {
  const table = tableOf(scene.frame);
  const sign = scene.glyphs === 'ascii' ? 'C' : '°C';
  return rows.flatMap((row, index) => {
    const severity = severityOf(scene.frame, table.group, row.id, 'celsius');
    const text = `${degrees(row.numbers['celsius'])}${sign}${markOf(severity)}`;
    const name = fitName(table.nameOf(row, scene), 20, scene);
    return [
      { text: `${index > 0 ? '  ' : ''}${text}`, style: markedStyle(severity) },
      { text: ` ${name}`, style: STYLE.label },
    ];
  });
};

export const panel: Panel = {
  name: 'temperature',
  title: 'Temperature',
  groups: ['hwmon', 'hwmon_chip', 'thermal_zone'],
  wish: ({ frame }) => {
    const rows = inOrder(frame).length;
    if (rows === 0 && !staleSensors(frame)) return undefined;
    return { least: 1 + LEAST_ROWS, best: 1 + Math.max(1, rows) };
  },
  lines: ({ frame }) => inOrder(frame).length,
  draw: (area, scene) => {
    const rows = inOrder(scene.frame);
    if (area.height === 1) {
      const first = rows[0];
      const share = first && heat(first, scene.frame);
      const draw = (bar: Area): void => drawShare(bar, scene, share);
      drawLine(
        area,
        scene,
        panel,
        linePieces(scene, rows.slice(0, 3)),
        share === undefined ? undefined : draw,
      );
      return;
    }
    const table = tableOf(scene.frame);
    drawTable(area, scene, panel, scene.glyphs === 'ascii' ? asciiTable(table) : table, rows);
    fadeStale(areaOf(area, 0, 1, area.width, area.height - 1), scene, panel);
  },
};

const asciiTable = (table: Table): Table => ({ ...table, columns: [{ ...column, heading: 'C' }] });
