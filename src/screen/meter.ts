/** A bar of parts of a whole, such as used memory and caches. */

import type { Ink } from './graph.js';

/** Each part has a fill of its own, so that the bar reads without colours. */
const FILLS: Readonly<Record<Ink, string>> = { braille: '█▓▒░', block: '█▓▒░', ascii: '#=+-' };

/**
 * Cells of each part in a bar of `width` cells that stands for `total`; they never add up to more than `width`, and to all of
 * it where the parts are the whole. A part that is not known takes none.
 */
export const meterCells = (
  parts: readonly (number | undefined)[],
  total: number,
  width: number,
): readonly number[] => {
  let sum = 0;
  let before = 0;
  // Edges are rounded rather than parts, so that errors do not add up.
  return parts.map((part) => {
    sum += Math.max(0, part || 0);
    const edge = total > 0 ? Math.round(Math.min(1, sum / total) * width) : 0;
    const cells = Math.max(0, edge - before);
    before = Math.max(before, edge);
    return cells;
  });
};

/** The text of each part, in their order, and of the empty rest: put one after the other they fill `width` cells. */
export const drawMeter = (
  parts: readonly (number | undefined)[],
  total: number,
  width: number,
  ink: Ink = 'block',
): readonly string[] => {
  const cells = meterCells(parts, total, width);
  const fills = FILLS[ink];
  const rest = width - cells.reduce((sum, one) => sum + one, 0);
  return [
    ...cells.map((count, part) => (fills[Math.min(part, fills.length - 1)] as string).repeat(count)),
    ' '.repeat(Math.max(0, rest)),
  ];
};
