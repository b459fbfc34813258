/** Memory and swap through systeminformation, whose `used` counts caches as used and is left alone. */

import type { Group } from '../../core/group.js';
import { known } from '../../core/rates.js';
import { row } from '../../core/sample.js';
import type { Portable } from '../portable.js';
import { type Fields, numberAt, objectOf } from './fields.js';

/**
 * What is available. On Windows it is what the system itself calls available. On macOS it is all but anonymous, wired
 * and compressed pages; `reclaimable` is 0 only when vm_stat could not be asked, and `available` then means free.
 */
const availableBytes = (mem: Fields, platform: string): number | undefined =>
  platform === 'darwin' && numberAt(mem, 'reclaimable') === 0 ? undefined : numberAt(mem, 'available');

/** Result of `mem()` → the numbers of memory and of swap; undefined for swap where nothing is known of it. */
export const memoryNumbers = (
  mem: Fields,
  platform: string,
): { memory: Record<string, number>; swap: Record<string, number> | undefined } => {
  const linux = platform === 'linux';
  const memory = known({
    total_bytes: numberAt(mem, 'total'),
    available_bytes: availableBytes(mem, platform),
    // Free on Windows is the same number as available; caches and buffers have no like outside Linux.
    free_bytes: platform === 'win32' ? undefined : numberAt(mem, 'free'),
    cached_bytes: linux ? numberAt(mem, 'cached') : undefined,
    buffers_bytes: linux ? numberAt(mem, 'buffers') : undefined,
  });
  const total_bytes = numberAt(mem, 'swaptotal');
  // On Windows 0 is also what a failed question gives; the BSDs are not asked at all.
  const told = linux || platform === 'darwin' || (platform === 'win32' && total_bytes !== 0);
  const swap = told ? known({ total_bytes, used_bytes: numberAt(mem, 'swapused') }) : undefined;
  return { memory, swap };
};

export const portableMemory =
  (memory: Group, swap: Group) =>
  ({ ask, platform }: Portable) =>
  async () => {
    const numbers = memoryNumbers(objectOf(await ask('mem')), platform);
    return [
      { group: memory, rows: [row([], numbers.memory)] },
      ...(numbers.swap === undefined ? [] : [{ group: swap, rows: [row([], numbers.swap)] }]),
    ];
  };
