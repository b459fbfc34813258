import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean } from '../../src/core/clean.js';
import { widthOf } from '../../src/core/width.js';
import { toText } from '../../src/screen/as-text.js';
import {
  addAttributes,
  areaOf,
  CONTINUED,
  clearGrid,
  copyGrid,
  createGrid,
  fill,
  type Grid,
  put,
  wholeOf,
} from '../../src/screen/cells.js';
import { isSure } from '../../src/screen/glyph.js';
import { BOLD, REVERSE, STYLE } from '../../src/screen/style.js';
import { toAnnotated } from './annotated.js';

/** One row after texts were put into it, with dots for blanks. */
const row = (width: number, ...texts: readonly [number, string, number?][]): string => {
  const grid = createGrid(width, 1);
  fill(wholeOf(grid), 0, '.');
  for (const [x, text, most] of texts) put(wholeOf(grid), x, 0, text, 0, most);
  return toText(grid).slice(0, -1);
};

describe('put', () => {
  it.each<[string, number, [number, string, number?][], string]>([
    ['a text', 8, [[1, 'load']], '.load...'],
    ['what fits', 6, [[3, 'load']], '...loa'],
    ['what is inside at the left', 6, [[-2, 'load']], 'ad....'],
    ['at most so much', 8, [[1, 'load', 2]], '.lo.....'],
    [
      'nothing beyond the edge',
      4,
      [
        [4, 'x'],
        [9, 'y'],
        [-5, 'abc'],
      ],
      '....',
    ],
    ['wide characters', 6, [[1, '数据']], '.数据.'],
    ['no half of a wide character at the right', 4, [[1, '数据']], '.数'],
    ['nor at the left', 5, [[-1, '数据']], ' 据..'],
    ['nor within a limit', 6, [[1, '数据', 3]], '.数 ..'],
    [
      'a blank for the half left over',
      6,
      [
        [0, '数据'],
        [1, 'x'],
      ],
      ' x据..',
    ],
    [
      'a blank for the other half left over',
      6,
      [
        [0, '数据'],
        [2, 'x'],
      ],
      '数x ..',
    ],
    [
      'a wide one over two halves',
      7,
      [
        [0, '数据'],
        [1, '字'],
      ],
      ' 字 ...',
    ],
    [
      'accents on the character before',
      6,
      [[0, 'e\u0301a\u0308\u0323数\u0301']],
      'e\u0301a\u0308\u0323数\u0301..',
    ],
    ['at most two accents', 4, [[0, 'e\u0301\u0302\u0303\u0304x']], 'e\u0301\u0302x..'],
    ['an accent on the last that fits', 2, [[0, 'ae\u0301x']], 'ae\u0301'],
    ['no accent without a character', 4, [[1, '\u0301x']], '.x..'],
    ['no accent on what is outside', 4, [[-1, 'e\u0301x']], 'x...'],
    ['controls as text', 12, [[0, 'a\u001b[0mb\n']], 'a\\x1b[0mb\\n.'],
    ['pictures without what joins them', 8, [[0, '👨‍👩‍👧x']], '👨👩👧x.'],
    ['pictures without skin tone and form', 6, [[0, '👍🏽⚠\ufe0fx']], '👍⚠x..'],
    ['flags as letters', 4, [[0, '🇩🇪']], 'DE..'],
    ['composed syllables', 4, [[0, '\u1112\u1161\u11ab']], '\u1112\u1161\u11ab..'],
    ['box drawing and braille', 6, [[0, '│⣿█é']], '│⣿█é..'],
  ])('%s', (_, width, texts, shown) => {
    expect(row(width, ...texts)).toBe(shown);
  });

  it('gives the cells that it took', () => {
    const whole = wholeOf(createGrid(6, 2));
    expect(put(whole, 0, 0, 'load')).toBe(4);
    expect(put(whole, 1, 0, '数e\u0301')).toBe(3);
    expect(put(whole, 4, 0, 'load')).toBe(2);
    expect(put(whole, 5, 0, '数')).toBe(1);
    expect(put(whole, 0, 0, 'load', 0, 2)).toBe(2);
    expect(put(whole, 0, 0, 'load', 0, -2)).toBe(0);
    for (const y of [-1, 2]) expect(put(whole, 0, y, 'load')).toBe(0);
  });
});

it('clips areas to what they are part of', () => {
  const grid = createGrid(8, 3);
  const inner = areaOf(wholeOf(grid), 2, 1, 4, 5);
  expect(inner).toMatchObject({ x: 2, y: 1, width: 4, height: 2 });
  put(inner, 0, 0, 'abcdefgh');
  put(inner, -1, 1, 'xyz');
  put(inner, 0, -1, 'no');
  expect(areaOf(inner, -3, -3, 4, 4)).toMatchObject({ x: 2, y: 1, width: 1, height: 1 });
  expect(areaOf(inner, 9, 9, 4, 4)).toMatchObject({ width: 0, height: 0 });
  expect(areaOf(inner, 1, 0, -4, 1)).toMatchObject({ width: 0 });
  fill(areaOf(inner, 9, 9, 4, 4), 0, '#');
  expect(toText(grid)).toBe('\n  abcd\n  yz\n');
});

it('shows styles', () => {
  const grid = createGrid(16, 2);
  const whole = wholeOf(grid);
  put(whole, 0, 0, 'load');
  put(whole, 5, 0, '数9', STYLE.critical | BOLD);
  fill(areaOf(whole, 14, 1, 2, 1), STYLE.selected);
  addAttributes(areaOf(whole, 6, 0, 1, 1), REVERSE);
  addAttributes(areaOf(whole, 3, 0, 3, 1), REVERSE);
  expect(toAnnotated(grid)).toBe(
    'loa⟦plain+reverse⟧d ⟦critical+bold+reverse⟧数⟦critical+bold⟧9⟦⟧\n              ⟦selected⟧  ⟦⟧\n',
  );
  const copy = createGrid(16, 2);
  copyGrid(grid, copy);
  clearGrid(grid);
  expect(toText(grid)).toBe('\n\n');
  expect(toText(copy)).toContain('数9');
});

it('has a grid of no cells', () => {
  const none = createGrid(-1, 3);
  expect(put(wholeOf(none), 0, 0, 'x')).toBe(0);
  fill(wholeOf(none), 0);
  expect(toText(none)).toBe('\n\n\n');
});

const UNITS = [
  'a',
  ' ',
  'é',
  '数',
  '한',
  '🎉',
  'e\u0301',
  '\u0301',
  '‍',
  '🇩',
  'ा',
  '\u001b',
  '\u0085',
  '\ud800',
  '\u202e',
  '│',
  '👍🏽',
];
const text = fc.string({
  unit: fc.oneof(fc.constantFrom(...UNITS), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })),
  maxLength: 12,
});
const place = fc.integer({ min: -4, max: 14 });

/** Every wide character has both its cells in one style, and no second half stands alone; no cell holds a control. */
const expectWhole = ({ width, height, codes, styles }: Grid): void => {
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const code = codes[at] as number;
      const goesOn = x + 1 < width && codes[at + 1] === CONTINUED;
      if (code === CONTINUED) {
        expect(x).toBeGreaterThan(0);
        expect(goesOn).toBe(false);
        expect(styles[at]).toBe(styles[at - 1]);
      } else {
        expect(code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0xd800 && code < 0xe000)).toBe(false);
        expect(goesOn).toBe(widthOf(String.fromCodePoint(code)) === 2);
      }
    }
};

it('stays whole whatever is done to it', () => {
  const stroke = fc.tuple(
    fc.constantFrom('put', 'fill', 'add'),
    place,
    fc.integer({ min: -1, max: 3 }),
    place,
    text,
  );
  fc.assert(
    fc.property(fc.array(stroke, { maxLength: 8 }), (strokes) => {
      const grid = createGrid(10, 3);
      for (const [does, x, y, width, what] of strokes) {
        const area = areaOf(wholeOf(grid), x, y, width, 2);
        if (does === 'fill') fill(area, STYLE.ok, '─');
        else if (does === 'add') addAttributes(area, REVERSE);
        else put(area, x - 5, 0, what, STYLE.warning);
        expectWhole(grid);
      }
    }),
  );
});

it('takes as many cells as a text is wide', () => {
  fc.assert(
    fc.property(text, (what) => {
      const grid = createGrid(150, 1);
      const cells = put(wholeOf(grid), 0, 0, what);
      expect(cells).toBe(widthOf(clean(what)));
    }),
  );
});

it('is sure of no character that has no width or an unsettled one', () => {
  for (const code of [0x301, 0x200d, 0x1161, 0x231a, 0x25fd, 0x2614, 0x93e, 0x600, 0x1f389, 0xe000, 0x2630])
    expect(isSure(code), code.toString(16)).toBe(false);
  for (const code of [0x41, 0xe9, 0x416, 0x2502, 0x2588, 0x28ff, 0x6570, 0xd55c, 0xff57, 0x20000])
    expect(isSure(code), code.toString(16)).toBe(true);
});
