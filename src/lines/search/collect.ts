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
}

export const PIECE_BYTES = 128 * 1024;

export interface Pieces {
  /** A buffer of PIECE_BYTES. */
  readonly take: () => Buffer;
  /** Gives a piece away, filled up to `length`. */
  readonly give: (piece: Buffer, length: number) => void;
}

export const openCollector = ({ take, give }: Pieces): Collector => {
  let piece: Buffer | undefined;
  let used = 0;
  let run: Buffer | undefined;
  let runStart = 0;
  let runEnd = 0;

  const giveAway = (): void => {
    if (piece === undefined || used === 0) return;
    const full = piece;
    const length = used;
    piece = undefined;
    used = 0;
    give(full, length);
  };
  /** A piece with room in it. */
  const place = (): Buffer => {
    if (used === PIECE_BYTES) giveAway();
    piece ??= take();
    return piece;
  };
  const settle = (): void => {
    if (run === undefined) return;
    const from = run;
    run = undefined;
    for (let at = runStart; at < runEnd; ) {
      const to = place();
      const end = Math.min(runEnd, at + PIECE_BYTES - used);
      from.copy(to, used, at, end);
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
      for (let at = 0; at < text.length; ) {
        const to = place();
        const end = Math.min(text.length, at + PIECE_BYTES - used);
        to.write(end - at === text.length ? text : text.slice(at, end), used, 'latin1');
        used += end - at;
        at = end;
      }
    },
    settle,
    flush: () => {
      settle();
      giveAway();
    },
  };
};

/** Below this a piece is copied rather than held up: an output may say that it has room while that much is still on its way. */
export const SMALL = PIECE_BYTES / 2;

/** Pieces that are used again once the output has room: garbage of this kind would stay for long. */
export const openPieces = (
  write: (bytes: Uint8Array) => void,
): Pieces & {
  /** The output has room: nothing of what it was given is still on its way. */
  readonly reclaim: () => void;
  /** Whether something was given since then. */
  readonly isWaiting: () => boolean;
} => {
  const free: Buffer[] = [];
  const given: Buffer[] = [];
  let isWaiting = false;
  return {
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES),
    give: (piece, length) => {
      isWaiting = true;
      const bytes = piece.subarray(0, length);
      if (length < SMALL) write(Buffer.from(bytes));
      else write(bytes);
      (length < SMALL ? free : given).push(piece);
    },
    reclaim: () => {
      free.push(...given.splice(0));
      isWaiting = false;
    },
    isWaiting: () => isWaiting,
  };
};
