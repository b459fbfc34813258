/** A thread that searches ranges of a file until none is left. */

import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../../exit.js';
import { openCollector } from './collect.js';
import { type CrewMessage, type CrewTask, SLOT } from './crew-messages.js';
import { openEngine } from './engine.js';
import { openRange, rangeCount } from './ranges.js';
import { sharedPieces } from './shared-pieces.js';

const say = (message: CrewMessage): void => parentPort?.postMessage(message);

const work = async ({ plan, file, name, traits, shared, pieces }: CrewTask): Promise<void> => {
  const numbers = new Int32Array(shared);
  let range = 0;
  const isStopped = (): boolean => Atomics.load(numbers, SLOT.stop) !== 0;
  const out = openCollector(
    sharedPieces(pieces, (slot, length) => say({ kind: 'piece', range, slot, length })),
  );
  const engine = openEngine(plan, { out, between: () => !isStopped() });
  say({ kind: 'ready' });
  const ranges = rangeCount(file);
  for (;;) {
    range = Atomics.add(numbers, SLOT.next, 1);
    if (range >= ranges || isStopped()) break;
    const { feed, origin } = openRange(file, range);
    await engine.search(feed, name, traits, origin);
    out.flush();
    say({ kind: 'done', range, count: engine.count() });
  }
  say({ kind: 'over', tallies: engine.tallies });
};

work(workerData as CrewTask).catch((error) => {
  if (!(error instanceof UserError)) throw error;
  const { message, hint, kind } = error;
  say({ kind: 'failed', text: message, options: { kind, ...(hint !== undefined && { hint }) } });
});
