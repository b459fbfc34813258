/** The terminal that this process really has, as the screen needs it. Only the World opens it. */

import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { Tty } from './screen/tty.js';

/** The terminal that controls us, whatever standard input and output are. */
const TERMINAL = '/dev/tty';

/** How long a terminal that takes no more is left alone before it is tried again, ms. */
const AGAIN = 10;

/** How long a terminal that takes nothing is waited for at the end, ms. */
const PATIENCE = 2000;

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

const isFull = (error: unknown): boolean => codeOf(error) === 'EAGAIN' || codeOf(error) === 'EINTR';

const sleepNow = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

/**
 * A description of our own, so that not blocking is not everybody's (O_NONBLOCK belongs to whoever shares one). Where there is
 * no such file, as on Windows, standard output is written to, which waits.
 */
const openOutput = (): number => {
  try {
    return openSync(TERMINAL, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch {
    return 1;
  }
};

/** Keys from the controlling terminal, or from standard input where that is one; undefined where there are none to be had. */
const openInput = (process: NodeJS.Process): ReadStream | undefined => {
  try {
    return new ReadStream(openSync(TERMINAL, constants.O_RDONLY | constants.O_NOCTTY));
  } catch {
    return process.stdin.isTTY ? process.stdin : undefined;
  }
};

/** Opens the terminal; nothing of it is changed yet. `close` gives back what it holds. */
export const openRealTty = (process: NodeJS.Process): Tty & { readonly close: () => void } => {
  const gone = new AbortController();
  const output = openOutput();
  const input = openInput(process);
  let pending: NodeJS.Timeout | undefined;

  const die = (): void => {
    clearTimeout(pending);
    gone.abort();
  };

  /** As much as it takes; the rest, or undefined when it is gone. */
  const writeSome = (bytes: Buffer): Buffer | undefined => {
    try {
      return bytes.subarray(writeSync(output, bytes));
    } catch (error) {
      if (isFull(error)) return bytes;
      die();
      return undefined;
    }
  };

  const send = (bytes: Buffer, taken: () => void): void => {
    const rest = writeSome(bytes);
    if (rest === undefined) return;
    if (rest.length > 0) pending = setTimeout(send, AGAIN, rest, taken);
    // Never before write returns.
    else queueMicrotask(taken);
  };

  const onEnd = (): void => die();
  input?.on('end', onEnd).on('error', onEnd).on('close', onEnd);

  return {
    write: (text, taken) => {
      if (gone.signal.aborted) return;
      clearTimeout(pending);
      send(Buffer.from(text), taken);
    },
    writeNow: (text) => {
      clearTimeout(pending);
      let rest: Buffer | undefined = Buffer.from(text);
      for (let waited = 0; rest !== undefined && rest.length > 0 && !gone.signal.aborted; ) {
        rest = writeSome(rest);
        if (rest === undefined || rest.length === 0 || waited >= PATIENCE) break;
        sleepNow(AGAIN);
        waited += AGAIN;
      }
    },
    onInput: (callback) => {
      if (input === undefined) return () => {};
      input.on('data', callback);
      input.resume();
      return () => {
        input.off('data', callback);
        input.pause();
      };
    },
    setRaw: (on) => {
      if (input === undefined || input.destroyed) return;
      try {
        // libuv does nothing where it believes that it is raw already.
        input.setRawMode(false);
        if (on) input.setRawMode(true);
      } catch {
        // The terminal has died meanwhile.
      }
    },
    size: () => ({ width: process.stdout.columns || 80, height: process.stdout.rows || 24 }),
    onResize: (callback) => {
      process.stdout.on('resize', callback);
      return () => process.stdout.off('resize', callback);
    },
    gone: gone.signal,
    close: () => {
      clearTimeout(pending);
      if (input !== undefined) {
        input.off('end', onEnd).off('error', onEnd).off('close', onEnd);
        input.on('error', () => {});
        if (input === process.stdin) input.pause();
        else input.destroy();
      }
      if (output !== 1) closeSync(output);
    },
  };
};
