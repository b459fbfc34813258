/** Paths of the machine, seen below the folder where its `/` is: its links lead to where they lead there, not here. */

import { readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** More links than that are a circle, as for the kernel (path_resolution(7)). */
const MOST_LINKS = 40;

const namesIn = (path: string): readonly string[] =>
  path.split('/').filter((name) => name !== '' && name !== '.');

/** What a step finds: a link, or what the walk ends with there; undefined where it goes on. */
type Found = { readonly link: string } | { readonly end: string | undefined } | undefined;

/** Goes along a path name by name; `lookAt` is told where it is, what is ahead still, and how many links led there. */
const walk = (
  path: string,
  lookAt: (where: string, ahead: readonly string[], links: number) => Found,
): string | undefined => {
  let place: readonly string[] = [];
  let ahead = namesIn(path);
  for (let links = 0; ahead.length > 0; ) {
    const [name = '', ...rest] = ahead;
    const next = name === '..' ? place.slice(0, -1) : [...place, name];
    const found = lookAt(`/${next.join('/')}`, rest, links);
    if (found === undefined) {
      place = next;
      ahead = rest;
    } else if ('link' in found) {
      links++;
      if (found.link.startsWith('/')) place = [];
      ahead = [...namesIn(found.link), ...rest];
    } else return found.end;
  }
  return `/${place.join('/')}`;
};

/** Where a path of the machine is found from here, whose `/` is at `rootfs`. */
export const pathBelow = (rootfs: string, path: string): string => {
  if (rootfs === '/') return join(rootfs, path);
  const place = walk(path, (where, _, links) => {
    if (links >= MOST_LINKS) return undefined;
    try {
      return { link: readlinkSync(join(rootfs, where)) };
    } catch {
      // No link, or nothing that can be looked at: whoever opens it is told.
      return undefined;
    }
  });
  return join(rootfs, place ?? path);
};

/**
 * The directory behind a path of the machine whose `/` is `rootfs`; undefined where there is none. It goes no further than
 * to a mount that `isFar`: a server that hangs would hold us.
 */
export const realPlace = (
  path: string,
  rootfs: string,
  isFar: (path: string) => boolean,
): string | undefined =>
  walk(path, (where, ahead, links) => {
    if (isFar(where)) return { end: `/${[...namesIn(where), ...ahead].join('/')}` };
    try {
      const link = readlinkSync(join(rootfs, where));
      return links < MOST_LINKS ? { link } : { end: path };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EINVAL') return undefined;
      // What may not be looked at may be there.
      return { end: code === 'ENOENT' || code === 'ENOTDIR' ? undefined : path };
    }
  });
