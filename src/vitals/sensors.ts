/** Sensors read by a child: its threads may hang in the kernel for good, and it can be left behind. */

import { childScript, openChild } from './child.js';
import type { ReadAside } from './tree.js';

/** Longer than any sampler waits, ms. */
const DEADLINE = 10_000;

/** Each sensor that hangs holds one. */
const THREADS = 16;

export interface Aside {
  readonly read: ReadAside;
  readonly close: () => void;
}

/** Starts its child when it is first asked. */
export const openAside = (): Aside => {
  const child = openChild(childScript('sensor-child'), { deadline: DEADLINE, threads: THREADS });
  return { read: (path) => child.ask(path) as Promise<string | null>, close: child.close };
};
