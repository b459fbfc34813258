/**
 * A follower against a writer and a rotator, who may do a step between any two system calls of the follower. Each complete line must come out exactly once
 * and in order. What nobody could have read is left out of the world: a truncation without a copy waits until all was read, and a file is not copied and
 * truncated before the first of its lines was; the rotator keeps twelve files and waits when the follower is eight behind.
 */

import { describe, expect, it } from 'vitest';
import { type Counts, followWorld } from './follow-world.js';
import { DIRECTORY, openMemoryDisk } from './memory-disk.js';
import { openWorld, seeded } from './world.js';

const PATH = `${DIRECTORY}/app.log`;

const run = (seed: number, rotations: number, events: boolean): Promise<Counts> => {
  const random = seeded(seed);
  const memory = openMemoryDisk();
  const world = openWorld(memory.disk, PATH, random, rotations);
  return followWorld(world, PATH, rotations, random, {
    events,
    pollSeconds: 0.05,
    clock: memory.clock,
    fileSystem: memory.fileSystem,
    onCall: (call) => {
      memory.onCall = call;
    },
  });
};

describe.each([
  ['events', true],
  ['polling', false],
])('in memory, with %s', (_, events) => {
  it('gives each line once and in order', async () => {
    const total: Record<string, number> = {};
    for (let seed = 1; seed <= Number(process.env['SEEDS'] ?? 4); seed++)
      for (const [kind, count] of Object.entries(await run(seed, 30, events)))
        total[kind] = (total[kind] ?? 0) + count;
    for (const kind of ['rename', 'copytruncate', 'truncate', 'delete'])
      expect(total[kind]).toBeGreaterThan(5);
    expect(total['restart']).toBeGreaterThan(0);
  });
});
