/** The units of what is read as it comes. */

import type { Readable } from 'node:stream';
import type { World } from '../../world.js';
import { amountOf, type LinesCall } from './lines-call.js';
import type { Readings } from './reading.js';
import type { Source } from './source.js';
import { openJoiner, type Unit } from './units.js';

/** Standard input is quiet after so many ms without a byte. */
const QUIET = 200;

/** The units of what is read as it comes: the last of them, or as they come. */
export async function* unitsOfStream(
  world: World,
  stream: Readable,
  source: Source,
  readings: Readings,
  call: LinesCall,
): AsyncGenerator<Unit, void> {
  const { separator } = call;
  const amount = amountOf(call);
  const most = amount.fromStart ? Number.POSITIVE_INFINITY : amount.count;
  let isLive = amount.fromStart;
  let ready: Unit[] = [];
  let left = amount.fromStart ? Math.max(0, amount.count - 1) : 0;
  const joiner = openJoiner({
    source,
    readings,
    separator,
    onUnit: (unit) => {
      if (left > 0) left--;
      else ready.push(unit);
      // Cut now and then, not each time.
      if (!isLive && ready.length > 2 * most + 1000) ready = ready.slice(-most);
    },
  });
  const take = (): Unit[] => {
    const units = isLive || most === Number.POSITIVE_INFINITY ? ready : most === 0 ? [] : ready.slice(-most);
    ready = [];
    return units;
  };
  let rest: Buffer[] = [];
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
  try {
    for (;;) {
      const next = chunks.next();
      if (call.live) {
        const woken = new AbortController();
        const isQuiet = await Promise.race([
          next.then(() => false),
          world.clock.sleep(isLive ? 1 : QUIET, woken.signal).then(() => true),
        ]);
        woken.abort();
        if (isQuiet) {
          joiner.flush();
          yield* take();
          isLive = true;
        }
      }
      const { done, value } = await next;
      if (done === true) break;
      const bytes = typeof value === 'string' ? Buffer.from(value) : value;
      const cut = bytes.lastIndexOf(separator) + 1;
      if (cut > 0) {
        joiner.push(Buffer.concat([...rest, bytes.subarray(0, cut)]));
        rest = [];
        if (isLive) yield* take();
      }
      if (cut < bytes.length) rest.push(bytes.subarray(cut));
    }
    if (rest.length > 0) joiner.push(Buffer.concat(rest));
  } catch (error) {
    if (!call.signal.aborted && !world.stdout.gone.aborted) throw error;
  }
  joiner.flush();
  yield* take();
}
