/**
 * Takes and gives back the lock of a log again and again, and proves each time that it is alone by a file that must not be there:
 * `take-lock PATH ROUNDS`. Prints how often it had the lock, and `violated` when it was not alone.
 */

import { readFileSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import { acquireLock } from '../../../src/logs/lock.js';
import { realWorld } from '../../../src/world.js';

const [path = '', rounds = '1'] = process.argv.slice(2);
const { clock, pid, isRunning, stdout } = realWorld(process);
const proof = `${path}.alone`;

/** Whether a holder was killed before it could take its proof away: then it is no witness. */
const wasKilled = (holder: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${holder}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return true;
  }
};

/** Leaves the proof, a link that names us; false where another who lives has left one. */
const isAlone = (): boolean => {
  try {
    // A link is there with what it says at once, or not at all.
    symlinkSync(String(pid), proof);
    return true;
  } catch {
    if (!wasKilled(Number(readlinkSync(proof)))) return false;
    unlinkSync(proof);
    return isAlone();
  }
};

let had = 0;
for (let round = 0; round < Number(rounds); round++) {
  const lock = await acquireLock(path, { pid, clock, isRunning }).catch(() => undefined);
  if (lock === undefined) continue;
  if (!isAlone()) {
    stdout.write('violated\n');
    break;
  }
  had++;
  await clock.sleep(Math.random() * 4);
  unlinkSync(proof);
  lock.release();
  await clock.sleep(Math.random() * 4);
}
stdout.write(`${had}\n`);
