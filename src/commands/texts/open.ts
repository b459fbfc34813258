/** What is searched, opened: files, standard input, logs with their past, each as one text. */

import { closeSync, fstatSync, openSync, type Stats } from 'node:fs';
import { openFormat } from '../../lines/formats/index.js';
import { chainFeeds, type Feed, fileFeed, gzipFeed, isGzip, streamFeed } from '../../lines/search/feed.js';
import type { Selection, Traits } from '../../lines/search/plan.js';
import { mayHoldSince, rangeOf } from '../../lines/seek.js';
import type { World } from '../../world.js';
import { memberSpans } from './members.js';
import { statOf } from './stat.js';

export interface Text {
  readonly feed: Feed;
  readonly stat?: Stats;
  /** The descriptor of a plain file, which can be read anywhere. */
  readonly fd?: number;
  /** Of a file of which only a part can hold what is asked for: where that begins and ends. */
  readonly start?: number;
  readonly end?: number;
}

type Times = Pick<Selection, 'since' | 'until'>;

const NOTHING: Feed = { fill: () => 0, close: () => {}, isLive: false };

const openGzip = (fd: number, size: number, { since, until }: Times): Feed => {
  const spans =
    since === undefined && until === undefined
      ? undefined
      : memberSpans(fd, size, since ?? Number.NEGATIVE_INFINITY, until ?? Number.POSITIVE_INFINITY);
  if (spans === undefined) return gzipFeed(fd);
  const parts = spans.map(
    ({ start, end }) =>
      () =>
        gzipFeed(fd, { start, end }),
  );
  const chain = chainFeeds(parts, NEWLINE);
  return {
    ...chain,
    close: () => {
      chain.close();
      closeSync(fd);
    },
  };
};

const NEWLINE = 10;

/** A file, or what a gzip file holds. Throws what the system says. */
export const openFile = (path: string, times: Times = {}): Text => {
  const fd = openSync(path, 'r');
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) return { feed: { ...fileFeed(fd), isLive: true }, stat };
    if (path.endsWith('.gz') && isGzip(fd)) return { feed: openGzip(fd, stat.size, times), stat };
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

/** Whether a file was written so long ago that it holds nothing of these times. */
export const isTooOld = (path: string, { since }: Times): boolean => {
  if (since === undefined) return false;
  const stat = statOf(path);
  return stat?.isFile() === true && !mayHoldSince(stat.mtimeMs, since);
};

/** The part of a plain file in which the lines of these times stand, found by a look at a few of its lines. */
export const narrow = (text: Text, times: Times, traits: Traits | undefined): Text => {
  const { fd, stat } = text;
  if (fd === undefined || stat === undefined || traits === undefined) return text;
  if (times.since === undefined && times.until === undefined) return text;
  const { context } = traits;
  const { start, end, ordered } = rangeOf(fd, stat.size, {
    ...times,
    format: openFormat(traits.format),
    context,
  });
  // Without an end what is written meanwhile is read as well.
  const part = { start, ...(ordered && end < stat.size && { end }) };
  return { ...text, ...part, feed: fileFeed(fd, part) };
};

/** Several files as one text, one after the other. Those that cannot be opened are told and left out. */
export const openChain = (
  paths: readonly string[],
  eol: number,
  open: (path: string) => Text,
  onError: (path: string, error: unknown) => void,
): Text => {
  const feeds = paths.map((path) => (): Feed => {
    try {
      return open(path).feed;
    } catch (error) {
      onError(path, error);
      return NOTHING;
    }
  });
  return { feed: chainFeeds(feeds, eol) };
};
