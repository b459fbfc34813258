/** What is searched: files, standard input, logs with their archives, each as one text. */

import { closeSync, fstatSync, openSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { chainFeeds, type Feed, fileFeed, gzipFeed, isGzip, streamFeed } from '../../lines/search/feed.js';
import { listSet } from '../../logs/log-set.js';
import type { World } from '../../world.js';

export interface Text {
  readonly feed: Feed;
  /** Undefined where there is no one file behind it. */
  readonly stat?: Stats;
  /** The descriptor of a file that can be read anywhere: plain, and not a pipe. */
  readonly fd?: number;
}

/** A file, or what a gzip file holds. Throws what the system says. */
export const openFile = (path: string): Text => {
  const fd = openSync(path, 'r');
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) return { feed: { ...fileFeed(fd), isLive: true }, stat };
    if (path.endsWith('.gz') && isGzip(fd)) return { feed: gzipFeed(fd), stat };
    return { feed: fileFeed(fd), stat, fd };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
};

export const openStdin = (world: World): Text => {
  const fd = world.stdinDescriptor;
  const stat = fd === undefined ? undefined : fstatSync(fd);
  if (fd === undefined || stat === undefined || !stat.isFile())
    return { feed: streamFeed(world.stdin, true), ...(stat && { stat }) };
  // Others may want to read on in it, and it is not ours to close.
  return { feed: { ...fileFeed(fd), close: () => {} }, stat };
};

/** Several files as one text, one after the other. Those that cannot be opened are told and left out. */
export const openChain = (
  paths: readonly string[],
  eol: number,
  onError: (path: string, error: unknown) => void,
): Text => {
  const nothing: Feed = { fill: () => 0, close: () => {}, isLive: false };
  const open = paths.map((path) => (): Feed => {
    try {
      return openFile(path).feed;
    } catch (error) {
      onError(path, error);
      return nothing;
    }
  });
  return { feed: chainFeeds(open, eol) };
};

/** Sysmon's own log, its archives before it, oldest first; undefined where there is neither. */
export const ownLogPaths = (
  path: string,
  onProblem: (text: string) => void,
): readonly string[] | undefined => {
  const { archives, live } = listSet(path, onProblem);
  const names = archives.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const paths = names.map((name) => join(dirname(path), name));
  if (live !== undefined) paths.push(path);
  return paths.length === 0 ? undefined : paths;
};
