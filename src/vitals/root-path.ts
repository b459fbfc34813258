/** Files of the machine, seen below the folder where its `/` is: its links lead to where they lead there, not here. */

import { readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** More links than that are a circle, as for the kernel (path_resolution(7)). */
const MOST_LINKS = 40;

const namesIn = (path: string): readonly string[] =>
  path.split('/').filter((name) => name !== '' && name !== '.');

const linkAt = (path: string): string | undefined => {
  try {
    return readlinkSync(path);
  } catch {
    // No link, or nothing that can be looked at: whoever opens it is told.
    return undefined;
  }
};

/** Where a path of the machine is found from here, whose `/` is at `rootfs`. */
export const pathBelow = (rootfs: string, path: string): string => {
  if (rootfs === '/') return join(rootfs, path);
  let place: readonly string[] = [];
  let ahead = namesIn(path);
  for (let links = 0; ahead.length > 0; ) {
    const [name = '', ...rest] = ahead;
    const next = name === '..' ? place.slice(0, -1) : [...place, name];
    const target = name === '..' || links >= MOST_LINKS ? undefined : linkAt(join(rootfs, ...next));
    if (target === undefined) {
      place = next;
      ahead = rest;
    } else {
      links++;
      if (target.startsWith('/')) place = [];
      ahead = [...namesIn(target), ...rest];
    }
  }
  return join(rootfs, ...place);
};
