import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addAttributes, areaOf, createGrid, fill, type Grid, put, wholeOf } from '../../src/screen/cells.js';
import { openPainter } from '../../src/screen/paint.js';
import { openPen } from '../../src/screen/sgr.js';
import { BOLD, DIM, REVERSE, ROLES, STYLE, type Style, UNDERLINE } from '../../src/screen/style.js';
import { themeWith } from '../../src/screen/theme.js';
import { differences, openEmulator, screenText } from './emulator.js';

const pen = openPen(256);

const gridOf = (...rows: readonly string[]): Grid => {
  const grid = createGrid(20, rows.length);
  for (const [y, row] of rows.entries()) put(wholeOf(grid), 0, y, row);
  return grid;
};

/** Bytes from one screen to the other, with ESC as ^. */
const change = (before: Grid, after: Grid): string => {
  const painter = openPainter(pen);
  painter.paint(before);
  return painter.paint(after).replaceAll('\u001b', '^');
};

describe('bytes', () => {
  it('sends nothing where nothing changed', () => {
    expect(change(gridOf('abc', 'def'), gridOf('abc', 'def'))).toBe('');
  });

  it('paints the whole screen first, and again once it is forgotten or has another size', () => {
    const painter = openPainter(pen);
    const whole = '^[m^[H^[2Jabc\r\ndef';
    const paint = (grid: Grid) => painter.paint(grid).replaceAll('\u001b', '^');
    expect(paint(gridOf('abc', 'def'))).toBe(whole);
    painter.forget();
    expect(paint(gridOf('abc', 'def'))).toBe(whole);
    expect(paint(gridOf('abc', 'def', ''))).toBe(whole);
  });

  it('paints plain text as the theme has it, from the first cell on', () => {
    const green = openPen(16, themeWith({ plain: { ink: 2, paper: 0 } }));
    const bytes = openPainter(green).paint(gridOf('abc')).replaceAll('\u001b', '^');
    expect(bytes).toBe('^[0;32;40m^[H^[2Jabc');
  });

  it.each<[string, Grid, Grid, string]>([
    ['one cell', gridOf('load 1.20'), gridOf('load 1.25'), '^[1;9H5'],
    ['a short gap again', gridOf('1.20 3.40'), gridOf('1.21 3.41'), '^[1;4H1 3.41'],
    ['a long gap by a move', gridOf('1 abcdefg 2'), gridOf('2 abcdefg 3'), '^[H2^[9C3'],
    ['the row below by a line feed', gridOf('a', 'b'), gridOf('c', 'd'), '^[Hc\r\nd'],
    [
      'the column below',
      gridOf('abcdefghij', 'abcdefghi k'),
      gridOf('abcdefghiX', 'abcdefghi Y'),
      '^[1;10HX^[BY',
    ],
    ['an end that is gone', gridOf('abcdefgh'), gridOf('ab'), '^[1;3H^[K'],
    ['a short end that is gone', gridOf('abcd'), gridOf('ab'), '^[1;3H  '],
  ])('%s', (_, before, after, bytes) => {
    expect(change(before, after)).toBe(bytes);
  });

  it('changes the style only where it changes, and leaves it plain', () => {
    const styled = (...parts: readonly [string, Style][]): Grid => {
      const grid = createGrid(20, 1);
      let x = 0;
      for (const [text, style] of parts) x += put(wholeOf(grid), x, 0, text, style);
      return grid;
    };
    const after = styled(['12', STYLE.ok], [' ', STYLE.plain], ['34', STYLE.ok], ['!', STYLE.critical]);
    expect(change(createGrid(20, 1), after)).toBe('^[H^[32m12 34^[1;31m!^[m');
  });

  it('wraps what changed for terminals that show it at once', () => {
    const painter = openPainter(pen);
    painter.paint(gridOf('a'), true);
    expect(painter.paint(gridOf('a'), true)).toBe('');
    expect(painter.paint(gridOf('b'), true).replaceAll('\u001b', '^')).toBe('^[?2026h^[Hb^[?2026l');
  });

  it('sets the cursor anew after a character whose width terminals disagree on', () => {
    expect(change(gridOf('a  b'), gridOf('a🎉b'))).toBe('^[Ha  ^[2G🎉');
    expect(change(gridOf('kाb'), gridOf('mाb'))).toBe('^[Hm ^[2Gा^[3Gb');
    expect(change(gridOf('a  b'), gridOf('a🎉c'))).toBe('^[Ha  ^[2G🎉^[4Gc');
  });
});

const SURE = ['a', 'b', ' ', '%', 'é', '│', '⣿', '█', '数', '한', 'ｗ', 'e\u0301', '数\u0308', '\u0301'];
/** Pictures of Unicode 6 to 11: two cells in the newer table, one in the older. */
const PICTURES = ['🎉', '⌚', '🥳'];
const UNSURE = [
  ...PICTURES,
  'क',
  'ा',
  'े',
  '👨‍👩‍👧',
  '👍🏽',
  '🇩🇪',
  '⚠️',
  'ᄒ\u1161\u11ab',
  '\u{1faea}',
  'ن',
  '\u0600',
  'a\u0e31',
  '\u2060',
  '\u001b[31m',
  '\u{e000}',
];

const style: fc.Arbitrary<Style> = fc
  .record({
    role: fc.constantFrom(...ROLES),
    attributes: fc.subarray([BOLD, DIM, UNDERLINE, REVERSE]),
  })
  .map(({ role, attributes }) => attributes.reduce((sum, one) => sum | one, STYLE[role]));

const fewStyles = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(STYLE.plain, STYLE.ok, STYLE.selected) },
  style,
);
const side = fc.integer({ min: -2, max: 24 });

const stroke = (units: readonly string[]) =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        does: fc.constant('put' as const),
        x: side,
        y: fc.integer({ min: 0, max: 5 }),
        text: fc.string({ unit: fc.constantFrom(...units), maxLength: 20 }),
        style: fewStyles,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        does: fc.constant('fill' as const),
        x: side,
        y: side,
        width: side,
        style: fewStyles,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        does: fc.constant('add' as const),
        x: side,
        y: side,
        width: side,
        style: fc.constant(REVERSE),
      }),
    },
  );

const frames = (units: readonly string[]) =>
  fc.array(
    fc.record({
      size: fc.option(fc.tuple(fc.integer({ min: 2, max: 24 }), fc.integer({ min: 1, max: 6 })), { freq: 5 }),
      strokes: fc.array(stroke(units), { maxLength: 6 }),
    }),
    { minLength: 1, maxLength: 8 },
  );

type Frame = (ReturnType<typeof frames> extends fc.Arbitrary<infer T> ? T : never)[number];

const draw = (grid: Grid, { strokes }: Frame): void => {
  const whole = wholeOf(grid);
  for (const one of strokes) {
    if (one.does === 'put') put(whole, one.x, one.y, one.text, one.style);
    else if (one.does === 'fill') fill(areaOf(whole, one.x, one.y, one.width, 2), one.style);
    else addAttributes(areaOf(whole, one.x, one.y, one.width, 2), one.style);
  }
};

describe('in a terminal', () => {
  it.each([
    ['11', 'sure', SURE, SURE],
    ['6', 'sure', SURE, SURE],
    ['11', 'any', [...SURE, ...UNSURE], PICTURES],
    ['6', 'any', [...SURE, ...UNSURE], []],
  ] as const)(
    'with widths of Unicode %s, every sequence of %s screens ends as the last one',
    async (version, _, units, agreed) => {
      await fc.assert(
        fc.asyncProperty(frames(units), async (list) => {
          const emulator = openEmulator(24, 6, version);
          await emulator.send('\u001b[?1049h\u001b[?7l');
          const painter = openPainter(pen);
          let grid = createGrid(24, 6);
          for (const frame of list) {
            if (frame.size !== null) {
              grid = createGrid(...frame.size);
              emulator.terminal.resize(...frame.size);
            }
            draw(grid, frame);
            await emulator.send(painter.paint(grid));
            const found = differences(emulator, grid, (glyph) =>
              (agreed as readonly string[]).includes(glyph),
            );
            expect(found).toEqual([]);
          }
          emulator.terminal.dispose();
        }),
        { numRuns: 60 },
      );
    },
  );

  it('shows the text', async () => {
    const emulator = openEmulator(20, 2);
    await emulator.send(openPainter(pen).paint(gridOf('数据 load', '🎉 ok')));
    expect(screenText(emulator)).toBe('数据 load\n🎉 ok\n');
  });
});
