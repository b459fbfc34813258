/** Files below a directory, for -r: those of a directory in the order of their names. */

import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';

export interface WalkOptions {
  /** Symbolic links are followed below the named directory as well. */
  readonly follow: boolean;
  readonly wantsFile: (name: string) => boolean;
  readonly wantsDirectory: (name: string) => boolean;
  /** What cannot be read is told, and left out. */
  readonly onError: (path: string, error: unknown) => void;
  readonly onLoop: (path: string) => void;
}

const list = (path: string, onError: WalkOptions['onError']): readonly Dirent[] => {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    onError(path, error);
    return [];
  }
};

const isSame = (one: Stats, other: Stats): boolean => one.dev === other.dev && one.ino === other.ino;

/**
 * Every file below `path`, whose names begin with `prefix`. Devices, pipes and sockets are left out, and so are symbolic links unless they are
 * followed.
 */
export function* walk(
  path: string,
  prefix: string,
  options: WalkOptions,
  above: readonly Stats[] = [],
): Generator<string> {
  const { follow, wantsFile, wantsDirectory, onError, onLoop } = options;
  let here: Stats;
  try {
    here = statSync(path);
  } catch (error) {
    onError(path, error);
    return;
  }
  if (above.some((one) => isSame(one, here))) {
    onLoop(path);
    return;
  }
  for (const entry of list(path, onError)) {
    const full = prefix + entry.name;
    let kind: Dirent | Stats = entry;
    if (entry.isSymbolicLink()) {
      if (!follow) continue;
      try {
        kind = statSync(full);
      } catch (error) {
        onError(full, error);
        continue;
      }
    }
    if (kind.isDirectory()) {
      if (wantsDirectory(entry.name)) yield* walk(full, `${full}/`, options, [...above, here]);
    } else if (kind.isFile() && wantsFile(entry.name)) yield full;
  }
}
