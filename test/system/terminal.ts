/** A command in a real pseudo terminal, whose other end is a terminal emulator. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { type Emulator, openEmulator, screenText } from '../screen/emulator.js';

const PROGRAM = new URL('programs/terminal.py', import.meta.url).pathname;

export interface PtyOptions {
  readonly size?: readonly [number, number];
  /** Whether the command leads the session, as in a window of its own; else it is the job of one that outlives it. */
  readonly leads?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Pty {
  readonly emulator: Emulator;
  /** Process number of the command. */
  readonly pid: number;
  /** Bytes that came, and all of them as text; when the text `CPU` first did, ms after the start. */
  readonly received: () => number;
  readonly output: () => string;
  readonly firstAfter: () => number | undefined;
  readonly type: (keys: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  /** Bytes a second that the terminal takes; null for all it can. */
  readonly slow: (rate: number | null) => void;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly hangUp: () => void;
  /** What stty shows, before the command began and now. */
  readonly before: unknown;
  readonly termios: () => Promise<unknown>;
  /** Exit code, or minus the signal. */
  readonly ended: Promise<number>;
  /** Text of the screen, once nothing more has come for a while. */
  readonly settled: () => Promise<string>;
  /** Waits for a text on the screen. */
  readonly shows: (text: RegExp) => Promise<string>;
  /** Waits until the screen does so. */
  readonly until: (met: () => boolean) => Promise<void>;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for what a test needs; the time is one that says that it never comes. */
export const waitUntil = async (met: () => boolean, what: () => string): Promise<void> => {
  for (let tries = 0; tries < 600; tries++) {
    if (met()) return;
    await pause(50);
  }
  throw new Error(`waited in vain: ${what()}`);
};

export const openPty = async (command: readonly string[], options: PtyOptions = {}): Promise<Pty> => {
  const { size = [80, 24], leads = false, env = {} } = options;
  const emulator = openEmulator(...size);
  const driver = spawn('python3', [PROGRAM, ...size.map(String), leads ? 'leader' : 'job', ...command], {
    env: {
      ...process.env,
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      SYSMON_LOG: '/dev/null/sysmon.log',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ask = (wish: object): void => {
    if (driver.stdin.writable) driver.stdin.write(`${JSON.stringify(wish)}\n`);
  };
  driver.stdin.on('error', () => {});
  onTestFinished(async () => {
    driver.stdin.end();
    if (driver.exitCode === null) await once(driver, 'close');
  });
  emulator.terminal.onData((answer) => ask({ type: answer }));

  const said: Record<string, unknown> = {};
  const waiting = new Map<string, (value: unknown) => void>();
  let received = 0;
  let output = '';
  let first: number | undefined;
  let came = Date.now();
  const decoder = new TextDecoder();
  let ended = (_: number): void => {};
  const end = new Promise<number>((resolve) => {
    ended = resolve;
  });
  createInterface({ input: driver.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as Record<string, unknown>;
    if (typeof message['out'] === 'string') {
      const bytes = Buffer.from(message['out'], 'base64');
      received += bytes.length;
      output += decoder.decode(bytes, { stream: true });
      if (output.includes('CPU')) first ??= (message['after'] as number) * 1000;
      came = Date.now();
      emulator.terminal.write(bytes);
    }
    if (typeof message['exit'] === 'number') ended(message['exit']);
    for (const [name, value] of Object.entries(message)) {
      said[name] = value;
      waiting.get(name)?.(value);
      waiting.delete(name);
    }
  });
  const answer = (name: string): Promise<unknown> =>
    new Promise((resolve) => {
      waiting.set(name, resolve);
    });
  const screen = (): string => screenText(emulator);
  await waitUntil(
    () => typeof said['pid'] === 'number',
    () => 'no process',
  );

  return {
    emulator,
    pid: said['pid'] as number,
    received: () => received,
    output: () => output,
    firstAfter: () => first,
    type: (keys) => ask({ type: keys }),
    resize: (columns, rows) => {
      emulator.terminal.resize(columns, rows);
      ask({ resize: [columns, rows] });
    },
    slow: (rate) => ask({ rate }),
    signal: (name) => ask({ signal: constants.signals[name] }),
    hangUp: () => ask({ hang_up: true }),
    before: said['before'],
    termios: () => {
      const answered = answer('termios');
      ask({ termios: true });
      return answered;
    },
    ended: end,
    settled: async () => {
      came = Date.now();
      await waitUntil(
        () => Date.now() - came > 700,
        () => 'it never falls silent',
      );
      await emulator.send('');
      return screen();
    },
    shows: async (text) => {
      await waitUntil(
        () => text.test(screen()),
        () => `${text} on\n${screen()}`,
      );
      return screen();
    },
    until: (met) => waitUntil(met, screen),
  };
};

/** Cells with their looks, so that two screens can be compared whole. */
export const cellsOf = ({ terminal }: Emulator): readonly string[] => {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, y) => {
    const line = active.getLine(active.baseY + y);
    return Array.from({ length: terminal.cols }, (_, x) => {
      const cell = line?.getCell(x);
      const chars = cell?.getChars() || ' ';
      const look = [cell?.getFgColor(), cell?.getBgColor(), cell?.isBold(), cell?.isDim(), cell?.isInverse()];
      return `${chars}${chars === ' ' ? cell?.getBgColor() : look.join()}`;
    }).join(' ');
  });
};

/** Whether a terminal is as a shell wants it: the usual screen, a cursor, and lines that wrap. */
export const isRestored = ({ terminal }: Emulator): boolean => {
  const core = (terminal as unknown as { _core: { coreService: { isCursorHidden: boolean } } })._core;
  return (
    terminal.buffer.active.type === 'normal' &&
    !core.coreService.isCursorHidden &&
    terminal.modes.wraparoundMode
  );
};
