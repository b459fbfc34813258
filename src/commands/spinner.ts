/** The one home of ora: a sign of life on a terminal, from the second on that something takes. */

import type { World } from '../world.js';

/** What is quicker needs no sign; ora is not even loaded for it. */
const PATIENCE = 1000;

export interface SpinnerOptions {
  /** That nothing is written to standard output meanwhile, so that both may be one terminal. */
  readonly silent?: boolean;
}

/** Does it, and meanwhile says what on the error stream, where that is a terminal that the results do not go to. */
export const withSpinner = async <T>(
  world: World,
  text: string,
  act: () => Promise<T>,
  { silent = false }: SpinnerOptions = {},
): Promise<T> => {
  const { stream, isTerminal } = world.stderr;
  if (stream === undefined || !isTerminal || (world.stdout.isTerminal && !silent)) return act();
  const done = new AbortController();
  const spinning = world.clock.sleep(PATIENCE, done.signal).then(async () => {
    if (done.signal.aborted) return undefined;
    const { default: ora } = await import('ora');
    return ora({ text, stream, discardStdin: false }).start();
  });
  try {
    return await act();
  } finally {
    done.abort();
    (await spinning)?.stop();
  }
};
