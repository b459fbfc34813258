/** A Tty whose other end is a terminal emulator, as slow as a test wants. */

import type { Tty } from '../../src/screen/tty.js';
import { type Emulator, openEmulator } from './emulator.js';

export interface EmulatedTty {
  readonly tty: Tty;
  readonly emulator: Emulator;
  /** What was written, in its order. */
  readonly written: string[];
  readonly isRaw: () => boolean;
  /** Whether the terminal takes what is written; while not, it takes `part` characters of the next frame and waits. */
  readonly block: (part: number) => void;
  /** It takes the rest. */
  readonly release: () => void;
  readonly type: (text: string) => void;
  readonly resize: (width: number, height: number) => void;
  readonly die: () => void;
  /** Resolves when the emulator has seen all that it was sent, and its answers have been read. */
  readonly settled: () => Promise<void>;
}

export const openEmulatedTty = (width: number, height: number): EmulatedTty => {
  const emulator = openEmulator(width, height);
  const { terminal } = emulator;
  const gone = new AbortController();
  const inputs = new Set<(bytes: Uint8Array) => void>();
  const resizes = new Set<() => void>();
  const written: string[] = [];
  let raw = false;
  let part: number | undefined;
  let rest: { text: string; taken: () => void } | undefined;
  const type = (text: string): void => {
    for (const input of inputs) input(Buffer.from(text));
  };
  terminal.onData(type);
  const subscribe = <T>(set: Set<T>, one: T) => {
    set.add(one);
    return () => void set.delete(one);
  };
  return {
    tty: {
      write: (text, taken) => {
        written.push(text);
        if (gone.signal.aborted) return;
        if (part === undefined) terminal.write(text, taken);
        else {
          terminal.write(text.slice(0, part));
          rest = { text: text.slice(part), taken };
        }
      },
      writeNow: (text) => {
        written.push(text);
        rest = undefined;
        terminal.write(text);
      },
      onInput: (callback) => subscribe(inputs, callback),
      setRaw: (on) => {
        raw = on;
      },
      size: () => ({ width: terminal.cols, height: terminal.rows }),
      onResize: (callback) => subscribe(resizes, callback),
      gone: gone.signal,
    },
    emulator,
    written,
    isRaw: () => raw,
    block: (count) => {
      part = count;
    },
    release: () => {
      part = undefined;
      const { text, taken } = rest ?? {};
      rest = undefined;
      if (text !== undefined) terminal.write(text, taken);
    },
    type,
    resize: (columns, rows) => {
      terminal.resize(columns, rows);
      for (const resized of [...resizes]) resized();
    },
    die: () => gone.abort(),
    settled: async () => {
      for (let i = 0; i < 3; i++) await emulator.send('');
    },
  };
};
