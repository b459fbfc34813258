/**
 * Writes a log until it is stopped: `write-log PATH EVERY_MS COUNT LIMITS_JSON`. Tells on stdout when it has the log, and at the end
 * how many lines were asked for and lost. SIGHUP opens the log again, SIGTERM ends it.
 */

import { LOG_LIMITS, openLogWriter } from '../../../src/logs/log-writer.js';
import { realWorld } from '../../../src/world.js';

const [path = '', every = '1', count = '0', limits = '{}'] = process.argv.slice(2);
const world = realWorld(process);
const { clock } = world;
const stop = new AbortController();

const writer = await openLogWriter({
  path,
  limits: { ...LOG_LIMITS, ...JSON.parse(limits) },
  opening: () => [{ kind: 'schema', time: clock.now(), host: 'h', v: 1, groups: [] }],
  clock,
  uid: world.uid,
  lock: { pid: world.pid, isRunning: world.isRunning },
  say: (message) => world.stderr.write(`${message}\n`),
}).catch((error: Error) => {
  world.stdout.write(`refused: ${error.message}\n`);
  process.exit(3);
});
world.onSignal('SIGHUP', writer.reopen);
world.onSignal('SIGTERM', () => stop.abort());
world.stdout.write('open\n');

let asked = 0;
while (!stop.signal.aborted && (count === '0' || asked < Number(count))) {
  // Now and then a line of many pages, which a kill can tear.
  const reason = 'ä'.repeat(asked % 20 === 0 ? 20_000 : (asked * 37) % 900);
  writer.write({ kind: 'stop', time: clock.now(), host: 'h', reason });
  asked++;
  if (Number(every) > 0 || asked % 100 === 0) await clock.sleep(Number(every), stop.signal);
}
await writer.close();
world.stdout.write(`${JSON.stringify({ asked, lost: writer.lost() })}\n`);
