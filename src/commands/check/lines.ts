/** Counts lines of other logs for a check. */

import { resolve } from 'node:path';
import { formatDuration } from '../../core/duration.js';
import { matches } from '../../core/outside.js';
import { type Reading, type Row, row } from '../../core/sample.js';
import { systemReason, UserError } from '../../exit.js';
import { atLeast, levelOf, levelOfNumber } from '../../lines/levels.js';
import type { Level } from '../../lines/line.js';
import { openCollector, PIECE_BYTES } from '../../lines/search/collect.js';
import { type Engine, openEngine } from '../../lines/search/engine.js';
import { makePlan, type SearchPlan } from '../../lines/search/plan.js';
import { rankCounts } from '../../lines/tally/index.js';
import type { World } from '../../world.js';
import { type LineWatch, namesIn } from './line-options.js';
import { type Parts, partsSince, partsWithin } from './parts.js';
import { openPositions } from './positions.js';

/** What is counted under one name. */
interface Tally {
  readonly engine: Engine;
  lines: number;
}

export interface CountedLines {
  readonly reading: Reading;
  /** Which lines were counted, in words: `lines of the last 5m`. */
  readonly origin: string;
  /** Remembers how far the logs were read. To be called once the result is out: what nobody was told of counts again. */
  readonly settle: () => void;
}

const planFor = (watch: LineWatch, pattern: string | undefined, now: number): SearchPlan => {
  const { ignoreCase, level, where, within, severity } = watch;
  const selection = {
    ...(level !== undefined && { level }),
    ...(where !== undefined && { where }),
    ...(within !== undefined && { since: now - within * 1000 }),
  };
  return makePlan({
    ...(severity !== undefined && { output: { kind: 'tally', countBy: severity } }),
    ...(pattern !== undefined && { pattern: { patterns: [pattern], ignoreCase } }),
    ...(Object.keys(selection).length > 0 && { selection }),
    scan: { quiet: severity === undefined },
  });
};

/** A number is a severity of syslog's where it is less than 8, else a level of pino's. */
const severityOf = (text: string): Level | undefined =>
  /^\d{1,2}$/.test(text) ? levelOfNumber(Number(text), Number(text) < 8 ? 'syslog' : 'pino') : levelOf(text);

/** How many of the lines say of themselves that they are as bad as this, or worse. */
const countFrom = ({ tallies }: Engine, least: Level): number =>
  (tallies.counts === undefined ? [] : rankCounts(tallies.counts)).reduce((sum, { value, count }) => {
    const level = value === undefined ? undefined : severityOf(value);
    return level !== undefined && atLeast(level, least) ? sum + count : sum;
  }, 0);

const rowFor = (name: string, { engine, lines }: Tally, { severity }: LineWatch): Row =>
  row([name], {
    lines,
    ...(severity !== undefined && {
      warning_lines: countFrom(engine, 'warn'),
      critical_lines: countFrom(engine, 'error'),
    }),
  });

const openTally = (plan: SearchPlan): Tally => {
  // Nothing is printed.
  const out = openCollector({ take: () => Buffer.allocUnsafeSlow(PIECE_BYTES), give: () => {} });
  return { engine: openEngine(plan, { out, between: () => true }), lines: 0 };
};

const countIn = async ({ parts }: Parts, tallies: readonly Tally[], name: string): Promise<void> => {
  for (const { traits, open } of parts)
    for (const tally of tallies) {
      const feed = open();
      try {
        await tally.engine.search(feed, name, traits);
      } finally {
        feed.close();
      }
      tally.lines += tally.engine.count();
    }
};

/** Counts them all. What cannot be read is said in the rows: nothing is known then. Throws a UserError for a pattern that is none. */
export const countLines = async (watch: LineWatch, world: World): Promise<CountedLines> => {
  const now = world.clock.now();
  const { patterns, within, files } = watch;
  const tallies = (patterns.length === 0 ? [undefined] : patterns).map((pattern) =>
    openTally(planFor(watch, pattern, now)),
  );
  const positions = within === undefined ? openPositions(watch, world) : undefined;
  let error: string | undefined;
  for (const file of files) {
    const path = resolve(file);
    let found: Parts | undefined;
    try {
      found =
        positions === undefined
          ? await partsWithin(path, watch, now)
          : partsSince(path, watch, positions, now);
      await countIn(found, tallies, file);
    } catch (problem) {
      // A bug is none of the log's.
      if (!(problem instanceof UserError) && (problem as NodeJS.ErrnoException).code === undefined)
        throw problem;
      error ??= `${file}: ${systemReason(problem)}`;
    } finally {
      found?.close();
    }
  }
  const rows = namesIn(watch).map((name, index) =>
    error === undefined ? rowFor(name, tallies[index] as Tally, watch) : row([name], {}, { error }),
  );
  return {
    reading: { group: matches, rows },
    origin: positions?.since() ?? `lines of the last ${formatDuration(within ?? 0)}`,
    settle: () => {
      // Where a log could not be read nothing was judged, and nothing has been counted.
      if (error === undefined) positions?.save();
    },
  };
};
