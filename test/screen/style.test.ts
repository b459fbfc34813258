import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Depth, openPen, reduceColour, sgr, sgrBetween } from '../../src/screen/sgr.js';
import {
  BOLD,
  DIM,
  describeStyle,
  lookOf,
  REVERSE,
  ROLES,
  rgb,
  STYLE,
  type Style,
  THEME,
  type Theme,
  UNDERLINE,
} from '../../src/screen/style.js';
import { isRole, parseLook, themeWith } from '../../src/screen/theme.js';
import { openEmulator } from './emulator.js';

const orange = themeWith({ warning: { ink: rgb(255, 136, 0), bold: true }, cache: { ink: 9, paper: 17 } });

describe('bytes of a style', () => {
  it.each<[Style, Depth, string]>([
    [STYLE.plain, 16, '[m'],
    [STYLE.critical, 16, '[0;1;31m'],
    [STYLE.critical, 'none', '[0;1m'],
    [STYLE.ok | UNDERLINE | REVERSE | DIM, 16, '[0;2;4;7;32m'],
    [STYLE.warning, 'true', '[0;1;38;2;255;136;0m'],
    [STYLE.warning, 256, '[0;1;38;5;208m'],
    [STYLE.warning, 16, '[0;1;33m'],
    [STYLE.cache, 256, '[0;91;48;5;17m'],
    [STYLE.cache, 16, '[0;91;40m'],
    [STYLE.cache, 'none', '[m'],
  ])('%d in %s colours is %s', (style, depth, bytes) => {
    expect(sgr(style, depth, orange)).toBe(`\u001b${bytes}`);
  });

  it.each<[Style, Style, string]>([
    [STYLE.ok, STYLE.ok, ''],
    [STYLE.plain, STYLE.ok, '[32m'],
    [STYLE.ok, STYLE.plain, '[m'],
    [STYLE.ok, STYLE.unknown, '[35m'],
    [STYLE.critical, STYLE.ok, '[0;32m'],
    [STYLE.plain | REVERSE, STYLE.selected, ''],
    [STYLE.ok | BOLD, STYLE.ok | DIM, '[22;2m'],
  ])('from %d to %d: %s', (from, to, bytes) => {
    expect(sgrBetween(from, to, 16)).toBe(bytes === '' ? '' : `\u001b${bytes}`);
  });

  it('keeps the sixteen and finds the nearest of the others', () => {
    expect(reduceColour(3, 16)).toBe(3);
    expect(reduceColour(196, 16)).toBe(9);
    expect(reduceColour(rgb(8, 8, 8), 256)).toBe(232);
    expect(reduceColour(rgb(95, 135, 175), 256)).toBe(67);
    expect(reduceColour(rgb(1, 2, 3), 'true')).toBe(rgb(1, 2, 3));
  });
});

const style = fc
  .tuple(fc.constantFrom(...ROLES), fc.subarray([BOLD, DIM, UNDERLINE, REVERSE]))
  .map(([role, attributes]) => attributes.reduce((sum, one) => sum | one, STYLE[role]));

const colour = fc.option(fc.nat(255), { nil: undefined });

const theme: fc.Arbitrary<Theme> = fc
  .tuple(...ROLES.map((role) => fc.tuple(fc.constant(role), colour, colour)))
  .map((looks) =>
    themeWith(
      Object.fromEntries(
        looks.map(([role, ink, paper]) => [
          role,
          { ...THEME[role], ...(ink !== undefined && { ink }), ...(paper !== undefined && { paper }) },
        ]),
      ),
    ),
  );

it('means the same to a terminal whether said anew or as a change', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(style, { minLength: 1, maxLength: 6 }), theme, async (styles, painted) => {
      const { terminal, send } = openEmulator(10, 1);
      const pen = openPen(256, painted);
      let last = 0;
      await send(pen.plain);
      for (const next of styles) {
        await send(`\r${pen.between(last, next)}a${sgr(next, 256, painted)}b${pen.between(last, last)}`);
        last = next;
        const line = terminal.buffer.active.getLine(0);
        const [one, other] = [line?.getCell(0), line?.getCell(1)].map((cell) => [
          cell?.isBold(),
          cell?.isDim(),
          cell?.isUnderline(),
          cell?.isInverse(),
          cell?.getFgColorMode(),
          cell?.getFgColor(),
          cell?.getBgColorMode(),
          cell?.getBgColor(),
        ]);
        expect(one).toEqual(other);
        const look = lookOf(next, painted);
        expect(one?.slice(0, 4).map((flag) => flag !== 0)).toEqual([
          look.bold === true,
          look.dim === true,
          look.underline === true,
          look.reverse === true,
        ]);
      }
      terminal.dispose();
    }),
    { numRuns: 50 },
  );
});

it('knows what is seen of a blank', () => {
  const pen = openPen(16, orange);
  expect([STYLE.plain, STYLE.critical, STYLE.dim].map(pen.isSeen)).toEqual([false, false, false]);
  expect([STYLE.selected, UNDERLINE, STYLE.cache].map(pen.isSeen)).toEqual([true, true, true]);
  expect(openPen('none', orange).isSeen(STYLE.cache)).toBe(false);
});

it('is said in words', () => {
  expect(describeStyle(STYLE.plain)).toBe('plain');
  expect(describeStyle(STYLE.ok | BOLD | DIM | UNDERLINE | REVERSE)).toBe('ok+bold+dim+underline+reverse');
});

describe('looks in the config', () => {
  it.each([
    ['bold red', { bold: true, ink: 1 }],
    ['BRIGHT-Blue on 17 underline', { ink: 12, paper: 17, underline: true }],
    [
      'on #000000 dim #ff8800 reverse',
      { paper: rgb(0, 0, 0), dim: true, ink: rgb(255, 136, 0), reverse: true },
    ],
    ['plain', {}],
    ['', {}],
    ['pink', undefined],
    ['red blue', undefined],
    ['red on', undefined],
    ['256', undefined],
    ['#12345', undefined],
  ])('%s', (words, look) => {
    expect(parseLook(words)).toEqual(look);
  });

  it('replaces looks of roles', () => {
    expect(isRole('ok')).toBe(true);
    expect(isRole('nothing')).toBe(false);
    expect(themeWith({ ok: { ink: 4 } })).toEqual({ ...THEME, ok: { ink: 4 } });
  });
});
