/** What breaks a threshold, what is old and what is not known can be told without colours. */

import { describe, expect, it } from 'vitest';
import { row } from '../../src/core/sample.js';
import { drawAlerts, rowsOfAlerts } from '../../src/screen/alerts.js';
import { toText } from '../../src/screen/as-text.js';
import { createGrid, wholeOf } from '../../src/screen/cells.js';
import type { Origin, ShownAlert } from '../../src/screen/frame.js';
import { drawHeader } from '../../src/screen/header.js';
import { shortDuration } from '../../src/screen/numbers.js';
import type { Panel, Scene } from '../../src/screen/panel.js';
import { PANELS } from '../../src/screen/panels/index.js';
import { piecesThatFit } from '../../src/screen/title.js';
import { totalOf, totalPast } from '../../src/screen/total.js';
import { toAnnotated } from './annotated.js';
import { type Machine, NOW, type Readings, type SceneOptions, sceneOf } from './scenes.js';

const panelOf = (name: string): Panel => PANELS.find((panel) => panel.name === name) as Panel;

const drawn = (name: string, scene: Scene, width: number, height: number, say = toText): string => {
  const grid = createGrid(width, height);
  panelOf(name).draw(wholeOf(grid), scene);
  return say(grid);
};

const header = (
  options: SceneOptions,
  width: number,
  machine: Machine = () => ({ cpu: [row([], { cores: 4 })] }),
): string => {
  const grid = createGrid(width, 1);
  drawHeader(wholeOf(grid), sceneOf(machine, { samples: 1, ...options }));
  return toText(grid).trimEnd();
};

const alertOf = (path: string, state: ShownAlert['state'], since = NOW - 90_000): ShownAlert => ({
  rule: 'r',
  path,
  state,
  since,
  text: `${path} is bad`,
});

const still = (readings: Readings, options: SceneOptions = {}): Scene =>
  sceneOf(() => readings, { samples: 1, ...options });

const FILESYSTEMS: Readings = {
  filesystem: [
    row(['/'], { used_percent: 10, available_bytes: 1024, size_bytes: 2048 }),
    row(['/a,b]'], { used_percent: 99, available_bytes: 1024, size_bytes: 2048 }),
  ],
};

describe('marks', () => {
  it('stand after the value of the row and field that the alert is about', () => {
    const alerts = [
      alertOf('filesystem["/a,b]"].used_percent', 'critical'),
      alertOf('filesystem[/].available_bytes', 'warning'),
    ];
    const text = drawn('filesystem', still(FILESYSTEMS, { alerts }), 40, 3);
    expect(text).toMatch(/^\/a,b\] .* 99\.0!! 1\.0K +2\.0K$/m);
    expect(text).toMatch(/^\/ .* 10\.0 {3}1\.0K! {2}2\.0K$/m);
  });

  it('keep numbers below each other', () => {
    const alerts = [alertOf('filesystem[/].used_percent', 'critical')];
    const [, first = '', second = ''] = drawn('filesystem', still(FILESYSTEMS, { alerts }), 40, 3).split(
      '\n',
    );
    expect(first.indexOf('99.0')).toBe(second.indexOf('10.0'));
  });

  it('have the colour of their state', () => {
    const alerts = [alertOf('cpu.used_percent', 'warning')];
    const scene = still({ cpu: [row([], { used_percent: 91 })] }, { alerts });
    expect(drawn('cpu', scene, 40, 3, toAnnotated)).toContain('⟦warning⟧91.0%!⟦');
    expect(drawn('cpu', scene, 60, 1, toAnnotated)).toContain('⟦warning⟧91.0%!⟦');
  });

  it('are not taken from what is no path, or a field that only ends alike', () => {
    const alerts = [
      alertOf('memory[.used_percent', 'critical'),
      alertOf('memory.other_used_percent', 'critical'),
    ];
    const scene = still({ memory: [row([], { used_percent: 50 })] }, { alerts });
    expect(drawn('memory', scene, 60, 3)).not.toContain('!');
  });
});

describe('what is read once a minute', () => {
  it('is shown until it is read again', () => {
    const scene = sceneOf(
      (at) => ({
        cpu: [row([], { used_percent: 5 })],
        core: [row(['0'], { used_percent: 5, ...(at === 0 && { frequency_hertz: 2.4e9 }) })],
      }),
      { samples: 50 },
    );
    expect(drawn('cpu', scene, 100, 4)).toContain('2.40 GHz');
  });
});

describe('what is old', () => {
  const machine: Machine = (at) => ({
    disk: at < 5 ? [row(['sda'], { busy_percent: 40 })] : 'no answer within 2 s',
  });

  it('says its age and why, and steps back', () => {
    const scene = sceneOf(machine, { samples: 20 });
    const text = drawn('disk', scene, 60, 4, toAnnotated);
    expect(text).toContain('⟦warning⟧! 15s old: no answer within 2 s');
    expect(text).toMatch(/⟦\w+\+dim⟧ *40\.0/);
  });

  it('says so in one row as well', () => {
    expect(drawn('disk', sceneOf(machine, { samples: 20 }), 60, 1)).toMatch(/^Disks +! 15s old +40\.0% sda/);
  });

  it('gives the reason where there never was a reading', () => {
    const scene = still({ memory: 'permission denied' });
    expect(drawn('memory', scene, 60, 4)).toContain('! permission denied');
    expect(drawn('memory', scene, 60, 1)).toContain('! permission denied');
  });
});

describe('what is not known', () => {
  it('is a dash, and said once', () => {
    const scene = still({ cpu: [row([], { cores: 2 })], core: [row(['0'], {}), row(['1'], {})] });
    const text = drawn('cpu', scene, 60, 6);
    expect(text.match(/rates after the next reading/g)).toHaveLength(1);
    expect(text).toMatch(/^0 \S+ +- {2}1 \S+ +-$/m);
    expect(text).not.toContain('0.0');
  });
});

describe('totals', () => {
  const rows = [
    row(['sda'], { x: 1 }),
    row(['sdb'], { x: 2 }),
    row(['sdc'], {}),
    row(['md0'], { x: 3 }, { aside: 'layer' }),
  ];

  it('do not count what is built on others', () => {
    expect(totalOf(rows, 'x')).toBe(3);
    expect(totalOf(rows, 'y')).toBeUndefined();
    const scene = still({
      disk: [
        row(['sda'], { busy_percent: 1, read_bytes_per_second: 2048, written_bytes_per_second: 0 }),
        row(['dm-0'], { busy_percent: 1, read_bytes_per_second: 2048 }, { aside: 'layer' }),
      ],
    });
    expect(drawn('disk', scene, 80, 1)).toContain('read 2.0K/s');
    expect(drawn('disk', scene, 80, 3)).toMatch(/^dm-0 .*2\.0K/m);
  });

  it('are holes where nothing was known, and sums of what was', () => {
    const disk = (id: string, value: number | undefined) =>
      row([id], value === undefined ? {} : { read_bytes_per_second: value });
    const past: readonly [number | undefined, number | undefined][] = [
      [undefined, undefined],
      [1, undefined],
      [undefined, 2],
      [3, 4],
    ];
    const { frame } = sceneOf((at) => ({ disk: [disk('a', past[at]?.[0]), disk('b', past[at]?.[1])] }), {
      samples: past.length,
    });
    const rowsNow = frame.readings.get('disk')?.rows ?? [];
    expect(totalPast(frame, 'disk', rowsNow, 'read_bytes_per_second', 5)).toEqual([NaN, NaN, 1, 2, 7]);
  });
});

describe('rows there are too many of', () => {
  const disks = (count: number): Readings => ({
    disk: Array.from({ length: count }, (_, index) => row([`d${index}`], { busy_percent: index })),
  });

  it('begin with the busiest, and say which are shown', () => {
    const text = drawn('disk', still(disks(9), { view: { scrolled: { disk: 2 } } }), 60, 4);
    expect(text).toContain('3-5 of 9');
    expect(text.match(/^d\d/gm)).toEqual(['d6', 'd5', 'd4']);
  });

  it('cannot be scrolled past their end', () => {
    const text = drawn('disk', still(disks(9), { view: { scrolled: { disk: 99 } } }), 60, 4);
    expect(text.match(/^d\d/gm)).toEqual(['d2', 'd1', 'd0']);
  });

  it('keep their places where all have room', () => {
    expect(drawn('disk', still(disks(3)), 60, 4).match(/^d\d/gm)).toEqual(['d0', 'd1', 'd2']);
  });
});

describe('the alert lines', () => {
  const alerts = Array.from({ length: 9 }, (_, index) =>
    alertOf(`cpu.f${index}`, index < 2 ? 'critical' : 'warning'),
  );

  const said = (scene: Scene, width: number, height: number): readonly string[] => {
    const grid = createGrid(width, rowsOfAlerts(scene, height));
    drawAlerts(wholeOf(grid), scene);
    return toText(grid).trimEnd().split('\n');
  };

  it('say how bad, since when, what, and how many more', () => {
    expect(said(still({}, { alerts }), 60, 24)).toEqual([
      '!! CRITICAL for 1m30s: cpu.f0 is bad',
      '!! CRITICAL for 1m30s: cpu.f1 is bad                 +7 more',
    ]);
  });

  it('are none where nothing is wrong, and never many', () => {
    expect(rowsOfAlerts(still({}), 60)).toBe(0);
    expect(rowsOfAlerts(still({}, { alerts }), 15)).toBe(1);
    expect(rowsOfAlerts(still({}, { alerts }), 1000)).toBe(5);
  });

  it('cannot act on the terminal', () => {
    const alert = { ...alertOf('cpu.x', 'warning'), text: '\x1b[2J' };
    expect(said(still({}, { alerts: [alert] }), 60, 24)[0]).toContain('\\x1b[2J');
  });
});

describe('the header', () => {
  const origin = (logAge: number | undefined): Origin => ({ kind: 'live', logAge });

  it('tells the state of the log', () => {
    expect(header({ origin: origin(3) }, 60)).toContain('log 3s ago');
    expect(header({ origin: origin(300) }, 60)).toContain('! last log 5m ago');
    expect(header({ origin: origin(undefined) }, 60)).toContain('no log');
    expect(header({ origin: { kind: 'pipe', ended: true, silence: 0 } }, 60)).toContain('! input ended');
    expect(header({ origin: { kind: 'pipe', ended: false, silence: 100 } }, 60)).toContain(
      '! silent for 1m40s',
    );
  });

  it('tells the past from the present', () => {
    const replay = {
      kind: 'replay',
      playing: true,
      speed: 10,
      gap: { seconds: 7200, reason: 'suspended' },
    } as const;
    const text = header({ origin: replay }, 100);
    expect(text).toContain(' PLAYING 10X ');
    expect(text).toContain('2026-11-24 13:00:05');
    expect(text).toContain('! 2h gap: suspended');
    const unknown = { ...replay, gap: { seconds: 30, reason: '' } };
    expect(header({ origin: unknown }, 100)).toMatch(/! 30s gap {2}/);
  });

  it('says PAUSED at every width', () => {
    for (const width of [40, 60, 200]) expect(header({ view: { paused: true } }, width)).toContain('PAUSED');
  });

  it('marks the load that an alert is about', () => {
    const machine: Machine = () => ({ load: [row([], { load1: 1, load5: 2, load15: 3 })] });
    const alerts = [alertOf('load.load15_per_core', 'warning'), alertOf('load.load1', 'critical')];
    expect(header({ alerts }, 80, machine)).toContain('load 1.00!! 2.00 3.00!');
  });

  it('names the limits of a container', () => {
    const machine: Machine = () => ({
      cpu: [row([], { cores: 8, limit_cores: 1.5 }, { limited_by: '/docker/x' })],
      memory: [row([], { total_bytes: 1024 ** 3 }, { limited_by: '/docker/x' })],
    });
    expect(header({}, 120, machine)).toContain('limit 1.5 CPU, 1.0G (/docker/x)');
  });

  it('leaves out the least important where there is no room', () => {
    const machine: Machine = () => ({
      cpu: [row([], { cores: 4 })],
      load: [row([], { load1: 1, load5: 2, load15: 3 })],
      system: [row([], { uptime_seconds: 90_061 })],
      uname: [row([], {}, { sysname: 'Linux', release: '6.1' })],
      processes: [row([], { total: 5, running: 1 })],
    });
    expect(header({}, 40, machine)).toBe('web-1  up 1d1h      log 3s ago  13:00:05');
    expect(header({}, 52, machine)).toContain('load 1.00 2.00 3.00');
    expect(header({}, 200, machine)).toMatch(
      /^web-1 {2}load 1\.00 2\.00 3\.00 {2}up 1d1h {2}4 cores {2}5 tasks, 1 running {2}Linux 6\.1 .* sysmon - 62M {2}log 3s ago {2}13:00:05$/,
    );
  });
});

describe('pieces', () => {
  const pieces = [{ text: 'one' }, { text: ' two ', label: true }, { text: 'three' }] as const;
  const said = (width: number): string =>
    piecesThatFit(pieces, width)
      .map(({ text }) => text)
      .join('');

  it('are left out as a whole, labels with what they are of', () => {
    expect(said(13)).toBe('one two three');
    expect(said(12)).toBe('one');
    expect(said(1)).toBe('one');
  });
});

describe('short durations', () => {
  it('have two units', () => {
    expect([0, 59.9, 90, 700, 7300, 90_061, 1e7].map(shortDuration)).toEqual([
      '0s',
      '59s',
      '1m30s',
      '11m',
      '2h1m',
      '1d1h',
      '115d17h',
    ]);
  });
});

it('processes have their arguments where they are wanted and known', () => {
  const secret = row(['7'], { memory_bytes: 9 }, { name: 'node', args: 'node -t x\x1b[2J' });
  const plain = row(['8'], { memory_bytes: 8 }, { name: 'init' });
  const { frame, view, glyphs } = still({ top: [secret, plain] });
  const list = (args: boolean): string =>
    drawn('processes', { frame, glyphs, view: { ...view, args } }, 60, 4);
  expect(list(false)).toMatch(/ node\n[\s\S]* init\n/);
  expect(list(true)).toMatch(/ node -t x\\x1b\[2J\n[\s\S]* init\n/);
});
