import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/core/clock.js';
import { createGrid, type Grid, put, wholeOf } from '../../src/screen/cells.js';
import { chordOf } from '../../src/screen/keys.js';
import { openPen } from '../../src/screen/sgr.js';
import { STYLE } from '../../src/screen/style.js';
import { openTerminal, type Terminal } from '../../src/screen/terminal.js';
import type { Tty } from '../../src/screen/tty.js';
import { type EmulatedTty, openEmulatedTty } from './emulated-tty.js';
import { differences, screenText } from './emulator.js';

const WIDTH = 30;
const HEIGHT = 5;
const SHELL = '$ sysmon watch\r\nnot ours\r\n';

/** Time that stands still until a test lets it go on. */
const openClock = () => {
  const sleepers = new Set<() => void>();
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    sleep: (_, signal) =>
      new Promise((resolve) => {
        sleepers.add(resolve);
        signal?.addEventListener('abort', () => {
          sleepers.delete(resolve);
          resolve();
        });
      }),
  };
  return {
    clock,
    sleepers,
    pass: async () => {
      for (const wake of sleepers) wake();
      sleepers.clear();
      await new Promise(setImmediate);
    },
  };
};

interface Session extends EmulatedTty {
  readonly terminal: Terminal;
  readonly events: string[];
  readonly time: ReturnType<typeof openClock>;
  /** What was shown last, or would have been. */
  readonly show: (text: string) => boolean;
  readonly shown: () => Grid;
}

/** A shell's screen with a session opened on it. */
const openSession = async (): Promise<Session> => {
  const emulated = openEmulatedTty(WIDTH, HEIGHT);
  await emulated.emulator.send(SHELL);
  const time = openClock();
  const events: string[] = [];
  const terminal = openTerminal(emulated.tty, openPen(16), time.clock, {
    onInput: (input) => events.push(input.kind === 'key' ? chordOf(input) : input.text),
    onRedraw: () => events.push('REDRAW'),
    onRoom: () => events.push('ROOM'),
    onGone: () => events.push('GONE'),
  });
  await emulated.settled();
  let grid = createGrid(WIDTH, HEIGHT);
  return {
    ...emulated,
    terminal,
    events,
    time,
    show: (text) => {
      const { width, height } = terminal.size();
      grid = createGrid(width, height);
      put(wholeOf(grid), 1, 1, text, STYLE.warning);
      put(wholeOf(grid), 0, height - 1, text);
      return terminal.show(grid);
    },
    shown: () => grid,
  };
};

/** The emulator keeps this from its interface. */
const isCursorHidden = ({ emulator }: EmulatedTty): boolean =>
  (emulator.terminal as unknown as { _core: { coreService: { isCursorHidden: boolean } } })._core.coreService
    .isCursorHidden;

const expectShell = async (session: Session): Promise<void> => {
  await session.settled();
  const { terminal } = session.emulator;
  expect(screenText(session.emulator).trimEnd()).toBe(SHELL.trimEnd().replaceAll('\r', ''));
  expect(terminal.buffer.active.type).toBe('normal');
  expect([terminal.buffer.active.cursorX, terminal.buffer.active.cursorY]).toEqual([0, 2]);
  expect(terminal.modes.wraparoundMode).toBe(true);
  expect(isCursorHidden(session)).toBe(false);
  expect(session.isRaw()).toBe(false);
  // Nothing is left over that would swallow or colour what the shell prints next.
  await session.emulator.send('x');
  expect(screenText(session.emulator)).toContain('\nx\n');
  expect(
    terminal.buffer.active
      .getLine(terminal.buffer.active.baseY + 2)
      ?.getCell(0)
      ?.isAttributeDefault(),
  ).toBe(true);
};

describe('a session', () => {
  it('begins on a screen of its own', async () => {
    const session = await openSession();
    expect(session.isRaw()).toBe(true);
    expect(session.emulator.terminal.buffer.active.type).toBe('alternate');
    expect(session.emulator.terminal.modes.wraparoundMode).toBe(false);
    expect(isCursorHidden(session)).toBe(true);
    expect(session.show('数 load')).toBe(true);
    await session.settled();
    expect(differences(session.emulator, session.shown())).toEqual([]);
  });

  it('writes once a frame, and nothing for the same frame', async () => {
    const session = await openSession();
    const before = session.written.length;
    session.show('one');
    await session.settled();
    session.show('two');
    await session.settled();
    expect(session.written.length).toBe(before + 2);
    expect(session.show('two')).toBe(true);
    expect(session.written.length).toBe(before + 2);
  });

  it('shows frames at once where the terminal answers that it can', async () => {
    const session = await openSession();
    session.type('\u001b[?2026;2$y');
    session.show('one');
    expect(session.written.at(-1)).toMatch(/^\u001b\[\?2026h.*\u001b\[\?2026l\u001b\[\?2026\$p$/s);
    await session.settled();
    session.type('\u001b[?2026;0$y');
    session.show('two');
    expect(session.written.at(-1)).not.toContain('2026h');
    expect(session.events).toEqual([]);
  });

  it('tells keys, and Escape only after a while', async () => {
    const session = await openSession();
    session.type('q\u001b[');
    session.type('A\u001b');
    expect(session.events).toEqual(['q', 'up']);
    await session.time.pass();
    expect(session.events).toEqual(['q', 'up', 'escape']);
    session.type('\u001b');
    session.terminal.close();
    expect(session.time.sleepers.size).toBe(0);
  });

  it('draws anew at another size', async () => {
    const session = await openSession();
    session.show('one');
    await session.settled();
    session.resize(12, 3);
    expect(session.events).toEqual(['REDRAW']);
    session.show('other');
    await session.settled();
    expect(differences(session.emulator, session.shown())).toEqual([]);
    session.terminal.forget();
    session.show('other');
    expect(session.written.at(-1)).toContain('\u001b[2J');
  });
});

describe('a slow terminal', () => {
  it('gets no frame while it has not taken the one before, and then the newest', async () => {
    const session = await openSession();
    session.block(5);
    expect(session.show('one')).toBe(true);
    const written = session.written.length;
    for (let i = 0; i < 100; i++) expect(session.show(`dropped ${i}`)).toBe(false);
    expect(session.written.length).toBe(written);
    session.release();
    await session.settled();
    expect(session.events).toEqual(['ROOM']);
    expect(session.show('newest')).toBe(true);
    await session.settled();
    expect(differences(session.emulator, session.shown())).toEqual([]);
    expect(session.events).toEqual(['ROOM']);
  });
});

describe('a line that takes frames long before they are shown', () => {
  /** The system takes all at once; what the terminal answers is up to the test. */
  const openFar = () => {
    const written: string[] = [];
    const events: string[] = [];
    let now = 0;
    let type: (bytes: Uint8Array) => void = () => {};
    const tty: Tty = {
      write: (text, taken) => {
        written.push(text);
        queueMicrotask(taken);
      },
      writeNow: (text) => written.push(text),
      onInput: (callback) => {
        type = callback;
        return () => {};
      },
      setRaw: () => {},
      size: () => ({ width: WIDTH, height: HEIGHT }),
      onResize: () => () => {},
      gone: new AbortController().signal,
    };
    const terminal = openTerminal(
      tty,
      openPen(16),
      { ...openClock().clock, monotonic: () => now },
      {
        onInput: () => {},
        onRedraw: () => {},
        onRoom: () => events.push('ROOM'),
        onGone: () => {},
      },
    );
    return {
      written,
      events,
      answer: () => type(Buffer.from('\u001b[?2026;2$y')),
      pass: (seconds: number) => {
        now += seconds;
      },
      show: async (text: string) => {
        const grid = createGrid(WIDTH, HEIGHT);
        put(wholeOf(grid), 0, 0, text);
        const shown = terminal.show(grid);
        await Promise.resolve();
        return shown;
      },
    };
  };

  it('gets the next frame when it has answered for the one before', async () => {
    const { show, answer, events } = openFar();
    await Promise.resolve();
    answer();
    expect(await show('one')).toBe(true);
    expect(await show('two')).toBe(false);
    expect(events).toEqual([]);
    answer();
    expect(events).toEqual(['ROOM']);
    expect(await show('three')).toBe(true);
  });

  it('is not waited for for ever', async () => {
    const { show, answer, pass, written } = openFar();
    await Promise.resolve();
    answer();
    await show('one');
    pass(10);
    expect(await show('two')).toBe(false);
    pass(10);
    expect(await show('three')).toBe(true);
    expect(written.at(-1)).not.toContain('$p');
    expect(await show('four')).toBe(true);
  });

  it('that never answers is not asked', async () => {
    const { show, written } = openFar();
    await Promise.resolve();
    expect(await show('one')).toBe(true);
    expect(written.at(-1)).not.toContain('$p');
    expect(await show('two')).toBe(true);
  });
});

describe('every way out', () => {
  it('puts all back, once', async () => {
    const session = await openSession();
    session.show('one');
    session.terminal.close();
    const written = session.written.length;
    session.terminal.close();
    session.terminal.suspend();
    session.terminal.resume();
    session.die();
    expect(session.show('late')).toBe(false);
    session.type('q');
    session.resize(WIDTH, HEIGHT);
    expect(session.written.length).toBe(written);
    expect(session.events).toEqual([]);
    await expectShell(session);
  });

  it('puts all back wherever a frame broke off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 120 }), fc.boolean(), async (part, synchronised) => {
        const session = await openSession();
        session.type(`\u001b[?2026;${synchronised ? 2 : 0}$y`);
        session.block(part);
        session.show('数 a long line of text 数据');
        session.terminal.close();
        await expectShell(session);
      }),
      { numRuns: 60 },
    );
  });

  it('stops and comes back', async () => {
    const session = await openSession();
    session.show('one');
    session.terminal.suspend();
    session.terminal.suspend();
    expect(session.show('not shown')).toBe(false);
    await session.settled();
    expect(session.emulator.terminal.buffer.active.type).toBe('normal');
    expect(session.isRaw()).toBe(false);
    session.terminal.resume();
    await session.settled();
    expect(session.events).toEqual(['REDRAW']);
    expect(session.isRaw()).toBe(true);
    session.show('two');
    await session.settled();
    expect(differences(session.emulator, session.shown())).toEqual([]);
    session.terminal.close();
    await expectShell(session);
  });

  it('comes back from a stop that it was not told of', async () => {
    const session = await openSession();
    session.show('one');
    await session.emulator.send('\u001b[?1049l\u001b[?25h\u001b[?7h');
    session.terminal.resume();
    await session.settled();
    session.show('one');
    await session.settled();
    expect(differences(session.emulator, session.shown())).toEqual([]);
    session.terminal.close();
    await expectShell(session);
  });

  it('ends with the terminal, and puts back what still can be', async () => {
    const session = await openSession();
    session.show('one');
    await session.settled();
    session.die();
    expect(session.events).toEqual(['GONE']);
    expect(session.show('late')).toBe(false);
    session.terminal.close();
    await expectShell(session);
    expect(session.events).toEqual(['GONE']);
  });
});
