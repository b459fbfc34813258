/** What queries and rules are asked of: the log of the vitals, and what was scraped beside it, as one. */

import { clean } from '../core/clean.js';
import { openLog } from '../logs/reader.js';
import { listScraped } from '../logs/scraped/place.js';
import { openScraped } from '../logs/scraped/source.js';
import { openLogSeries } from '../logs/series/log-series.js';
import { joinSources } from '../promql/join.js';
import type { SeriesSource } from '../promql/series.js';
import { GROUPS } from '../vitals/index.js';
import type { World } from '../world.js';
import { checkState, refusePipe } from './log-state.js';
import { findLog } from './places.js';

export interface OpenSeries {
  readonly source: SeriesSource;
  /** The log of the vitals. */
  readonly path: string;
  /** When its first and its last sample were taken, ms since 1970; undefined where it has none. */
  readonly span: () => { readonly oldest: number; readonly newest: number } | undefined;
}

/** Nothing of a record but when it was made. */
const NO_GROUPS: ReadonlySet<string> = new Set();

export interface SeriesPlace {
  /** The log that somebody named; the usual one where nobody did. */
  readonly file: string | undefined;
  /** Who asks, for what is said about files that cannot be read: `sysmon query`. */
  readonly command: string;
}

/** Throws a UserError where there is neither a log nor anything scraped beside it, or it cannot be read. */
export const openSeries = async ({ file, command }: SeriesPlace, world: World): Promise<OpenSeries> => {
  refusePipe(file);
  const path = file ?? findLog(world);
  const told = new Set<string>();
  const onProblem = (text: string): void => {
    // The same files are gone through again for what is missing, and in each pass for metrics.
    if (told.has(text)) return;
    told.add(text);
    world.stderr.write(`${command}: ${clean(text)}\n`);
  };
  const scraped = listScraped(path);
  const log = openLog(path, GROUPS, onProblem);
  try {
    if (scraped.length === 0 || log.state() !== 'missing') checkState(log, path, file !== undefined);
  } finally {
    log.close();
  }
  return {
    source: joinSources([
      openLogSeries(path, GROUPS, { onProblem }),
      ...(scraped.length === 0 ? [] : [openScraped(scraped, { onProblem })]),
    ]),
    path,
    span: () => {
      const again = openLog(path, GROUPS);
      try {
        const newest = again.last(({ kind }) => kind === 'sample', NO_GROUPS)?.time;
        if (newest === undefined) return undefined;
        for (const { time } of again.samples({ only: NO_GROUPS })) return { oldest: time, newest };
        return undefined;
      } finally {
        again.close();
      }
    },
  };
};
