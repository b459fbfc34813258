import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOut, shareRows } from '../../src/screen/layout.js';
import type { Panel, Wish } from '../../src/screen/panel.js';

const NAMES = ['cpu', 'memory', 'pressure', 'disk', 'filesystem', 'network', 'temperature', 'processes'];

const panelOf = (name: string): Panel => ({
  name,
  title: name,
  groups: [],
  wish: () => ({ least: 1, best: 1 }),
  draw: () => {},
});

const wishes = fc
  .record({ least: fc.integer({ min: 1, max: 8 }), more: fc.integer({ min: 0, max: 40 }) })
  .map(({ least, more }): Wish => ({ least, best: least + more }));

test('rows are shared, nobody above what is best, and without a rest where all have what they need', () => {
  fc.assert(
    fc.property(fc.array(wishes, { maxLength: 8 }), fc.integer({ min: 0, max: 120 }), (asked, height) => {
      const rows = shareRows(asked, height);
      const used = rows.reduce((sum, one) => sum + one, 0);
      const best = asked.reduce((sum, one) => sum + one.best, 0);
      expect(used).toBeLessThanOrEqual(Math.min(height, best));
      rows.forEach((given, index) => {
        expect(given).toBeLessThanOrEqual((asked[index] as Wish).best);
      });
      // Nobody gets more than it needs while another lacks that; nor less without having a single row.
      const lacking = rows.some((given, index) => given < (asked[index] as Wish).least);
      const more = rows.some((given, index) => given > (asked[index] as Wish).least);
      expect(lacking && more).toBe(false);
      rows.forEach((given, index) => {
        if (given > 1) expect(given).toBeGreaterThanOrEqual((asked[index] as Wish).least);
      });
      if (!lacking) expect(used).toBe(Math.min(height, best));
    }),
  );
});

test('panels lie inside of the body and beside each other, whatever its size', () => {
  const sizes = fc.record({
    width: fc.integer({ min: 40, max: 300 }),
    height: fc.integer({ min: 6, max: 100 }),
  });
  const asked = fc.array(fc.option(wishes, { nil: undefined }), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(sizes, asked, (size, all) => {
      const panels = NAMES.map(panelOf);
      const placed = layOut(panels, size, (panel) => all[NAMES.indexOf(panel.name)]);
      const taken = new Set<string>();
      for (const { x, y, width, height } of placed) {
        expect(height).toBeGreaterThan(0);
        expect(x + width).toBeLessThanOrEqual(size.width);
        expect(y + height).toBeLessThanOrEqual(size.height);
        for (let row = y; row < y + height; row++)
          for (let column = x; column < x + width; column++) {
            const cell = `${column},${row}`;
            expect(taken.has(cell)).toBe(false);
            taken.add(cell);
          }
      }
    }),
    { numRuns: 40 },
  );
});

test('at 60x15 all panels of an ordinary machine have a row, and processes have two', () => {
  const placed = layOut(NAMES.map(panelOf), { width: 60, height: 13 }, ({ name }) =>
    name === 'processes' ? { least: 4, best: 99 } : { least: 3, best: 10 },
  );
  expect(placed.map(({ panel }) => panel.name)).toEqual(NAMES);
  expect(placed.at(-1)?.height).toBeGreaterThanOrEqual(4);
});

test('columns side by side appear with the room for them', () => {
  const columnsAt = (width: number): number =>
    new Set(
      layOut(NAMES.map(panelOf), { width, height: 50 }, () => ({ least: 3, best: 9 })).map(({ x }) => x),
    ).size;
  expect([60, 80, 100, 200].map(columnsAt)).toEqual([1, 2, 2, 3]);
});
