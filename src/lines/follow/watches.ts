/**
 * Asks the system to tell of changes: one watch for each directory in which something of a followed path stands, however many
 * files are followed in it, and one for a file that is read on though its name is not known any more.
 */

import { basename, dirname, resolve } from 'node:path';
import { codeOf, type FileSystem, type Status } from './file-system.js';
import type { Source } from './source.js';
import type { Track } from './track.js';

export interface Watches {
  /** Sees to it that changes of the track's path and files are told. Gives the reason where they cannot be: they are to be polled. */
  readonly place: (track: Track) => string | undefined;
  /** Whether something may have happened to a watched directory itself: ask which tracks are `misplaced`. */
  readonly isDoubtful: () => boolean;
  /** Tracks whose directories are others than those watched: moved away and made anew. They have to be placed again. */
  readonly misplaced: () => readonly Track[];
  readonly close: () => void;
}

interface Directory {
  readonly path: string;
  readonly status: Status | undefined;
  /** Who is to be told when something happens to a name in it. */
  readonly names: Map<string, Set<Track>>;
  readonly close: () => void;
}

/** A name in a directory: what happens to it may change where a path leads. */
interface Place {
  readonly directory: string;
  readonly name: string;
}

/** As many links in a path are a circle. */
const MOST_LINKS = 40;

const statOf = (fileSystem: FileSystem, path: string): Status | undefined => {
  try {
    return fileSystem.stat(path);
  } catch {
    return undefined;
  }
};

/**
 * The places on which it depends where a path leads: its own, those of symbolic links on the way, what these lead to; where a directory is
 * not there, the place where it would appear in the nearest one that is.
 */
const placesOf = (fileSystem: FileSystem, path: string): readonly Place[] => {
  const places = new Map<string, Place>();
  const seen = new Set<string>();
  const add = (full: string): void => {
    places.set(full, { directory: dirname(full), name: basename(full) });
  };
  const walk = (full: string): void => {
    if (seen.has(full) || seen.size > MOST_LINKS * 8) return;
    seen.add(full);
    const directory = dirname(full);
    if (directory === full) return;
    if (statOf(fileSystem, directory)?.kind === 'directory') {
      add(full);
      // A directory that is deleted may not tell itself; the one above does.
      if (statOf(fileSystem, full) === undefined && dirname(directory) !== directory) add(directory);
      for (let up = directory; dirname(up) !== up; up = dirname(up)) walkLink(up);
    } else walk(directory);
    walkLink(full);
  };
  const walkLink = (full: string): void => {
    const target = fileSystem.readLink(full);
    if (target === undefined) return;
    add(full);
    walk(resolve(dirname(full), target));
  };
  walk(resolve(path));
  return [...places.values()];
};

const isSame = (a: Status | undefined, b: Status | undefined): boolean =>
  a?.ino === b?.ino && a?.dev === b?.dev;

/** `isPlace`: something happened to a name on the track's way; otherwise to a file that it reads. */
type Tell = (track: Track, isPlace: boolean) => void;

export const openWatches = (fileSystem: FileSystem, told: Tell): Watches => {
  const directories = new Map<string, Directory>();
  const placed = new Map<Track, readonly Place[]>();
  /** By track, the files that are watched for themselves. */
  const own = new Map<Track, Map<Source, () => void>>();
  /** Whether something may have happened to a directory itself. */
  let isDoubtful = false;
  /** Tracks whose watch the system has ended. */
  const lost = new Set<Track>();

  const tellAll = (directory: Directory): void => {
    for (const tracks of directory.names.values()) for (const track of tracks) told(track, true);
  };

  /** Another directory has its name by now: who waits there has to be placed again. */
  const abandon = (directory: Directory): void => {
    directory.close();
    directories.delete(directory.path);
    for (const tracks of directory.names.values()) for (const track of tracks) lost.add(track);
    if (lost.size > 0) isDoubtful = true;
  };

  /** Throws the system's code where no watch can be had. */
  const openDirectory = (path: string): Directory => {
    const known = directories.get(path);
    if (known !== undefined && isSame(known.status, statOf(fileSystem, path))) return known;
    if (known !== undefined) abandon(known);
    const names = new Map<string, Set<Track>>();
    const self = basename(path);
    const changed = (name: string | undefined): void => {
      if (name === undefined || name === self) {
        isDoubtful = true;
        tellAll(directory);
        return;
      }
      const tracks = names.get(name);
      if (tracks !== undefined) for (const track of tracks) told(track, true);
    };
    const failed = (): void => {
      abandon(directory);
      tellAll(directory);
    };
    // Watch first, then look: what comes between is seen twice rather than not at all.
    const close = fileSystem.watch(path, changed, failed);
    const directory: Directory = { path, names, close, status: statOf(fileSystem, path) };
    directories.set(path, directory);
    return directory;
  };

  const leave = (track: Track, { directory: path, name }: Place): void => {
    const directory = directories.get(path);
    const tracks = directory?.names.get(name);
    tracks?.delete(track);
    if (tracks?.size === 0) directory?.names.delete(name);
    if (directory?.names.size !== 0) return;
    directory.close();
    directories.delete(path);
  };

  const enter = (track: Track, { directory: path, name }: Place): string | undefined => {
    try {
      if (!directories.has(path) && !fileSystem.tells(path)) return 'ENOTSUP';
      const { names } = openDirectory(path);
      const tracks = names.get(name) ?? new Set();
      names.set(name, tracks.add(track));
      return undefined;
    } catch (error) {
      return codeOf(error);
    }
  };

  /** Watches the files of a track that its name does not lead to: what happens to them is told under names we do not know. */
  const placeOwn = (track: Track): string | undefined => {
    const before = own.get(track) ?? new Map<Source, () => void>();
    const now = new Map<Source, () => void>();
    let code: string | undefined;
    for (const source of [...track.sources, ...track.late]) {
      if (source === track.named || source.isStream) continue;
      try {
        now.set(source, before.get(source) ?? fileSystem.watchOpen(source.fd, () => told(track, false)));
      } catch (error) {
        code = codeOf(error);
      }
    }
    for (const [source, close] of before) if (!now.has(source)) close();
    if (now.size > 0) own.set(track, now);
    else own.delete(track);
    return code;
  };

  return {
    place: (track) => {
      const before = placed.get(track) ?? [];
      const now = placesOf(fileSystem, track.file.path);
      let code: string | undefined;
      for (const place of now) code = enter(track, place) ?? code;
      for (const old of before)
        if (!now.some(({ directory, name }) => directory === old.directory && name === old.name))
          leave(track, old);
      placed.set(track, now);
      return placeOwn(track) ?? code;
    },
    isDoubtful: () => isDoubtful,
    misplaced: () => {
      for (const directory of [...directories.values()])
        if (!isSame(directory.status, statOf(fileSystem, directory.path))) abandon(directory);
      isDoubtful = false;
      const tracks = [...lost];
      lost.clear();
      return tracks;
    },
    close: () => {
      for (const directory of directories.values()) directory.close();
      for (const sources of own.values()) for (const close of sources.values()) close();
      directories.clear();
      own.clear();
    },
  };
};
