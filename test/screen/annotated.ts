/** A grid as text with its styles: `load ⟦warning+bold⟧4.51⟦⟧ 1.20`; what stands in no brackets is plain. */

import { glyphAt } from '../../src/screen/as-text.js';
import type { Grid } from '../../src/screen/cells.js';
import { describeStyle } from '../../src/screen/style.js';

export const toAnnotated = (grid: Grid): string => {
  let out = '';
  for (let y = 0; y < grid.height; y++) {
    let line = '';
    let style = 0;
    for (let at = y * grid.width; at < (y + 1) * grid.width; at++) {
      const next = grid.styles[at] as number;
      if (next !== style) line += next === 0 ? '⟦⟧' : `⟦${describeStyle(next)}⟧`;
      style = next;
      line += glyphAt(grid, at);
    }
    out += `${(style === 0 ? line : `${line}⟦⟧`).trimEnd()}\n`;
  }
  return out;
};
