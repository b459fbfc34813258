/** One followed name or descriptor: what it leads to, and what is still to be read of what it led to before. */

import { findAfter } from './between.js';
import { codeOf, type FileSystem, type Status } from './file-system.js';
import { isSettled, openSource, type Reading, type Source } from './source.js';
import type { FollowedFile, Happening } from './types.js';

export interface Track {
  readonly file: FollowedFile;
  /** Files to be read one after the other; the name leads to the last of them, if it leads anywhere. */
  sources: Source[];
  /** Files that are read to their end, whose writers may not have noticed yet that the name leads elsewhere. */
  late: Source[];
  /** What the name led to when it was last looked at. */
  named: Source | undefined;
  /** Why it leads to nothing that can be read: the system's code, or `untailable`. */
  error: string | undefined;
  /** The name's status at the last look, where a later change is sure to show in it. */
  seen: Status | undefined;
  mode: number;
  /** Whether all was read that there was at the last look. */
  isRead: boolean;
  /** What is to be said once all has been read that came before it. */
  said: Happening[];
  isGivenUp: boolean;
  /** Whether its name or its files have changed since its watches were set. */
  isMoved: boolean;
  /** Monotonic seconds when it has to be looked at though nothing happens. */
  wakeAt: number;
}

export interface Following {
  readonly reading: Reading;
  readonly byName: boolean;
  readonly retry: boolean;
}

const isMissing = (code: string | undefined): boolean => code === 'ENOENT' || code === 'ENOTDIR';

/** Tries to open a file; gives its status, or why it cannot be had. */
const open = (fileSystem: FileSystem, path: string): { fd: number; status: Status } | string => {
  try {
    const fd = fileSystem.open(path);
    const status = fileSystem.fstat(fd);
    if (status.kind === 'file' || status.kind === 'stream') return { fd, status };
    fileSystem.close(fd);
    return 'untailable';
  } catch (error) {
    const code = codeOf(error);
    // What a socket, or a device without a driver, answers.
    return code === 'ENXIO' || code === 'EISDIR' ? 'untailable' : code;
  }
};

/** The name leads to nothing that can be read. */
const loseName = (following: Following, track: Track, error: string): void => {
  const was = track.error;
  if (was !== error) track.isMoved = true;
  track.error = error;
  track.named = undefined;
  track.seen = undefined;
  if (error === 'untailable') {
    if (was === error) return;
    track.isGivenUp = !(following.retry && following.byName);
    track.said.push({ what: 'untailable', givenUp: track.isGivenUp });
  } else if (was === undefined) {
    track.isGivenUp = !following.retry && !following.byName;
    track.said.push({ what: 'inaccessible', code: error, givenUp: !following.retry });
  }
};

/** The name leads to a file that can be read. */
const nameFile = (following: Following, track: Track, source: Source, isKnown: boolean): void => {
  const { reading } = following;
  const before = track.sources.at(-1);
  if (before !== undefined && before !== source) {
    const known = [...track.sources, ...track.late, source];
    const { found, missed } = findAfter(reading, track.file.path, before, source, known);
    for (const path of missed) track.said.push({ what: 'missed', path });
    for (const { path, source } of found) {
      track.said.push({ what: 'found', path });
      track.sources.push(source);
    }
  }
  if (isMissing(track.error)) track.said.push({ what: 'appeared', same: isKnown });
  else if (track.error !== undefined) track.said.push({ what: 'accessible', same: isKnown });
  else if (track.named !== undefined) track.said.push({ what: 'replaced' });
  if (before !== source) {
    track.late = track.late.filter((other) => other !== source);
    track.sources = [...track.sources.filter((other) => other !== source), source];
  }
  track.named = source;
  track.error = undefined;
  track.seen = undefined;
  track.isMoved = true;
};

const isOf = (status: Pick<Status, 'dev' | 'ino'>, source: Source): boolean =>
  status.ino === source.ino && status.dev === source.dev;

/** Opens what the name leads to, if it is not open already. */
const openName = (following: Following, track: Track): void => {
  const { reading } = following;
  const opened = open(reading.fileSystem, track.file.path);
  if (typeof opened === 'string') {
    loseName(following, track, opened);
    return;
  }
  const { fd, status } = opened;
  track.mode = status.mode;
  const known = [...track.sources, ...track.late].find((source) => isOf(status, source));
  if (known === undefined) {
    const isFirst = track.error === undefined && track.named === undefined && track.sources.length === 0;
    const { offset: start = 0, seen } = isFirst ? track.file : {};
    nameFile(following, track, openSource(reading, fd, status, start, { seen }), false);
    return;
  }
  reading.fileSystem.close(fd);
  if (known !== track.named || track.error !== undefined) nameFile(following, track, known, true);
};

/** Whether a file has other rights than before: a name that may not be opened any more is to be told. */
const hasOtherRights = (track: Track, status: Status): boolean => track.mode !== status.mode;

/** Whether a file that is open may have changed since it was last seen. */
const hasChanged = ({ reading }: Following, track: Track, status: Status): boolean => {
  const { seen } = track;
  if (seen?.size === status.size && seen.mtime === status.mtime && seen.ctime === status.ctime) return false;
  track.seen = isSettled(status, reading.clock.now()) ? status : undefined;
  return true;
};

/** By descriptor the name matters only to know whether changes are told under it. */
const lookAtDescriptor = (following: Following, track: Track): boolean => {
  const { fileSystem } = following.reading;
  const [source] = track.sources;
  let status: Status | undefined;
  try {
    status = fileSystem.stat(track.file.path);
  } catch (error) {
    codeOf(error);
  }
  const named = status !== undefined && source !== undefined && isOf(status, source) ? source : undefined;
  if (named !== track.named) track.isMoved = true;
  track.named = named;
  if (named !== undefined && status !== undefined) return hasChanged(following, track, status);
  track.seen = undefined;
  return true;
};

/** Looks where the name leads. Gives whether there may be anything to read that was not there at the last look. */
export const look = (following: Following, track: Track): boolean => {
  const { reading, byName } = following;
  if (!byName && track.sources.length > 0) return lookAtDescriptor(following, track);
  let status: Status | undefined;
  try {
    status = reading.fileSystem.stat(track.file.path);
  } catch (error) {
    loseName(following, track, codeOf(error));
    return true;
  }
  if (status === undefined) loseName(following, track, 'ENOENT');
  else if (status.kind === 'directory') loseName(following, track, 'untailable');
  else if (track.named === undefined || !isOf(status, track.named) || hasOtherRights(track, status))
    openName(following, track);
  else return hasChanged(following, track, status);
  return true;
};

/**
 * Whether a track needs no turn: nothing was left to do at its last one, and its name leads to the same file, unchanged. As cheap as can be, since
 * a thousand files are asked for it every few seconds.
 */
export const isQuiet = ({ reading: { fileSystem } }: Following, track: Track): boolean => {
  const { seen, named } = track;
  if (seen === undefined || !track.isRead || track.sources[0] !== named || track.late.length > 0)
    return false;
  try {
    const now = fileSystem.stat(track.file.path);
    return (
      now?.ctime === seen.ctime &&
      now.mtime === seen.mtime &&
      now.size === seen.size &&
      now.ino === seen.ino &&
      now.dev === seen.dev
    );
  } catch {
    // The turn finds out, and says so.
    return false;
  }
};

/** A track of a file that a reader may have opened. */
export const openTrack = (following: Following, file: FollowedFile): Track => {
  const { reading, byName, retry } = following;
  const track: Track = {
    file,
    sources: [],
    late: [],
    named: undefined,
    error: file.error === 'EISDIR' || file.error === 'ENXIO' ? 'untailable' : file.error,
    seen: undefined,
    mode: 0,
    isRead: false,
    said: [],
    isGivenUp: file.error !== undefined && !retry,
    isMoved: false,
    wakeAt: Number.POSITIVE_INFINITY,
  };
  if (track.error === 'untailable') track.isGivenUp = !(retry && byName);
  for (const { fd, offset, seen } of file.earlier ?? [])
    track.sources.push(openSource(reading, fd, reading.fileSystem.fstat(fd), offset, { seen }));
  if (file.fd !== undefined) {
    const status = reading.fileSystem.fstat(file.fd);
    const source = openSource(reading, file.fd, status, file.offset ?? 0, { seen: file.seen });
    track.sources.push(source);
    track.named = source;
    track.mode = status.mode;
  }
  return track;
};

/** Closes all that a track has open. */
export const closeTrack = (track: Track): void => {
  for (const source of [...track.sources, ...track.late]) source.close();
  track.sources = [];
  track.late = [];
};
