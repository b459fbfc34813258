/** The registry: a new format is its file and a line here. Each is loaded when it is asked for. */

import type { Sample } from '../core/sample.js';
import type { CheckReport } from './check-report.js';
import type { ColourLevel } from './palette.js';
import type { QueryFormat } from './query-answer.js';

/** How a report may look where a person reads it. */
export interface Look {
  /** All that was judged, not only what is wrong. */
  readonly verbose: boolean;
  readonly colourLevel: ColourLevel;
  /** Cells that a line may take; Infinity where nobody looks at it on a terminal. */
  readonly width: number;
  /** Lines of the terminal, where it is one. */
  readonly height?: number;
}

export interface CheckFormat {
  readonly report: (report: CheckReport, look: Look) => string | Promise<string>;
  /** What stands on standard output where there is no report, for who looks nowhere else. */
  readonly excuse?: (why: string) => string;
}

export interface SampleFormat {
  /** Samples as they follow each other; asked for again where one pass is not enough. */
  readonly range: (samples: () => Iterable<Sample>) => Iterable<string>;
  /** One sample, as what is so now. */
  readonly last: (sample: Sample) => Iterable<string>;
}

/** What `sysmon check` found, by the name of the format. */
export const CHECK_FORMATS: ReadonlyMap<string, () => Promise<CheckFormat>> = new Map([
  ['text', async () => (await import('./check-text.js')).text],
  ['json', async () => (await import('./check-json.js')).json],
  ['nagios', async () => (await import('./check-nagios.js')).nagios],
]);

/** Samples of a log for other tools. */
export const SAMPLE_FORMATS: ReadonlyMap<string, () => Promise<SampleFormat>> = new Map([
  ['prometheus', async () => (await import('./history.js')).prometheus],
  ['openmetrics', async () => (await import('./history.js')).openmetrics],
  ['csv', async () => (await import('./csv.js')).csv],
]);

/** The answer to a query. */
export const QUERY_FORMATS: ReadonlyMap<string, () => Promise<QueryFormat>> = new Map([
  ['graph', async () => (await import('./query-graph.js')).graph],
  ['table', async () => (await import('./query-table.js')).table],
  ['csv', async () => (await import('./query-csv.js')).csv],
  ['json', async () => (await import('./query-json.js')).json],
  ['prometheus', async () => (await import('./query-exposition.js')).prometheus],
]);
