import { describe, expect, test } from 'vitest';
import { row } from '../../src/core/sample.js';
import type { Frame, Origin } from '../../src/screen/frame.js';
import { openDecoder } from '../../src/screen/keys.js';
import type { Panel } from '../../src/screen/panel.js';
import { listProcesses } from '../../src/screen/process-list.js';
import { openTrail } from '../../src/screen/trail.js';
import { type Action, type Surroundings, update } from '../../src/screen/update.js';
import { FIRST_VIEW, type View } from '../../src/screen/view.js';

const process = (pid: number, name: string, cpu: number | undefined, memory: number, user = 'root') =>
  row(
    [String(pid)],
    { ...(cpu === undefined ? {} : { cpu_percent: cpu }), memory_bytes: memory, cpu_seconds: 1000 - pid },
    { name, user },
  );

const PROCESSES = [
  process(1, 'init', 0, 100),
  process(20, 'Postgres', 80, 5000, 'postgres'),
  process(3, 'nginx', undefined, 900, 'www'),
  process(100, 'bash', 3, 200),
];

const LIVE: Origin = { kind: 'live', logAge: undefined };
const PAST: Origin = {
  kind: 'replay',
  playing: false,
  speed: 1,
  gap: undefined,
};

const frameOf = (origin: Origin): Frame => ({
  sample: undefined,
  readings: new Map([['top', { rows: PROCESSES, age: 0 }]]),
  trail: openTrail([]),
  alerts: [],
  origin,
  now: 0,
  utcOffset: 0,
  own: { cpuPercent: undefined, memoryBytes: 0 },
  interval: 1,
});

const panels: readonly Panel[] = ['cpu', 'disk', 'processes'].map((name) => ({
  name,
  title: name,
  groups: [],
  wish: () => undefined,
  draw: () => {},
  ...(name === 'cpu' ? {} : { lines: () => 30 }),
}));

/** The view, and the last action, after these bytes from the keyboard. */
const typed = (
  bytes: string,
  start: View = FIRST_VIEW,
  origin: Origin = LIVE,
): { view: View; action?: Action } => {
  const decoder = openDecoder();
  const inputs = [...decoder.feed(Buffer.from(bytes)), ...decoder.flush()];
  let view = start;
  let action: Action | undefined;
  for (const input of inputs) {
    const around: Surroundings = {
      scene: { frame: frameOf(origin), view, glyphs: 'braille' },
      panels,
      rowsOf: () => 10,
    };
    const next = update(view, input, around);
    view = next.view;
    action = next.action;
  }
  return { view, ...(action === undefined ? {} : { action }) };
};

const names = (view: View): (string | undefined)[] =>
  listProcesses(frameOf(LIVE), view).map(({ texts }) => texts['name']);

describe('keys that everybody has in their fingers', () => {
  test.each([
    ['q', { do: 'quit' }],
    ['\x03', { do: 'interrupt' }],
    ['\x1b[21~', { do: 'quit' }],
    ['\x0c', { do: 'redraw' }],
    ['\x1a', { do: 'suspend' }],
    ['+', { do: 'interval', by: 1 }],
    ['-', { do: 'interval', by: -1 }],
    ['\x1b[D', { do: 'step', by: -1 }],
    ['[', { do: 'jump', seconds: -60 }],
    ['A', { do: 'alert', by: -1 }],
  ] as const)('%j', (bytes, action) => {
    expect(typed(bytes).action).toEqual(action);
  });

  test.each([
    ['\x1b[C', { do: 'step', by: 1 }],
    [']', { do: 'jump', seconds: 60 }],
    ['}', { do: 'jump', seconds: 3600 }],
    ['a', { do: 'alert', by: 1 }],
    [' ', { do: 'play' }],
    ['+', { do: 'speed', by: 1 }],
    ['l', { do: 'live' }],
    ['\x1b', { do: 'leave' }],
  ] as const)('%j in the past', (bytes, action) => {
    expect(typed(bytes, FIRST_VIEW, PAST).action).toEqual(action);
  });

  test('there is nothing to the right of now', () => {
    expect(typed('\x1b[C').action).toBeUndefined();
  });

  test.each(['?', 'h', '\x1bOP'])('%j helps, and any key goes back', (bytes) => {
    expect(typed(bytes).view.help).toBe(0);
    expect(typed(`${bytes} `).view.help).toBe(1);
    expect(typed(`${bytes}x`).view.help).toBeUndefined();
    expect(typed(`${bytes}q`)).toMatchObject({ view: { help: undefined } });
    expect(typed(`${bytes}q`).action).toBeUndefined();
    expect(typed(`${bytes}\x03`).action).toEqual({ do: 'interrupt' });
  });

  test('p and space pause', () => {
    expect(typed('p').view.paused).toBe(true);
    expect(typed('p ').view.paused).toBe(false);
  });
});

test('Esc takes the filter and the freeze before it leaves the past', () => {
  const { view, action } = typed('\x1b', { ...FIRST_VIEW, filter: 'x', frozen: ['1'] }, PAST);
  expect(action).toBeUndefined();
  expect(view).toMatchObject({ filter: '', frozen: undefined });
});

test.each(['\x1b[D', '[', '{', 'g', 'A'])(
  '%j leads nowhere from a pipe: the log here is another machine’s',
  (key) => {
    const { view, action } = typed(key, FIRST_VIEW, { kind: 'pipe', ended: false, silence: 0 });
    expect(action).toBeUndefined();
    expect(view.prompt).toBeUndefined();
    expect(view.notice).toContain('no past');
  },
);

describe('moving', () => {
  test('arrows and letters scroll the panel in focus, no further than its lines', () => {
    const scrolled = (bytes: string): number | undefined => typed(bytes).view.scrolled['processes'];
    expect(scrolled('\x1b[Bj')).toBe(2);
    expect(scrolled('jjk\x1b[A\x1b[A')).toBe(0);
    expect(scrolled('\x1b[6~')).toBe(9);
    expect(scrolled('\x1b[6~\x1b[6~\x1b[6~')).toBe(20);
    expect(scrolled('\x1b[F')).toBe(20);
    expect(scrolled('\x1b[F\x1b[H')).toBe(0);
  });

  test('Tab goes round', () => {
    expect(typed('\t').view.focus).toBe('cpu');
    expect(typed('\t\t\t').view.focus).toBe('processes');
    expect(typed('\x1b[Z').view.focus).toBe('disk');
    expect(typed('\tj').view.scrolled).toEqual({});
  });
});

describe('processes', () => {
  test('are sorted, what is not known last', () => {
    expect(names(typed('P').view)).toEqual(['Postgres', 'bash', 'init', 'nginx']);
    expect(names(typed('M').view)).toEqual(['Postgres', 'nginx', 'bash', 'init']);
    expect(names(typed('T').view)).toEqual(['init', 'nginx', 'Postgres', 'bash']);
    expect(names(typed('N').view)).toEqual(['init', 'nginx', 'Postgres', 'bash']);
    expect(names(typed('n').view)).toEqual(['bash', 'init', 'nginx', 'Postgres']);
  });

  test('are filtered as one types, by name, user or pid', () => {
    expect(names(typed('/po').view)).toEqual(['Postgres']);
    expect(names(typed('/www').view)).toEqual(['nginx']);
    expect(names(typed('/0').view)).toEqual(['Postgres', 'bash']);
    expect(names(typed('/po\x7f\x7f').view)).toHaveLength(4);
    expect(typed('/po\r').view).toMatchObject({ filter: 'po', prompt: undefined });
    expect(typed('/po\x1b').view).toMatchObject({ filter: '', prompt: undefined });
    // A key that would do something else is a letter here.
    expect(typed('/q').action).toBeUndefined();
    expect(typed('/a\x03').action).toEqual({ do: 'interrupt' });
  });

  test('what is pasted into the filter is harmless and no key', () => {
    const { view, action } = typed('/\x1b[200~q\x07\nx\x1b[201~');
    expect(action).toBeUndefined();
    expect(view.prompt?.text).toBe('q\\x07\\nx');
    expect(typed('\x1b[200~q\x1b[201~').action).toBeUndefined();
  });

  test('show their arguments and hide them again', () => {
    expect(typed('c').view.args).toBe(true);
    expect(typed('cc').view.args).toBe(false);
  });

  test('keep their places when frozen', () => {
    const { view } = typed('Mf');
    expect(names({ ...view, sort: 'name' })).toEqual(['Postgres', 'nginx', 'bash', 'init']);
    expect(typed('MfP').view.frozen).toBeUndefined();
    expect(typed('Mff').view.frozen).toBeUndefined();
  });
});

test('a time to go to is typed, and what was said goes at the next key', () => {
  expect(typed('g2026-11-20T14:00Z\r').action).toEqual({ do: 'go', to: Date.UTC(2026, 10, 20, 14) });
  expect(typed('g\r')).toMatchObject({ view: { prompt: undefined } });
  expect(typed('gsoon\r').action).toBeUndefined();
  expect(typed('gsoon\r').view.prompt).toMatchObject({ text: 'soon', error: 'this is no time' });
  expect(typed('gsoon\r\x7f').view.prompt?.error).toBeUndefined();
  expect(typed('1', { ...FIRST_VIEW, notice: 'the log ends here' }).view).toMatchObject({
    notice: undefined,
    cores: true,
  });
});
