/** sysmon's own log as a source of series. */

import type { Group } from '../../core/group.js';
import type { LoadOptions, Selection, Series, SeriesSource } from '../../promql/series.js';
import type { OnProblem } from '../log-file.js';
import { followLinks } from '../log-place.js';
import { filesOf } from './files.js';
import { gatherSeries, type Moment, matches } from './gather.js';
import { metricsOf } from './metrics.js';
import { momentReaders } from './moments.js';
import { joinRanges, ofThisJob } from './wanted.js';

export interface LogSeriesOptions {
  /** Told in words what could not be read. */
  readonly onProblem?: OnProblem;
}

/**
 * Opens the log at `path`; `own` are the groups this version knows. Nothing is read yet; each load sees the log as it is then. A log
 * that is not there has no series.
 */
export const openLogSeries = (
  path: string,
  own: ReadonlyMap<string, Group>,
  { onProblem = () => {} }: LogSeriesOptions = {},
): SeriesSource => {
  const real = followLinks(path);

  /** Calls back with what the log says, in the order in which it was written, until it has heard enough. */
  const readMoments = async (
    selections: readonly Selection[],
    { signal, onProgress }: LoadOptions,
    take: (moment: Moment) => boolean,
    keep = false,
  ): Promise<boolean> => {
    const readerFor = momentReaders(own, selections, { keep });
    let enough = false;
    const ranges = joinRanges(selections);
    await filesOf(real, onProblem)(ranges, async (file, index, count) => {
      if (enough || !file.mayHold(ranges)) return;
      const reader = readerFor(file.head());
      if (reader.ranges.length === 0) return;
      for await (const { lines, part } of file.portions(reader.ranges)) {
        for (const line of lines) {
          const moment = reader.read(line);
          if (moment === undefined || take(moment)) continue;
          enough = true;
          return;
        }
        signal?.throwIfAborted();
        onProgress?.((index + part) / count);
      }
    });
    return !enough;
  };

  const load = async (selections: readonly Selection[], options: LoadOptions): Promise<readonly Series[]> => {
    const gathering = gatherSeries(selections);
    if (await readMoments(selections, options, gathering.take)) return gathering.finish();
    // The clock was set back: once more, with all of it in memory, to be taken in the order of time.
    const moments: Moment[] = [];
    await readMoments(selections, options, (moment) => moments.push(moment) > 0, true);
    const sorted = gatherSeries(selections);
    for (const moment of moments.sort((a, b) => a.time - b.time)) sorted.take(moment);
    return sorted.finish();
  };

  return {
    load: async (selections, options = {}) => {
      options.signal?.throwIfAborted();
      const possible = ofThisJob(selections);
      const all = possible.length === 0 ? [] : await load(possible, options);
      options.onProgress?.(1);
      return { select: (selection) => all.filter(({ labels }) => matches(selection, labels)) };
    },
    metrics: async () => metricsOf(real, own, onProblem),
  };
};
