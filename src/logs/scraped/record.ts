/**
 * What stands in `scrape-<job>.log`: NDJSON as in sysmon's own log (`level`, `time`, `host`, `msg`, `v`, `seq`), one line a scrape of
 * one target. Every value comes back bit by bit.
 *
 * A **key** line says all of a target: its labels, its table of series, and as many values as there are series in the table.
 *
 *     {"level":30,"time":1795232000000,"host":"web-1","msg":"scrape","v":1,"seq":2,"target":"127.0.0.1:8000","key":1795232000000,
 *      "n":0,"up":1,"seconds":0.004,"scraped":3,"added":3,"interval":15,"labels":{"instance":"127.0.0.1:8000","job":"app"},
 *      "metrics":[{"name":"http_requests_total","type":"counter","help":"Requests.","series":[{"code":"200"},{"code":"500"}]},
 *                 {"name":"latency_seconds","type":"summary","help":"…","series":[{"__name__":"latency_seconds_sum"}]}],
 *      "values":[1027,3,7.25]}
 *
 * `series` are the labels of each series, beside those in `labels`, which they go before; `__name__` stands there where the
 * series is called otherwise than its family. The table counts all of them in this order, from 0.
 *
 * The lines after it, up to the next key, say what changed. `key` is the time of their key line, `n` their number since
 * then: a hole is a line that was lost, and nothing is known until the next key.
 *
 *     {…,"key":1795232000000,"n":1,"up":1,"seconds":0.004,"scraped":3,"added":0,"changes":[12,0,"7.375"]}
 *
 * `changes` goes along the table:
 *
 * - a number is what was added, in units of the last decimal place of the series' value, as it was when it was last written in
 *   full: after 7.25, `13` means 7.38. 0 is no change.
 * - a string is the value itself: the first one, one with other decimal places, `"NaN"`, `"+Inf"`, `"-Inf"`, `"-0"`.
 * - `[n]`: the next n series did not change. Those behind the end of `changes` did not either.
 * - `null`: the series is gone. It is back with its next number or string.
 *
 * `new`, before it, holds series that come to the end of the table, in the form of `metrics`. `stamps`, on any line, are of samples
 * to which the exporter itself gave a time: `[position, n, ms]` says it of n series from that position on, in ms after the
 * line's own time. With `"up":0` nothing was scraped (`error` says why): at this time all series are gone, and the next line
 * goes on from the values before. Such a line may be a key too; `absent` are then the positions of series that are gone.
 *
 * `{"msg":"gone","target":…}` ends a target: it is not scraped any more. Every file begins with a key of each target, and
 * about every two megabytes there is another one, so that reading can begin anywhere. `{"msg":"job","job":…}` opens a file.
 */

/** Raised when a meaning changes, not when fields are added. */
export const SCRAPE_VERSION = 1;

/** What is known of a family of series. */
export interface FamilyText {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** The series of a family in a table. */
export interface FamilyEntry extends Partial<FamilyText> {
  readonly name: string;
  readonly series: readonly Readonly<Record<string, string>>[];
}

/** One scrape of one target. */
export interface Scrape {
  /** When it was begun, ms since 1970. */
  readonly time: number;
  /** How long it took. */
  readonly seconds: number;
  /** Why there is nothing, in words. */
  readonly error?: string;
  /** Samples that the target gave, where that is not how many there are here. */
  readonly scraped?: number;
  /** The numbers of the series; the first of a number that comes twice stands. */
  readonly series: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** ms since 1970, where a sample came with its own. */
  readonly stamps?: ArrayLike<number | undefined> | undefined;
}

/** A target as its file knows it. */
export interface TargetText {
  /** What tells it from the others of its job. */
  readonly name: string;
  /** On all of its series. */
  readonly labels: Readonly<Record<string, string>>;
  /** s between two scrapes; undefined where there is only one. */
  readonly interval: number | undefined;
}
