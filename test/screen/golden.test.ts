/**
 * Whole screens of made-up machines as text, to be looked at by people. Written anew with `UPDATE_GOLDEN=1`; what changed
 * shows in the difference.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toText } from '../../src/screen/as-text.js';
import { createGrid } from '../../src/screen/cells.js';
import { drawScreen } from '../../src/screen/draw.js';
import type { Scene } from '../../src/screen/panel.js';
import { PANELS } from '../../src/screen/panels/index.js';
import { toAnnotated } from './annotated.js';
import { SCENES } from './scenes.js';

const FOLDER = new URL('./golden/', import.meta.url);
const SIZES = ['60x15', '80x24', '120x40', '200x60'] as const;

/** Of these the styles as well: `-80x24.styles.txt`. */
const STYLED = ['idle', 'loaded', 'stale', 'first'];

const drawn = (scene: Scene, size: string, say = toText): string => {
  const [width = 0, height = 0] = size.split('x').map(Number);
  const grid = createGrid(width, height);
  drawScreen(grid, scene, PANELS);
  return say(grid);
};

const expectGolden = (name: string, screen: string): void => {
  const file = new URL(name, FOLDER);
  if (process.env['UPDATE_GOLDEN'] !== undefined) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, screen);
  }
  expect(screen).toBe(readFileSync(file, 'utf8'));
};

describe('golden screens', () => {
  for (const [name, scene] of Object.entries(SCENES)) {
    for (const size of SIZES)
      it(`draws ${name} at ${size}`, () => {
        expectGolden(`${name}-${size}.txt`, drawn(scene, size));
      });
    if (STYLED.includes(name))
      it(`styles ${name}`, () => {
        expectGolden(`${name}-80x24.styles.txt`, drawn(scene, '80x24', toAnnotated));
      });
  }
});
