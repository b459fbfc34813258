/**
 * A follower against a writer and a rotator, who may do a step between any two system calls of the follower. Each complete line must come out exactly once
 * and in order. What nobody could have read is left out of the world: a truncation without a copy waits until all was read, and a file is not copied and
 * truncated before the first of its lines was; the rotator keeps twelve files and waits when the follower is eight behind.
 */

import { describe, expect, it } from 'vitest';
import { openFollower } from '../../../src/lines/follow/index.js';
import { DIRECTORY, openMemoryDisk } from './memory-disk.js';
import { openWorld, seeded } from './world.js';

const PATH = `${DIRECTORY}/app.log`;

/** Gives how many rotations of which kind there were. */
const run = async (seed: number, rotations: number, events: boolean): Promise<Record<string, number>> => {
  const random = seeded(seed);
  const memory = openMemoryDisk();
  const world = openWorld(memory.disk, PATH, random, rotations);
  let isOver = false;
  /** How often the world gets a step: a follower that is asleep is alone with it, one at work sees little of it. */
  let pace = 0.05;
  memory.onCall = () => {
    if (!isOver && random() < pace) world.step();
    if (random() < 0.01) pace = random() < 0.5 ? 0.3 : 0.02;
  };
  const follower = openFollower({
    files: [{ path: PATH }],
    by: 'name',
    retry: true,
    pass: 'lines',
    events,
    pollSeconds: 0.05,
    clock: memory.clock,
    fileSystem: memory.fileSystem,
  });
  for await (const item of follower) {
    if (item.kind === 'bytes') {
      expect(item.unfinished).toBe(false);
      for (const line of Buffer.from(item.bytes)
        .toString()
        .split(/(?<=\n)/))
        world.receive(line);
    }
    if (item.kind === 'happening' && item.happening.what === 'missed')
      throw new Error(`missed; ${world.story().join('; ')}`);
    if (isOver || world.rotations() < rotations) continue;
    isOver = true;
    world.settle();
    follower.finish();
  }
  if (world.outstanding() !== 0)
    throw new Error(`seed ${seed}: ${world.outstanding()} never came: ${world.story().join('; ')}`);
  return world.counts;
};

describe.each([
  ['events', true],
  ['polling', false],
])('in memory, with %s', (_, events) => {
  it('gives each line once and in order', async () => {
    const total: Record<string, number> = {};
    for (let seed = 1; seed <= Number(process.env['SEEDS'] ?? 10); seed++)
      for (const [kind, count] of Object.entries(await run(seed, 30, events)))
        total[kind] = (total[kind] ?? 0) + count;
    if (process.env['SEEDS']) console.log(total);
    for (const kind of ['rename', 'copytruncate', 'truncate', 'delete'])
      expect(total[kind]).toBeGreaterThan(5);
  });
});
