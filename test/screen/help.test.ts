import { expect, test } from 'vitest';
import { toText } from '../../src/screen/as-text.js';
import { createGrid } from '../../src/screen/cells.js';
import { drawScreen } from '../../src/screen/draw.js';
import { PANELS } from '../../src/screen/panels/index.js';
import { SCENES } from './scenes.js';

/** The help's pages, each once, on a screen of this size. */
const pagesAt = (width: number, height: number): readonly string[] => {
  const scene = SCENES['idle'] as (typeof SCENES)[string];
  const pages: string[] = [];
  for (let help = 0; ; help++) {
    const grid = createGrid(width, height);
    drawScreen(grid, { ...scene, view: { ...scene.view, help } }, PANELS);
    const text = toText(grid).slice(toText(grid).indexOf('\n') + 1);
    if (pages.includes(text)) return pages;
    pages.push(text);
  }
};

test.each([
  [40, 8, 4],
  [60, 15, 2],
  [80, 24, 1],
  [200, 60, 1],
])('at %dx%d every key is on one of the pages', (width, height, count) => {
  const pages = pagesAt(width, height);
  expect(pages).toHaveLength(count);
  const all = pages.join('');
  for (const key of ['q, Ctrl-C', 'P M T N n', 'Ctrl-Z', 'left right', 'A a', '!  !!  -'])
    expect(all).toContain(` ${key} `);
  for (const [index, page] of pages.entries())
    expect(page).toContain(count === 1 ? 'any key goes back' : `${index + 1} of ${count}`);
});
