/** Files of scrapes as series that can be asked for. */

import { closeSync } from 'node:fs';
import { type Labels, labelsFrom } from '../../promql/labels.js';
import type {
  LoadOptions,
  Metric,
  MetricType,
  Selection,
  Series,
  SeriesSource,
} from '../../promql/series.js';
import type { OnProblem } from '../log-file.js';
import { followLinks } from '../log-place.js';
import { openTogether } from '../log-set.js';
import { Column } from './columns.js';
import { readLineHead } from './line-head.js';
import { readBatches } from './lines.js';
import { readFamilies } from './metrics.js';
import type { ScrapedFile } from './place.js';
import { TargetReader, type Want } from './target-reader.js';

const NO_VALUE = '';

const valueIn = (labels: Readonly<Record<string, string>>, name: string): string =>
  Object.hasOwn(labels, name) ? (labels[name] as string) : NO_VALUE;

/** Makes columns of the series that one of the selections wants. */
const chooseBy = (selections: readonly Selection[], columns: Map<string, Column>): Want => {
  const fits = (labels: Readonly<Record<string, string>>): boolean =>
    selections.some(({ matchers }) => matchers.every(({ name, matches }) => matches(valueIn(labels, name))));
  return (texts) => {
    if (!fits(texts)) return undefined;
    const labels: Labels = labelsFrom(Object.entries(texts));
    const known = columns.get(labels.key);
    if (known !== undefined) return known;
    const column = new Column(labels);
    columns.set(labels.key, column);
    return column;
  };
};

interface Reading {
  readonly path: string;
  readonly selections: readonly Selection[];
  readonly onProblem: OnProblem;
  readonly options: LoadOptions;
}

const sinceOf = (selections: readonly Selection[]): number =>
  Math.min(...selections.map(({ since }) => since));

/** All targets begin anew at the same time, more or less: what is found in so many ms tells how far back to go for all of them. */
const LOOK_MS = 120_000;

/** Reads from `from` on; where lines need a key from before that, gives the earliest of their times instead. */
const readFrom = async (
  { path, selections, onProblem, options }: Reading,
  from: number,
  columns: Map<string, Column>,
): Promise<number | undefined> => {
  const until = Math.max(...selections.map((one) => one.until));
  // What is read of the time before serves only to understand what was asked for.
  const since = sinceOf(selections);
  const want = chooseBy(selections, columns);
  const targets = new Map<string, TargetReader>();
  let missing: number | undefined;
  let looked = Number.POSITIVE_INFINITY;
  const set = openTogether(path, onProblem);
  try {
    const { signal, onProgress } = options;
    const range = { since: from, until };
    for await (const batch of readBatches({ path, set, range, onProblem, signal, onProgress })) {
      for (const line of batch) {
        const head = readLineHead(line);
        if (head === undefined || head.time > until) continue;
        if (head.time > looked) return missing;
        let target = targets.get(head.target);
        if (target === undefined) {
          if (!head.isKey) {
            if (!(head.key < from && head.time >= since)) continue;
            missing = Math.min(missing ?? head.key, head.key);
            looked = Math.min(looked, head.time + LOOK_MS);
            continue;
          }
          target = new TargetReader(want);
          targets.set(head.target, target);
        }
        if (head.kind === 'gone' || target.follows(head)) target.read(line, head);
      }
    }
  } finally {
    if (set.fd !== undefined) closeSync(set.fd);
  }
  for (const target of targets.values()) target.finish(until);
  return missing;
};

const readSeries = async (reading: Reading): Promise<readonly Series[]> => {
  let from = sinceOf(reading.selections);
  for (;;) {
    const columns = new Map<string, Column>();
    const earlier = await readFrom(reading, from, columns);
    if (earlier === undefined)
      return [...columns.values()].map((column) => column.toSeries()).filter((one) => one !== undefined);
    from = earlier;
  }
};

/** Whether a job can have what is asked for. */
const mayHave = ({ matchers }: Selection, job: string): boolean =>
  matchers.every(({ name, matches }) => name !== 'job' || matches(job));

const TYPES: ReadonlySet<string> = new Set<MetricType>([
  'counter',
  'gauge',
  'histogram',
  'summary',
  'untyped',
]);

const isType = (type: string | undefined): type is MetricType => type !== undefined && TYPES.has(type);

/** Of each target, whatever it is. */
const OWN_METRICS: readonly Metric[] = [
  { name: 'up', type: 'gauge', help: 'Whether the last scrape of the target succeeded.' },
  { name: 'scrape_duration_seconds', type: 'gauge', help: 'How long the scrape took.', unit: 'seconds' },
  { name: 'scrape_samples_scraped', type: 'gauge', help: 'Samples that the target exposed.' },
  {
    name: 'scrape_samples_post_metric_relabeling',
    type: 'gauge',
    help: 'Samples that were left after relabelling: all of them.',
  },
  { name: 'scrape_series_added', type: 'gauge', help: 'Series that were new in the scrape.' },
];

export interface ScrapedOptions {
  /** Told in words what could not be read. */
  readonly onProblem?: OnProblem;
}

const own =
  (selections: readonly Selection[]) =>
  (series: Series): boolean =>
    selections.some(({ matchers }) =>
      matchers.every(({ name, matches }) => {
        const index = series.labels.names.indexOf(name);
        return matches(index < 0 ? NO_VALUE : (series.labels.values[index] as string));
      }),
    );

/** The series of these files. Reads nothing before it is asked. */
export const openScraped = (
  files: readonly ScrapedFile[],
  { onProblem = () => {} }: ScrapedOptions = {},
): SeriesSource => ({
  load: async (selections, options = {}) => {
    const loaded: Series[] = [];
    for (const [index, { job, path }] of files.entries()) {
      const real = followLinks(path);
      const wanted = readFamilies(real, onProblem).honorsLabels
        ? selections
        : selections.filter((one) => mayHave(one, job));
      if (wanted.length === 0) continue;
      const onProgress = (part: number): void => options.onProgress?.((index + part) / files.length);
      loaded.push(
        ...(await readSeries({
          path: real,
          selections: wanted,
          onProblem,
          options: { ...options, onProgress },
        })),
      );
    }
    return { select: (selection) => loaded.filter(own([selection])) };
  },
  metrics: async () => {
    const metrics = new Map<string, Metric>();
    for (const { path } of files)
      for (const { name, type, help = '', unit } of readFamilies(followLinks(path), onProblem).families())
        metrics.set(name, {
          name,
          type: isType(type) ? type : 'untyped',
          help,
          ...(unit === undefined || unit === '' ? {} : { unit }),
        });
    if (metrics.size > 0) for (const metric of OWN_METRICS) metrics.set(metric.name, metric);
    return [...metrics.values()];
  },
});
