/** Pieces of output in memory that threads share, so that none is copied and none is left to the garbage collector. */

import { PIECE_BYTES, type Pieces } from './collect.js';

/**
 * How many there are of a worker: what it may be ahead of an output that is slow, or of its turn. The first numbers of the memory
 * say which are in use.
 */
export const SHARED_PIECES = 16;

const HEAD_BYTES = SHARED_PIECES * Int32Array.BYTES_PER_ELEMENT;

export const newSharedPieces = (): SharedArrayBuffer =>
  new SharedArrayBuffer(HEAD_BYTES + SHARED_PIECES * PIECE_BYTES);

const inUse = (memory: SharedArrayBuffer): Int32Array => new Int32Array(memory, 0, SHARED_PIECES);

export const sharedPiece = (memory: SharedArrayBuffer, slot: number): Buffer =>
  Buffer.from(memory, HEAD_BYTES + slot * PIECE_BYTES, PIECE_BYTES);

/** Lets the worker have a piece again. */
export const freePiece = (memory: SharedArrayBuffer, slot: number): void => {
  const used = inUse(memory);
  Atomics.store(used, slot, 0);
  Atomics.notify(used, slot);
};

/** The worker's side: pieces in turn, each waited for until it is free. */
export const sharedPieces = (
  memory: SharedArrayBuffer,
  send: (slot: number, length: number) => void,
): Pieces => {
  const used = inUse(memory);
  let slot = -1;
  return {
    take: () => {
      slot = (slot + 1) % SHARED_PIECES;
      Atomics.wait(used, slot, 1);
      Atomics.store(used, slot, 1);
      return sharedPiece(memory, slot);
    },
    give: (_piece, length) => send(slot, length),
  };
};
