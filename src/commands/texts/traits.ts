/** How the lines of a text are read: told from its beginning, or by the person. */

import { readSync, type Stats } from 'node:fs';
import type { LineContext } from '../../lines/format.js';
import { openFormat } from '../../lines/formats/index.js';
import { recognise } from '../../lines/recognise.js';
import type { Feed } from '../../lines/search/feed.js';
import type { Traits } from '../../lines/search/plan.js';

const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 8 * 1024;
const HEAD_LINES = 100;

/** What a feed begins with, and a feed that gives all of it. Of one that comes when it comes, only what is there first. */
export const peek = async (feed: Feed): Promise<{ readonly head: Buffer; readonly feed: Feed }> => {
  const head = Buffer.alloc(HEAD_BYTES);
  let used = 0;
  let isOver = false;
  while (used < head.length && !isOver) {
    const count = await feed.fill(head, used);
    used += count;
    isOver = count === 0 || (feed.isLive && head.subarray(0, used).includes('\n'));
  }
  let given = 0;
  return {
    head: head.subarray(0, used),
    feed: {
      ...feed,
      fill: (buffer, at) => {
        if (given === used) return feed.fill(buffer, at);
        const count = head.copy(buffer, at, given, used);
        given += count;
        return count;
      },
    },
  };
};

/** With -z lines end with NUL. */
const LINE_END = /\r?\n|\0/;

/** Whole lines of the beginning; the one line there is where it has no end. */
const headLines = (head: Buffer): readonly string[] => {
  const end = head.lastIndexOf('\n');
  return head.toString('utf8', 0, end === -1 ? head.length : end).split(LINE_END, HEAD_LINES);
};

/** A few lines of a file's end: a log may have changed its format on the way. */
const tailLines = (fd: number, size: number): readonly string[] => {
  if (size <= HEAD_BYTES) return [];
  const tail = Buffer.alloc(TAIL_BYTES);
  const count = readSync(fd, tail, 0, TAIL_BYTES, size - TAIL_BYTES);
  return tail.toString('utf8', 0, count).split(LINE_END).slice(1, -1);
};

export interface Recognition extends Traits {
  readonly title: string;
  readonly why: string;
}

export interface TraitsOptions {
  /** A format, or `auto`. */
  readonly format: string;
  readonly zone: number | undefined;
  /** ms since 1970. */
  readonly now: number;
}

export const traitsOf = (
  head: Buffer,
  file: { readonly fd: number; readonly stat: Stats } | undefined,
  changed: number | undefined,
  { format, zone, now }: TraitsOptions,
): Recognition => {
  const context: LineContext = { notAfter: changed ?? now, ...(zone !== undefined && { zone }) };
  const lines = [...headLines(head), ...(file === undefined ? [] : tailLines(file.fd, file.stat.size))];
  const recognised = recognise(lines, context);
  const { stamped } = recognised;
  if (format === 'auto') {
    const { name, title } = recognised.format;
    return { format: name, title, why: recognised.why, stamped, context };
  }
  return { format, title: openFormat(format).title, why: 'as --format says', stamped, context };
};
