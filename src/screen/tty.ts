/** What the screen needs of a terminal; world.ts has the real one, tests an emulated one. */

export interface Size {
  /** Cells. */
  readonly width: number;
  readonly height: number;
}

/**
 * A terminal to draw on and to read keys from. Keys need not come from standard input: where that is a pipe, they are
 * read from /dev/tty; where there is nothing to read them from, none ever come.
 */
export interface Tty {
  /**
   * Sends text as one write, after what was written before, and does not wait for it: `taken` is called once the terminal has
   * all of it, and never when it is gone. The screen sends the next frame only then, so that one at most is under way. A
   * terminal that takes nothing must not block the process: its descriptor does not block, or is written to off the main
   * thread.
   */
  readonly write: (text: string, taken: () => void) => void;
  /**
   * Sends text before it returns, for a process that is about to stop or end. What is left of a frame under way may be
   * thrown away, its `taken` never called. A terminal that takes nothing is given up after a moment.
   */
  readonly writeNow: (text: string) => void;
  /** Calls back with what is typed, and reads until the function that it gives back is called. */
  readonly onInput: (callback: (bytes: Uint8Array) => void) => () => void;
  /**
   * Keys one by one, no echo, and no signals for Ctrl-C, Ctrl-Z, Ctrl-\ and Ctrl-S; false: exactly the settings that
   * were there before the last `true`. `true` applies even where another program has changed the settings since.
   */
  readonly setRaw: (on: boolean) => void;
  readonly size: () => Size;
  /** Calls back when the size has changed, until the function that it gives back is called. */
  readonly onResize: (callback: () => void) => () => void;
  /**
   * Aborted when the session is over: the input ended, or writing failed (EPIPE, EIO). What can still be put back then is: writeNow
   * and setRaw are called once more. On what has died they do nothing; nothing here ever throws for that.
   */
  readonly gone: AbortSignal;
}
