/** Output is collected into pieces of some size: one write a line would cost more than finding it. */

export interface Collector {
  /**
   * The bytes from `start` to `end`. They are copied when `settle` is called, or something that does not follow them in the
   * same buffer is added: runs of lines go in one copy.
   */
  readonly bytes: (buffer: Buffer, start: number, end: number) => void;
  /** Text in which each character is a byte. */
  readonly latin1: (text: string) => void;
  /** Takes in what was added: the buffers may be written over after it. */
  readonly settle: () => void;
  /** Settles, and gives away all that has not gone yet. */
  readonly flush: () => void;
  /** How many bytes were added so far, those not yet given away included. */
  readonly written: () => number;
}

const PIECE_BYTES = 128 * 1024;

/** `give` may keep what it gets. */
export const openCollector = (give: (piece: Uint8Array) => void): Collector => {
  let piece: Buffer | undefined;
  let used = 0;
  let given = 0;
  let run: Buffer | undefined;
  let runStart = 0;
  let runEnd = 0;

  const giveAway = (): void => {
    if (piece === undefined || used === 0) return;
    given += used;
    give(piece.subarray(0, used));
    piece = undefined;
    used = 0;
  };
  /** A place for so many bytes, in a piece of their own where they are many. */
  const place = (bytes: number): Buffer => {
    if (piece !== undefined && used + bytes > piece.length) giveAway();
    piece ??= Buffer.allocUnsafeSlow(Math.max(bytes, PIECE_BYTES));
    return piece;
  };
  const settle = (): void => {
    if (run === undefined) return;
    const from = run;
    run = undefined;
    for (let at = runStart; at < runEnd; ) {
      const room = place(1).length - used;
      const end = Math.min(runEnd, at + room);
      from.copy(place(1), used, at, end);
      used += end - at;
      at = end;
    }
  };
  return {
    bytes: (buffer, start, end) => {
      if (run === buffer && runEnd === start) {
        runEnd = end;
        return;
      }
      settle();
      run = buffer;
      runStart = start;
      runEnd = end;
    },
    latin1: (text) => {
      if (run !== undefined) settle();
      place(text.length).write(text, used, 'latin1');
      used += text.length;
    },
    settle,
    flush: () => {
      settle();
      giveAway();
    },
    written: () => given + used + (run === undefined ? 0 : runEnd - runStart),
  };
};
