/** Much text, piece by piece. */

import { cleanLines } from '../core/clean.js';
import type { World } from '../world.js';

/** Pieces are joined to about this many characters before they are written. */
const PIECE = 64 * 1024;

/**
 * Writes until all is told, or nobody reads any more. A file gets names as they are, a terminal what is safe to show; what is
 * made for a terminal is `safe` as it is.
 */
export const writePieces = async (
  pieces: Iterable<string>,
  { stdout }: World,
  { safe = false }: { readonly safe?: boolean } = {},
): Promise<void> => {
  const write = (text: string): void => stdout.write(stdout.isTerminal && !safe ? cleanLines(text) : text);
  let waiting = '';
  for (const piece of pieces) {
    waiting += piece;
    if (waiting.length < PIECE) continue;
    write(waiting);
    waiting = '';
    await stdout.drained();
    if (stdout.gone.aborted) return;
  }
  if (waiting !== '') write(waiting);
};
