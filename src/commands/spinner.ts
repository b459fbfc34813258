/** The one home of ora: a sign of life on a terminal, from the second on that something takes. */

import type { World } from '../world.js';

/** What is quicker needs no sign; ora is not even loaded for it. */
const PATIENCE = 1000;

export interface SpinnerOptions {
  /** That nothing is written to standard output meanwhile, so that both may be one terminal. */
  readonly silent?: boolean;
}

/**
 * Does it, and meanwhile says what on the error stream, where that is a terminal that the results do not go to. `say` puts other
 * words in place of the text.
 */
export const withSpinner = async <T>(
  world: World,
  text: string,
  act: (say: (text: string) => void) => Promise<T>,
  { silent = false }: SpinnerOptions = {},
): Promise<T> => {
  const { stream, isTerminal } = world.stderr;
  if (stream === undefined || !isTerminal || (world.stdout.isTerminal && !silent)) return act(() => {});
  const done = new AbortController();
  let words = text;
  let spinner: { text: string; readonly stop: () => unknown } | undefined;
  const spinning = world.clock.sleep(PATIENCE, done.signal).then(async () => {
    if (done.signal.aborted) return undefined;
    const { default: ora } = await import('ora');
    spinner = ora({ text: words, stream, discardStdin: false }).start();
    return spinner;
  });
  try {
    return await act((now) => {
      words = now;
      if (spinner !== undefined) spinner.text = now;
    });
  } finally {
    done.abort();
    (await spinning)?.stop();
  }
};
