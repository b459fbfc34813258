/** Graphs of queries: whole ones as text, to be looked at (written anew with `UPDATE_GOLDEN=1`), and what holds for all of them. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Glyphs } from '../../src/core/glyphs.js';
import type { Unit } from '../../src/core/group.js';
import { widthOf } from '../../src/core/width.js';
import { drawPlot, type PlotLine } from '../../src/formats/plot.js';
import { formatMoment, formatSpan, timeTicks } from '../../src/formats/plot-times.js';
import { valueAxis } from '../../src/formats/plot-values.js';
import { graph } from '../../src/formats/query-graph.js';
import { GRAPHS, HERE, LOOK, rangeAnswer, series } from './query-answers.js';

const FOLDER = new URL('./golden/', import.meta.url);
const before = process.env['TZ'];
beforeAll(() => {
  process.env['TZ'] = 'Europe/Berlin';
});
afterAll(() => {
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});

const expectGolden = (name: string, text: string): void => {
  const file = new URL(name, FOLDER);
  if (process.env['UPDATE_GOLDEN'] !== undefined) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
};

const SHAPES: readonly (readonly [string, number, number, Glyphs])[] = [
  ['60x15-ascii', 60, 15, 'ascii'],
  ['60x15-blocks', 60, 15, 'blocks'],
  ['80x24', 80, 24, 'braille'],
  ['200x60', 200, 60, 'braille'],
];

describe('graphs', () => {
  for (const [name, answer] of Object.entries(GRAPHS))
    for (const [shape, width, height, glyphs] of SHAPES)
      test(`${name} at ${shape}`, async () => {
        const text = [...(await graph(answer, { ...LOOK, width, height, glyphs }))].join('');
        const lines = text.split('\n');
        // With the line below it, where the shell asks for more.
        expect(lines.length).toBeLessThanOrEqual(height);
        expect(Math.max(...lines.map(widthOf))).toBeLessThan(width);
        if (glyphs === 'ascii') expect(text).toMatch(/^[\n\x20-\x7e]*$/);
        expectGolden(`graph-${name}-${shape}.txt`, text);
      });

  test('colours whose line it is, beside the letter', async () => {
    const [text = ''] = await graph(GRAPHS['several'] as never, { ...LOOK, colourLevel: 1 });
    expect(text).toContain('\u001b[36ma {device="eth0"}\u001b[39m');
    expect(text).toContain('\u001b[35m⠈b⢄\u001b[39m');
  });

  test('shows what came from a log safely', async () => {
    const odd = [series({ ...HERE, a: '\u001b[2J' }, 5, () => 1), series({ ...HERE, a: 'b' }, 5, () => 2)];
    const [text = ''] = await graph(rangeAnswer('x\u001b[2J\n  y', odd), LOOK);
    expect(text).toContain('x\\x1b[2J y\n');
    expect(text).toContain('{a="\\x1b[2J"}');
  });

  test('joins no samples over a hole, whatever their distance', async () => {
    const holed = series({}, 60, (at) => (at > 20 && at < 40 ? undefined : at), 7000);
    const answer = { ...rangeAnswer('x[7m]', [holed]), moments: { start: 0, end: 0, step: 0 } };
    const [text = ''] = await graph(answer, LOOK);
    // The hole is a third of the width, and empty from the first row to the last.
    const rows = text
      .split('\n')
      .slice(2, -4)
      .map((row) => row.padEnd(80));
    const inside = rows.map((row) => row.slice(36, 48)).join('');
    expect(inside.trim()).toBe('');
    expect(
      rows
        .map((row) => row.slice(5, 30))
        .join('')
        .trim(),
    ).not.toBe('');
  });
});

const shape = (width: number, height: number, glyphs: Glyphs) => ({
  width,
  height,
  glyphs,
  from: 0,
  to: 1000,
  joined: 50,
  unit: undefined,
  paint: (text: string) => text,
  faint: (text: string) => text,
});

const value = fc.oneof(fc.double(), fc.integer({ min: -1000, max: 1000 }));

describe('a plot', () => {
  test('has the rows it is asked for, none too wide, whatever the values', () => {
    const line = fc.array(value, { maxLength: 40 }).map(
      (values): PlotLine => ({
        times: Float64Array.from(values, (_, at) => at * 25),
        values: Float64Array.from(values),
      }),
    );
    const glyphs = fc.constantFrom<Glyphs[]>('braille', 'blocks', 'ascii');
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 10 }),
        fc.integer({ min: 60, max: 120 }),
        fc.integer({ min: 5, max: 20 }),
        glyphs,
        (lines, width, height, kind) => {
          const rows = drawPlot(lines, shape(width, height, kind));
          expect(rows).toHaveLength(height);
          for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(width);
        },
      ),
      { numRuns: 100 },
    );
  });

  // The smallest number has no half, and the largest no double.
  test.each([
    [0, 5e-324],
    [5e-324, 5e-324],
    [-1.7e308, 1.7e308],
    [1.7e308, 1.7e308],
    [1e17, 1e17 + 16],
  ])('draws %d and %d', (from, to) => {
    const line = { times: Float64Array.of(0, 1000), values: Float64Array.of(from, to) };
    const rows = drawPlot([line], shape(60, 12, 'ascii'));
    expect(rows.join('').match(/\*/g)).toHaveLength(2);
  });

  test('draws a greater value nowhere lower', () => {
    const line = { times: Float64Array.of(0, 500, 1000), values: Float64Array.of(1, 5, 9) };
    const rows = drawPlot([line], { ...shape(60, 12, 'ascii'), joined: 0 });
    const at = rows.map((row) => row.lastIndexOf('*')).filter((column) => column >= 0);
    expect(at).toEqual([...at].sort((a, b) => b - a));
    expect(at).toHaveLength(3);
  });
});

describe('an axis of values', () => {
  const labels = (min: number, max: number, unit?: Unit, most = 6): readonly string[] =>
    valueAxis(min, max, unit, most).ticks.map(({ label }) => label);

  test.each<[number, number, Unit | undefined, readonly string[]]>([
    [3, 97, 'percent', ['0 %', '20 %', '40 %', '60 %', '80 %', '100 %']],
    [97.2, 97.9, 'percent', ['97.2 %', '97.4 %', '97.6 %', '97.8 %', '98.0 %']],
    [0, 3 * 2 ** 30, 'bytes', ['0 GiB', '1 GiB', '2 GiB', '3 GiB']],
    [0, 600 * 2 ** 20, 'bytes', ['0 MiB', '128 MiB', '256 MiB', '384 MiB', '512 MiB', '640 MiB']],
    [100, 5000, 'bytes_per_second', ['0 KiB/s', '1 KiB/s', '2 KiB/s', '3 KiB/s', '4 KiB/s', '5 KiB/s']],
    [0, 100, 'seconds', ['0s', '30s', '1m', '1m30s', '2m']],
    [0, 0.004, 'seconds', ['0ms', '1ms', '2ms', '3ms', '4ms']],
    [0, 300_000, 'seconds', ['0s', '1d', '2d', '3d', '4d']],
    [0, 1, 'boolean', ['0', '1']],
    [0, 0, undefined, ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [5, 5, undefined, ['0', '2', '4', '6', '8', '10']],
    [-5, -5, undefined, ['-10', '-8', '-6', '-4', '-2', '0']],
    [0, 45_000, 'count', ['0k', '10k', '20k', '30k', '40k', '50k']],
    [40, 61, 'celsius', ['40 °C', '45 °C', '50 °C', '55 °C', '60 °C', '65 °C']],
    [1, 2e9, 'hertz', ['0.0 GHz', '0.5 GHz', '1.0 GHz', '1.5 GHz', '2.0 GHz']],
    [0, 4e-7, undefined, ['0', '1e-7', '2e-7', '3e-7', '4e-7']],
  ])('says %d to %d %s in round ticks', (min, max, unit, expected) => {
    expect(labels(min, max, unit)).toEqual(expected);
  });

  const units = fc.constantFrom<(Unit | undefined)[]>(
    'bytes',
    'seconds',
    'percent',
    'count',
    'unix_seconds',
    undefined,
  );
  test('holds all values, in ticks that can be told apart', () => {
    fc.assert(
      fc.property(value, value, units, fc.integer({ min: 2, max: 12 }), (a, b, unit, most) => {
        fc.pre(Number.isFinite(a) && Number.isFinite(b));
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const { low, high, ticks } = valueAxis(min, max, unit, most);
        expect(low).toBeLessThan(high);
        // A tick may be off by the last bit.
        const slack = (high / 2 - low / 2) * 1e-6;
        expect(low).toBeLessThanOrEqual(min + slack);
        expect(high).toBeGreaterThanOrEqual(max - slack);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(Math.max(3, most));
        expect(ticks[0]?.value).toBe(low);
        expect(ticks.at(-1)?.value).toBe(high);
      }),
    );
  });
});

describe('an axis of times', () => {
  const at = (text: string): number => Date.parse(text);
  const labels = (from: string, to: string, cells = 70): readonly string[] =>
    timeTicks(at(from), at(to), cells).map(({ label }) => label);

  test.each<[string, string, readonly string[]]>([
    [
      '2026-11-21T12:00:00Z',
      '2026-11-21T12:01:00Z',
      ['13:00:00', '13:00:10', '13:00:20', '13:00:30', '13:00:40', '13:00:50', '13:01:00'],
    ],
    [
      '2026-11-21T12:00:00Z',
      '2026-11-21T14:00:00Z',
      ['13:00', '13:15', '13:30', '13:45', '14:00', '14:15', '14:30', '14:45', '15:00'],
    ],
    [
      '2026-11-20T12:10:00Z',
      '2026-11-21T12:00:00Z',
      ['15:00', '18:00', '21:00', 'Nov 21', '03:00', '06:00', '09:00', '12:00'],
    ],
    [
      '2026-11-14T12:00:00Z',
      '2026-11-21T12:00:00Z',
      ['Nov 15', 'Nov 16', 'Nov 17', 'Nov 18', 'Nov 19', 'Nov 20', 'Nov 21'],
    ],
    [
      '2026-08-21T12:00:00Z',
      '2026-11-21T12:00:00Z',
      ['Aug 31', 'Sep 14', 'Sep 28', 'Oct 12', 'Oct 26', 'Nov 9'],
    ],
    ['2025-10-21T12:00:00Z', '2026-11-21T12:00:00Z', ['Nov', '2026', 'Mar', 'May', 'Jul', 'Sep', 'Nov']],
    // Summer time ends at three o'clock: the hours after it keep their names.
    [
      '2026-10-24T18:00:00Z',
      '2026-10-25T12:00:00Z',
      ['20:00', '22:00', 'Oct 25', '02:00', '04:00', '06:00', '08:00', '10:00', '12:00'],
    ],
  ])('names round moments from %s to %s', (from, to, expected) => {
    expect(labels(from, to)).toEqual(expected);
  });

  test('leaves room between labels, in any range', () => {
    const time = fc.integer({ min: 0, max: 4e12 });
    const span = fc.integer({ min: 1, max: 42 }).chain((bits) => fc.integer({ min: 1, max: 2 ** bits }));
    fc.assert(
      fc.property(time, span, fc.integer({ min: 20, max: 190 }), (from, length, cells) => {
        const ticks = timeTicks(from, from + length, cells);
        for (const [index, tick] of ticks.entries()) {
          expect(tick.time).toBeGreaterThanOrEqual(from);
          expect(tick.time).toBeLessThanOrEqual(from + length);
          const next = ticks[index + 1];
          if (next !== undefined)
            expect(((next.time - tick.time) / length) * cells).toBeGreaterThan(
              (tick.label.length + next.label.length) / 2 + 1,
            );
        }
      }),
      { numRuns: 200 },
    );
  });

  test('says moments in the local zone', () => {
    expect(formatMoment(at('2026-11-21T13:00:00Z'))).toBe('2026-11-21 14:00');
    expect(formatMoment(at('2026-11-21T13:00:00Z'), true)).toBe('2026-11-21 14:00:00');
    expect(formatMoment(at('2026-11-21T13:00:05.250Z'))).toBe('2026-11-21 14:00:05.250');
    expect(formatSpan(at('2026-11-21T13:00:00Z'), at('2026-11-21T15:00:00Z'))).toBe(
      '2026-11-21 14:00 to 16:00',
    );
    expect(formatSpan(at('2026-11-20T13:00:00Z'), at('2026-11-21T15:00:00Z'))).toBe(
      '2026-11-20 14:00 to 2026-11-21 16:00',
    );
  });
});
