/** A search in a few lines that is easy to believe, and feeds that cut texts anywhere. */

import type { Collector } from '../../../src/lines/search/collect.js';
import { openCollector } from '../../../src/lines/search/collect.js';
import type { Feed } from '../../../src/lines/search/feed.js';
import { makePlan, type PlanWish, type SearchPlan } from '../../../src/lines/search/plan.js';

/** Gives a text in chunks of these sizes, in turn. */
export const chunkFeed = (text: Buffer, sizes: readonly number[] = [text.length || 1]): Feed => {
  let at = 0;
  let turn = 0;
  return {
    fill: (buffer, to) => {
      const size = Math.min(sizes[turn++ % sizes.length] as number, buffer.length - to, text.length - at);
      const count = text.copy(buffer, to, at, at + size);
      at += count;
      return count;
    },
    close: () => {},
    isLive: false,
  };
};

/** A collector, and what came of it. */
export const keep = (): { readonly out: Collector; readonly text: () => string } => {
  const given: Buffer[] = [];
  const out = openCollector({
    take: () => Buffer.alloc(128 * 1024),
    give: (piece, length) => given.push(Buffer.from(piece.subarray(0, length))),
  });
  return {
    out,
    text: () => {
      out.flush();
      return Buffer.concat(given).toString('latin1');
    },
  };
};

/** A plan for a plain text. */
export const planFor = (pattern: string, changes: PlanWish = {}): SearchPlan =>
  makePlan({ pattern: { patterns: [pattern], syntax: 'fixed' }, ...changes });

export interface Rules {
  readonly invert: boolean;
  readonly before: number;
  readonly after: number;
  readonly most: number;
}

/** Lines with their numbers, selected ones and context, as `grep -n -F` prints them. */
export const grepLines = (text: string, pattern: string, { invert, before, after, most }: Rules): string => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const selected = lines
    .flatMap((line, index) => (line.includes(pattern) !== invert ? [index] : []))
    .slice(0, most);
  const shown = new Set(
    selected.flatMap((index) => Array.from({ length: before + 1 + after }, (_, at) => index - before + at)),
  );
  let last = -1;
  let out = '';
  for (const [index, line] of lines.entries()) {
    if (!shown.has(index)) continue;
    if (out !== '' && index !== last + 1) out += '--\n';
    out += `${index + 1}${selected.includes(index) ? ':' : '-'}${line}\n`;
    last = index;
  }
  return out;
};
