/** The whole screen from a scene: a pure function to cells. */

import { drawAlerts, rowsOfAlerts } from './alerts.js';
import type { Grid } from './cells.js';
import { areaOf, clearGrid, put, wholeOf } from './cells.js';
import { drawHeader } from './header.js';
import { drawHelp } from './help.js';
import { drawKeys } from './key-line.js';
import { layOut, type Placement, SMALLEST } from './layout.js';
import type { Panel, Scene } from './panel.js';
import { STYLE } from './style.js';

/** Draws the scene over the whole grid and gives where the panels stand. */
export const drawScreen = (grid: Grid, scene: Scene, panels: readonly Panel[]): readonly Placement[] => {
  clearGrid(grid);
  const whole = wholeOf(grid);
  const { width, height } = grid;
  if (width < SMALLEST.width || height < SMALLEST.height) {
    put(whole, 0, 0, `Terminal of ${width}x${height} is too small:`, STYLE.warning);
    put(whole, 0, 1, `${SMALLEST.width}x${SMALLEST.height} is the least. q quits`);
    return [];
  }
  drawHeader(areaOf(whole, 0, 0, width, 1), scene);
  const alertRows = rowsOfAlerts(scene, height);
  drawAlerts(areaOf(whole, 0, 1, width, alertRows), scene);
  if (scene.view.help !== undefined) {
    drawHelp(areaOf(whole, 0, 1 + alertRows, width, height - 1 - alertRows), scene);
    return [];
  }
  drawKeys(areaOf(whole, 0, height - 1, width, 1), scene);
  const body = areaOf(whole, 0, 1 + alertRows, width, height - 2 - alertRows);
  const placements = layOut(panels, body, (panel, columns) => panel.wish(scene, columns));
  for (const { panel, x, y, width: columns, height: rows } of placements)
    panel.draw(areaOf(body, x, y, columns, rows), scene);
  return placements;
};
