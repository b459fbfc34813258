/** Holds a follower against a world: every line once and in order, through restarts of the follower too. */

import type { Clock } from '../../../src/core/clock.js';
import { markPlace, resume } from '../../../src/lines/follow/bookmark.js';
import type { FileSystem } from '../../../src/lines/follow/file-system.js';
import { openFollower } from '../../../src/lines/follow/index.js';
import type { FollowedFile } from '../../../src/lines/follow/types.js';
import type { Random, World } from './world.js';

export interface Setting {
  readonly events: boolean;
  readonly pollSeconds: number;
  readonly clock: Clock;
  readonly fileSystem: FileSystem;
  /** Has this called whenever the world may do a step. */
  readonly onCall: (call: () => void) => void;
}

/** How often each kind of thing was done. */
export type Counts = Readonly<Record<string, number>>;

/** Follows until a world has done so many rotations. Throws where a line is missing, double, torn or out of order. */
export const followWorld = async (
  world: World,
  path: string,
  rotations: number,
  random: Random,
  { onCall, fileSystem, ...setting }: Setting,
): Promise<Counts> => {
  let isOver = false;
  /** How often the world gets a step: a follower that is asleep is alone with it, one at work sees little of it. */
  let pace = 0.05;
  onCall(() => {
    if (!isOver && random() < pace) world.step();
    if (random() < 0.01) pace = random() < 0.5 ? 0.3 : 0.02;
  });
  let restarts = 0;
  let file: FollowedFile = { path };

  /** Gives whether it is over; if not, another run is to go on. */
  const runOnce = async (): Promise<boolean> => {
    const follower = openFollower({
      ...setting,
      files: [file],
      by: 'name',
      retry: true,
      pass: 'lines',
      fileSystem,
    });
    for await (const item of follower) {
      if (item.kind === 'happening')
        world.tell(`[${JSON.stringify(item.happening)} at line ${world.received()}]`);
      if (item.kind === 'happening' && item.happening.what === 'missed')
        throw new Error(`missed ${item.happening.path}: ${world.story().join('; ')}`);
      if (item.kind === 'bytes') {
        const text = Buffer.from(item.bytes).toString();
        if (item.unfinished) throw new Error(`torn: ${text}: ${world.story().join('; ')}`);
        for (const line of text.split(/(?<=\n)/)) world.receive(line);
      }
      if (!isOver && world.rotations() >= rotations) {
        isOver = true;
        world.settle();
        follower.finish();
      }
      if (isOver || item.kind !== 'bytes' || random() > 0.02 || !world.mayRest()) continue;
      const place = follower.place(file);
      if (place === undefined) continue;
      world.isWatched = false;
      // What happens while another run begins is what it may miss.
      pace = 0.3;
      const bookmark = JSON.parse(JSON.stringify(markPlace(place, fileSystem)));
      for (let left = random() * 60; left > 0; left--) world.step();
      const { places, kind } = resume(path, bookmark, fileSystem);
      const current = places.at(-1)?.path === path ? places.at(-1) : undefined;
      const earlier = current === undefined ? places : places.slice(0, -1);
      file = current === undefined ? { path, error: 'ENOENT', earlier } : { ...current, earlier };
      world.tell(`restarted, ${kind}, ${places.map(({ path, offset }) => `${path} ${offset}`)}`);
      world.isWatched = true;
      restarts++;
      return false;
    }
    return true;
  };

  while (!(await runOnce())) {}
  if (world.outstanding() !== 0)
    throw new Error(`${world.outstanding()} lines never came: ${world.story().join('; ')}`);
  return { ...world.counts, restart: restarts };
};
