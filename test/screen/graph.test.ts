import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawGraph, drawMirrored, type Ink } from '../../src/screen/graph.js';
import { drawMeter, meterCells } from '../../src/screen/meter.js';
import { greatest, niceMax, ticks } from '../../src/screen/scale.js';

/** Rows between bars, so that blanks are seen. */
const framed = (rows: readonly string[]): string => rows.map((row) => `|${row}|`).join('\n');

/** A graph of one row. */
const drawRow = (values: readonly (number | undefined)[], width: number, max?: number): string =>
  drawGraph(values, { width, height: 1, ink: 'block', ...(max !== undefined && { max }) }).join();

const HILL = [0, 10, 25, 50, undefined, undefined, 75, 100, 60, 30, 5, 0];

describe('graphs', () => {
  it('draws braille, two values a cell', () => {
    expect(framed(drawGraph(HILL, { width: 7, height: 2, max: 100 }))).toBe('|    ⣼⡀ |\n| ⣀⣼ ⣿⣧⣀|');
  });

  it('draws blocks', () => {
    expect(framed(drawGraph(HILL, { width: 12, height: 2, max: 100, ink: 'block' }))).toBe(
      '|      ▄█▂   |\n|▁▂▄█  ███▅▁▁|',
    );
  });

  it('draws ASCII', () => {
    expect(framed(drawGraph(HILL, { width: 12, height: 2, max: 100, ink: 'ascii' }))).toBe(
      '|      .|_   |\n|__.|  |||.__|',
    );
  });

  it('draws one graph on the other, hanging', () => {
    expect(framed(drawMirrored([1, 2, 4, 8], [8, 4, 2, 0], { width: 4, height: 2, max: 8 }))).toBe(
      '|  ⣀⣼|\n|  ⡟⠉|',
    );
    expect(
      framed(drawMirrored([1, 2, 4, 8], [8, 4, 2, 0], { width: 4, height: 3, max: 8, ink: 'block' })),
    ).toBe('|   █|\n|▂▄██|\n|█▀▔▔|');
  });

  it('draws one row', () => {
    expect(drawRow([0, 1, 2, undefined, 4], 6, 4)).toBe(' ▁▂▄ █');
    expect(drawRow([], 3)).toBe('   ');
  });

  it('takes a round maximum of what is shown', () => {
    expect(drawRow([1e9, 0, 30, 45], 3)).toBe('▁▅▇');
    expect(drawRow([0, 0], 2)).toBe('▁▁');
  });

  it('tells zero from what is not known', () => {
    for (const ink of ['braille', 'block', 'ascii'] as const) {
      const rows = drawGraph([0, 0, undefined, undefined], {
        width: ink === 'braille' ? 2 : 4,
        height: 1,
        ink,
      });
      expect(rows[0]?.trimEnd().length).toBe(ink === 'braille' ? 1 : 2);
    }
  });
});

const value = fc.option(fc.double({ min: 0, max: 1000, noNaN: true }), { nil: undefined });
const ink = fc.constantFrom<Ink>('braille', 'block', 'ascii');

/** How high each column is, in steps; from any ink, standing or hanging. */
const heights = (rows: readonly string[], of: Ink, hanging: boolean): number[] => {
  const LOW: Record<string, string> = {
    block: hanging ? '▔▀█' : '▁▂▃▄▅▆▇█',
    ascii: hanging ? "-':|" : '_.:|',
  };
  const width = rows[0]?.length ?? 0;
  const columns: number[] = [];
  for (let x = 0; x < width; x++) {
    if (of !== 'braille')
      columns.push(rows.reduce((sum, row) => sum + (LOW[of] as string).indexOf(row[x] as string) + 1, 0));
    else
      for (const mask of [0x47, 0xb8])
        columns.push(
          rows.reduce((sum, row) => {
            const bits = row[x] === ' ' ? 0 : (row.charCodeAt(x) - 0x2800) & mask;
            return sum + bits.toString(2).replaceAll('0', '').length;
          }, 0),
        );
  }
  return columns;
};

it('never draws a larger value lower, holes empty, the rest not, and keeps its size', () => {
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 5 }),
      ink,
      fc.boolean(),
      fc.option(fc.double({ min: 0, max: 2000, noNaN: true }), { nil: undefined }),
      (values, width, height, with_, hanging, max) => {
        const rows = drawGraph(values, {
          width,
          height,
          ink: with_,
          hanging,
          ...(max !== undefined && { max }),
        });
        expect(rows.length).toBe(height);
        for (const row of rows) expect(row.length).toBe(width);
        const columns = heights(rows, with_, hanging);
        const padded = [...Array<undefined>(columns.length).fill(undefined), ...values].slice(
          -columns.length,
        );
        const order = padded.map((_, i) => i).sort((a, b) => (padded[a] ?? -1) - (padded[b] ?? -1));
        for (let i = 1; i < order.length; i++)
          expect(columns[order[i] as number]).toBeGreaterThanOrEqual(
            columns[order[i - 1] as number] as number,
          );
        padded.forEach((one, i) => {
          if (one === undefined) expect(columns[i]).toBe(0);
          else expect(columns[i]).toBeGreaterThan(0);
        });
      },
    ),
  );
});

describe('scales', () => {
  it.each([
    [0, 1],
    [0.3, 1],
    [1, 1],
    [1.01, 2],
    [3, 5],
    [50, 50],
    [51, 100],
    [999, 1000],
    [1234567, 2000000],
  ])('%d goes up to %d', (from, to) => {
    expect(niceMax(from)).toBe(to);
  });

  it.each([
    [1, 1],
    [501, 1024],
    [1024, 1024],
    [1025, 2048],
    [300 * 1024, 500 * 1024],
    [600 * 1024 ** 2, 1024 ** 3],
  ])('%d bytes go up to %d', (from, to) => {
    expect(niceMax(from, 1024)).toBe(to);
  });

  it('is at least as large, at most 2.5 times, and keeps what is round', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e15, noNaN: true }),
        fc.constantFrom(1000 as const, 1024 as const),
        (n, base) => {
          const max = niceMax(n, base, 0);
          expect(max).toBeGreaterThanOrEqual(n);
          expect(max / n).toBeLessThanOrEqual(2.5 * (1 + 1e-9));
          expect(niceMax(max, base, 0)).toBe(max);
        },
      ),
    );
  });

  it('has a lower limit, and answers whatever it is asked', () => {
    expect(niceMax(0.002, 1000, 10)).toBe(10);
    for (const odd of [Number.NaN, Infinity, -5]) expect(niceMax(odd, 1000, 0)).toBe(1);
  });

  it('divides it', () => {
    expect(ticks(100, 2)).toEqual([0, 50, 100]);
    expect(ticks(100, 4)).toEqual([0, 25, 50, 75, 100]);
    expect(ticks(100, 3)).toEqual([0, 50, 100]);
    expect(ticks(5, 1)).toEqual([0, 5]);
  });

  it('finds the greatest', () => {
    expect(greatest([undefined, 3, 1])).toBe(3);
    expect(greatest([undefined])).toBeUndefined();
  });
});

describe('meters', () => {
  it('fills each part its own way', () => {
    expect(drawMeter([25, 25, undefined, 25], 100, 8)).toEqual(['██', '▓▓', '', '░░', '  ']);
    expect(drawMeter([50], 100, 5, 'ascii').join('')).toBe('###  ');
    expect(drawMeter([200], 100, 4)).toEqual(['████', '']);
    expect(drawMeter([1], 0, 4)).toEqual(['', '    ']);
  });

  it('fills exactly its width, and all of it with the whole', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 6 }), fc.integer({ min: 0, max: 100 }), (parts, width) => {
        const total = parts.reduce<number>((sum, one) => sum + (one ?? 0), 0);
        expect(drawMeter(parts, total, width).join('').length).toBe(width);
        if (total > 0)
          expect(meterCells(parts, total, width).reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(
            width - 1,
          );
      }),
    );
  });
});
