/** What holds of every panel, whatever the machine: it stays in its place, and says the numbers of the sample. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isShown } from '../../src/core/aside.js';
import type { Row } from '../../src/core/sample.js';
import { drawAlerts, rowsOfAlerts } from '../../src/screen/alerts.js';
import { toText } from '../../src/screen/as-text.js';
import { areaOf, createGrid, fill, type Grid, wholeOf } from '../../src/screen/cells.js';
import { drawScreen } from '../../src/screen/draw.js';
import { drawHeader } from '../../src/screen/header.js';
import type { Panel, Scene } from '../../src/screen/panel.js';
import { PANELS } from '../../src/screen/panels/index.js';
import { anyScene, plainScene } from './random-scene.js';
import { sceneOf } from './scenes.js';

const MARGIN = 3;
const CODE = '#'.charCodeAt(0);

/** A grid full of signs, and what is inside of its margin. */
const framed = (width: number, height: number) => {
  const grid = createGrid(width + 2 * MARGIN, height + 2 * MARGIN);
  fill(wholeOf(grid), 0, '#');
  const area = areaOf(wholeOf(grid), MARGIN, MARGIN, width, height);
  fill(area);
  return { grid, area };
};

const expectMargin = (grid: Grid): void => {
  for (let at = 0; at < grid.codes.length; at++) {
    const [x, y] = [at % grid.width, Math.floor(at / grid.width)];
    const inside = x >= MARGIN && x < grid.width - MARGIN && y >= MARGIN && y < grid.height - MARGIN;
    if (!inside && grid.codes[at] !== CODE) throw new Error(`cell ${x},${y} was written`);
  }
};

const size = fc.record({ width: fc.integer({ min: 1, max: 130 }), height: fc.integer({ min: 1, max: 30 }) });

describe('drawing', () => {
  it('never throws and stays in its place, whatever the machine and the size', () => {
    fc.assert(
      fc.property(anyScene, size, ({ machine, options }, { width, height }) => {
        const scene = sceneOf(machine, options);
        const { grid, area } = framed(width, height);
        for (const panel of PANELS) {
          const wish = panel.wish(scene, width);
          if (wish !== undefined) expect(wish.best).toBeGreaterThanOrEqual(wish.least);
          expect(panel.lines?.(scene) ?? 0).toBeGreaterThanOrEqual(0);
          fill(area);
          panel.draw(area, scene);
        }
        drawHeader(areaOf(area, 0, 0, width, 1), scene);
        drawAlerts(areaOf(area, 0, 0, width, rowsOfAlerts(scene, height)), scene);
        expectMargin(grid);
        drawScreen(createGrid(width, height), scene, PANELS);
      }),
      { numRuns: 150 },
    );
  });
});

const drawnLines = (panel: Panel, scene: Scene, width: number, height: number): readonly string[] => {
  const grid = createGrid(width, height);
  panel.draw(wholeOf(grid), scene);
  return toText(grid).split('\n');
};

const panelOf = (name: string): Panel => PANELS.find((panel) => panel.name === name) as Panel;

const POWERS: Readonly<Record<string, number>> = { B: 0, K: 1, M: 2, G: 3, T: 4, P: 5, E: 6 };
const COUNTS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6 };
const SECONDS: Readonly<Record<string, number>> = { µs: 1e-6, us: 1e-6, ms: 1e-3, s: 1 };

type Read = (text: string) => { readonly value: number; readonly step: number };

/** A number and what its last digit stands for. */
const reading =
  (unitOf: (unit: string) => number | undefined): Read =>
  (text) => {
    const [, digits = '', fraction = '', unit = ''] = /^(-?\d+(?:\.(\d+))?)(\D*)$/.exec(text) ?? [];
    const size = unitOf(unit);
    if (digits === '' || size === undefined) throw new Error(`${JSON.stringify(text)} is no number`);
    return { value: Number(digits) * size, step: size / 10 ** fraction.length };
  };

const bytes = reading((unit) => (POWERS[unit] === undefined ? undefined : 1024 ** POWERS[unit]));
const count = reading((unit) => COUNTS[unit]);
const time = reading((unit) => SECONDS[unit]);
const percent = reading((unit) => (unit === '' || unit === '%' ? 1 : undefined));

/** A dash where it is not known, else the number within its printed digits. */
const expectSame = (text: string, value: number | undefined, read: Read): void => {
  if (value === undefined) {
    expect(text).toBe('-');
    return;
  }
  const found = read(text);
  expect(Math.abs(found.value - value)).toBeLessThanOrEqual(found.step * 0.500001 + 1e-9);
};

/** The word that ends before a cell. */
const wordBefore = (line: string, end: number): string => /\S*$/.exec(line.slice(0, end))?.[0] ?? '';

type Columns = Readonly<Record<string, { readonly field: string; readonly read: Read }>>;

/** Finds each heading of the title line and what stands under its end in the row of each name. */
const expectTable = (lines: readonly string[], rows: readonly Row[], columns: Columns): void => {
  const [title = ''] = lines;
  let found = 0;
  for (const [heading, { field, read }] of Object.entries(columns)) {
    const at = title.indexOf(` ${heading}`);
    if (at < 0) continue;
    found++;
    const end = at + 1 + heading.length;
    for (const row of rows) {
      const line = lines.slice(1).find((text) => text.split(' ')[0] === row.id[0]);
      expect(line, row.id[0]).toBeDefined();
      expectSame(wordBefore((line as string).padEnd(end), end), row.numbers[field], read);
    }
  }
  expect(found).toBeGreaterThan(1);
};

const width = fc.integer({ min: 38, max: 110 });

const TABLES: readonly [panel: string, columns: Columns][] = [
  [
    'disk',
    {
      'busy%': { field: 'busy_percent', read: percent },
      'read/s': { field: 'read_bytes_per_second', read: bytes },
      'write/s': { field: 'written_bytes_per_second', read: bytes },
      await: { field: 'await_seconds', read: time },
      queue: { field: 'queue', read: count },
    },
  ],
  [
    'network',
    {
      'recv/s': { field: 'receive_bytes_per_second', read: bytes },
      'sent/s': { field: 'transmit_bytes_per_second', read: bytes },
      'err%': { field: 'errors_percent', read: percent },
      'drop/s': { field: 'drops_per_second', read: count },
    },
  ],
  [
    'filesystem',
    {
      'used%': { field: 'used_percent', read: percent },
      avail: { field: 'available_bytes', read: bytes },
      size: { field: 'size_bytes', read: bytes },
    },
  ],
];

const rowsIn = (scene: Scene, group: string): readonly Row[] => scene.frame.readings.get(group)?.rows ?? [];

/** The word after a name in a text. */
const wordAfter = (text: string, name: string): string | undefined =>
  new RegExp(`(?:^|\\s)${name} (\\S+)`).exec(text)?.[1];

describe('numbers on the screen are those of the sample', () => {
  for (const [name, columns] of TABLES)
    it(`in the rows of ${name}`, () => {
      fc.assert(
        fc.property(plainScene, width, ({ machine, options }, columnsWide) => {
          const scene = sceneOf(machine, options);
          const rows = rowsIn(scene, name).filter(isShown);
          expectTable(drawnLines(panelOf(name), scene, columnsWide, rows.length + 2), rows, columns);
        }),
      );
    });

  it('of each core', () => {
    fc.assert(
      fc.property(plainScene, width, ({ machine, options }, columnsWide) => {
        const scene = sceneOf(machine, { ...options, view: { cores: true } });
        const cores = rowsIn(scene, 'core');
        const text = drawnLines(panelOf('cpu'), scene, columnsWide, cores.length + 2)
          .slice(1)
          .join(' ');
        for (const core of cores) {
          const said = new RegExp(`(?:^| )${core.id[0]} +[█░#.]* +(\\S+)`).exec(text)?.[1];
          expect(said, text).toBeDefined();
          expectSame(said as string, core.numbers['used_percent'], percent);
        }
      }),
    );
  });

  it('of CPU, memory and pressure', () => {
    fc.assert(
      fc.property(plainScene, ({ machine, options }) => {
        const scene = sceneOf(machine, options);
        const numbersOf = (group: string) => rowsIn(scene, group)[0]?.numbers ?? {};
        const cpu = numbersOf('cpu');
        const [title = ''] = drawnLines(panelOf('cpu'), scene, 120, 3);
        if (cpu['used_percent'] === undefined) expect(title).toContain('rates after the next reading');
        else {
          expectSame(/(\S+) used/.exec(title)?.[1] ?? '', cpu['used_percent'], percent);
          for (const mode of ['user', 'system', 'iowait', 'steal'])
            if (cpu[`${mode}_percent`] !== undefined)
              expectSame(wordAfter(title, mode) ?? '', cpu[`${mode}_percent`], percent);
        }

        const memory = numbersOf('memory');
        const lines = drawnLines(panelOf('memory'), scene, 120, 4);
        expectSame(/(\S+) available/.exec(lines[0] ?? '')?.[1] ?? '', memory['available_bytes'], bytes);
        expectSame(/(\S+) +of \S+$/.exec(lines[1] ?? '')?.[1] ?? '', memory['used_percent'], percent);
        expectSame(/ of (\S+)$/.exec(lines[1] ?? '')?.[1] ?? '', memory['total_bytes'], bytes);
        const words = lines.find((line) => line.startsWith('used ')) ?? '';
        expectSame(wordAfter(words, 'used') ?? '', memory['used_bytes'], bytes);
        if (memory['cached_bytes'] !== undefined)
          expectSame(wordAfter(words, 'cached') ?? '', memory['cached_bytes'], bytes);

        const pressure = numbersOf('pressure');
        const stalls = drawnLines(panelOf('pressure'), scene, 60, 4).slice(1);
        for (const [index, name] of ['cpu', 'io', 'memory'].entries()) {
          const said = (stalls[index] ?? '').split(/ +/).slice(-2);
          const some = name === 'cpu' ? said[1] : said[0];
          expectSame(some ?? '', pressure[`${name}_waiting_percent`], percent);
          if (name !== 'cpu') expectSame(said[1] ?? '', pressure[`${name}_stalled_percent`], percent);
        }
      }),
    );
  });

  it('in the header', () => {
    fc.assert(
      fc.property(plainScene, ({ machine, options }) => {
        const scene = sceneOf(machine, options);
        const grid = createGrid(300, 1);
        drawHeader(wholeOf(grid), scene);
        const text = toText(grid);
        const load = rowsIn(scene, 'load')[0]?.numbers ?? {};
        const said = /load (\S+) (\S+) (\S+)/.exec(text) ?? [];
        for (const [index, name] of ['load1', 'load5', 'load15'].entries())
          expectSame(said[index + 1] ?? '', load[name], percent);
        const cores = rowsIn(scene, 'cpu')[0]?.numbers['cores'];
        if (cores !== undefined) expect(text).toMatch(new RegExp(`\\b${cores} cores?\\b`));
      }),
    );
  });
});
