/**
 * The past of a value as rows of text, the newest at the right.
 *
 * Zero is a line at the foot, so that it can be told from a hole, which is empty: what is not known shows nothing.
 */

import { BRAILLE, BRAILLE_DOTS } from '../core/glyphs.js';
import { greatest, niceMax } from './scale.js';

/** What a terminal can draw with: braille has two values a cell, the others one. */
export type Ink = 'braille' | 'block' | 'ascii';

export interface GraphShape {
  /** Cells. */
  readonly width: number;
  readonly height: number;
  /** The value at the top, more is cut off; without it a round number above all that is shown. */
  readonly max?: number;
  readonly ink?: Ink;
  /** Grows from the top down, for the lower half of a mirrored graph. */
  readonly hanging?: boolean;
}

type Values = readonly (number | undefined)[];

/** Values that one cell shows side by side. */
export const valuesPerCell = (ink: Ink): 1 | 2 => (ink === 'braille' ? 2 : 1);

/** Steps of one cell, from the lowest; standing on the foot and hanging from the top. Only three blocks hang. */
const BLOCKS = { standing: '▁▂▃▄▅▆▇█', hanging: '▔▀█' };
const ASCII = { standing: '_.:|', hanging: "-':|" };

/** How many of so many steps a value reaches: none when it is not known, else at least one. */
const reach = (value: number | undefined, max: number, steps: number): number => {
  if (value === undefined || Number.isNaN(value)) return 0;
  const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : value > 0 ? 1 : 0;
  return Math.max(1, Math.round(share * steps));
};

/** What of a column falls into a cell of `size` steps with `below` steps before it. */
const within = (steps: number, below: number, size: number): number =>
  Math.min(size, Math.max(0, steps - below));

const brailleCell = (left: number, right: number, hanging: boolean): string => {
  let dots = 0;
  for (let i = 0; i < 4; i++) {
    const dot = hanging ? 3 - i : i;
    if (i < left) dots |= BRAILLE_DOTS[0][dot] as number;
    if (i < right) dots |= BRAILLE_DOTS[1][dot] as number;
  }
  return dots === 0 ? ' ' : String.fromCharCode(BRAILLE + dots);
};

/**
 * Draws as many of the newest values as there is room for; each row has exactly `width` characters of one cell. A larger
 * value never has the lower column.
 */
export const drawGraph = (values: Values, shape: GraphShape): readonly string[] => {
  const { width, height, ink = 'braille', hanging = false } = shape;
  if (width <= 0 || height <= 0) return [];
  const perCell = valuesPerCell(ink);
  const first = values.length - width * perCell;
  const max = shape.max ?? niceMax(greatest(values.slice(Math.max(0, first))) ?? 1, 1000, 0);
  const letters = (ink === 'ascii' ? ASCII : BLOCKS)[hanging ? 'hanging' : 'standing'];
  const size = ink === 'braille' ? 4 : letters.length;
  const steps = (at: number): number => reach(at < 0 ? undefined : values[at], max, size * height);
  const rows: string[] = [];
  for (let row = 0; row < height; row++) {
    const below = (hanging ? row : height - 1 - row) * size;
    let text = '';
    for (let cell = 0; cell < width; cell++) {
      const at = first + cell * perCell;
      const left = within(steps(at), below, size);
      if (ink === 'braille') text += brailleCell(left, within(steps(at + 1), below, size), hanging);
      else text += left === 0 ? ' ' : (letters[left - 1] as string);
    }
    rows.push(text);
  }
  return rows;
};

/**
 * One value above the middle and one below it, such as received and transmitted. An odd row goes to the upper one, which is
 * then drawn larger: give an even height where both have to be compared.
 */
export const drawMirrored = (
  upper: Values,
  lower: Values,
  shape: Omit<GraphShape, 'hanging'>,
): readonly string[] => {
  const above = Math.ceil(shape.height / 2);
  const shown = shape.width * valuesPerCell(shape.ink ?? 'braille');
  const max =
    shape.max ?? niceMax(greatest([...newest(upper, shown), ...newest(lower, shown)]) ?? 1, 1000, 0);
  return [
    ...drawGraph(upper, { ...shape, max, height: above }),
    ...drawGraph(lower, { ...shape, max, height: shape.height - above, hanging: true }),
  ];
};

const newest = (values: Values, count: number): Values => values.slice(Math.max(0, values.length - count));
