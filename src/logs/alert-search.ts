/**
 * The moments at which a rule began to hold, or became critical. Each sample carries the alerts that hold, and a record stands
 * behind the sample that one began with: what either of them says counts, for a log can have lost lines. Most pieces hold
 * nothing of the kind, and are passed over after a native search.
 */

import type { ActiveAlert } from '../core/sample.js';
import { firstSample, isSample } from './find-sample.js';
import type { LogRow, Place } from './log-row.js';
import type { PieceLines } from './piece-lines.js';
import { FileMoved, type PiecedFile } from './pieces.js';
import type { LogRecord } from './record.js';
import { timeOf } from './time-index.js';

type Alerts = readonly ActiveAlert[];

export interface SearchOptions {
  /** Ends the search; it is then as if there was none. */
  readonly signal?: AbortSignal;
  /** Told how far the search has come, ms since 1970. */
  readonly onProgress?: (time: number) => void;
}

const RECORD = Buffer.from('"msg":"alert"');
const ALERTS = Buffer.from('"alerts":[');
const SAMPLE = Buffer.from('"msg":"sample"');
/** In both of the first two. Looked for alone, because a search for what begins with a quote stops at each of them. */
const HINT = Buffer.from('alert');

/** Pieces that are in work at once, each in a thread of its own. */
const AHEAD = 4;

const isWorse = (state: string, before: string | undefined): boolean =>
  state === 'critical'
    ? before !== 'critical'
    : state === 'warning' && before !== 'critical' && before !== 'warning';

const begins = (before: Alerts, now: Alerts): boolean =>
  now.some(({ rule, path, state }) =>
    isWorse(state, before.find((one) => one.rule === rule && one.path === path)?.state),
  );

const isBeginning = (record: LogRecord | undefined): boolean =>
  record?.kind === 'alert' && isWorse(record.state, record.before);

/** What a run of lines says of alerts; lines are told by their number. */
interface Scan {
  /** Its first and last sample, and the alerts that hold in them. Undefined where it has no samples. */
  readonly first: { readonly line: number; readonly alerts: Alerts } | undefined;
  readonly last: Alerts;
  /** Samples behind the first one, and alert records, with which something began. */
  readonly began: readonly number[];
}

/** What can be said of a text without looking at its lines: that it has no alerts. */
const scanQuiet = (text: Buffer): Scan | undefined => {
  if (text.includes(HINT)) return undefined;
  return { first: text.includes(SAMPLE) ? { line: 0, alerts: [] } : undefined, last: [], began: [] };
};

/** Looks through the lines from `from` up to `to`. */
const scan = (lines: PieceLines, from: number, to: number): Scan => {
  let first: Scan['first'];
  let last: Alerts = [];
  /** How the alerts of the sample before stand in its line: while they do not change they need not be decoded. */
  let written: Buffer | undefined;
  const began: number[] = [];
  const hasAlerts = lines.text.includes(ALERTS);
  const hasRecords = lines.text.includes(RECORD);
  for (let line = from; line < to; line++) {
    const bytes = lines.bytesAt(line);
    if (hasRecords && bytes.includes(RECORD)) {
      if (isBeginning(lines.bareAt(line))) began.push(line);
      continue;
    }
    const holds = hasAlerts && bytes.includes(ALERTS);
    if (first !== undefined && (holds ? written !== undefined && bytes.includes(written) : last.length === 0))
      continue;
    const record = lines.bareAt(line);
    if (record?.kind !== 'sample') continue;
    const { alerts = [] } = record.sample;
    if (first === undefined) first = { line, alerts };
    else if (begins(last, alerts)) began.push(line);
    last = alerts;
    written = Buffer.from(`"alerts":${JSON.stringify(alerts)}`);
  }
  return { first, last, began };
};

interface ReadPiece {
  readonly file: PiecedFile;
  readonly piece: number;
  readonly text: Buffer;
}

/** The pieces from the one of `place` on, or back from it, read ahead while the caller looks at those before. */
async function* readPieces(row: LogRow, place: Place, step: 1 | -1): AsyncGenerator<ReadPiece, void> {
  function* walk(): Generator<readonly [PiecedFile, number]> {
    const files = row.files();
    for (let at = files.indexOf(place.file); at >= 0 && at < files.length; at += step) {
      const file = files[at] as PiecedFile;
      const { length } = file.pieces();
      let piece = file === place.file ? place.piece : step > 0 ? 0 : length - 1;
      for (; piece >= 0 && piece < length; piece += step) yield [file, piece];
    }
  }
  const waiting: { file: PiecedFile; piece: number; text: Promise<Buffer> }[] = [];
  const fetch = async (file: PiecedFile, piece: number): Promise<Buffer> => {
    const one = file.pieces()[piece];
    return one === undefined ? Buffer.alloc(0) : file.readAside(one);
  };
  const places = walk();
  for (let done = false; !done || waiting.length > 0; ) {
    while (!done && waiting.length < AHEAD) {
      const { value } = places.next();
      if (value === undefined) done = true;
      else {
        const [file, piece] = value;
        const text = fetch(file, piece);
        // Whoever stops asking must not be told of a file that moved.
        text.catch(() => {});
        waiting.push({ file, piece, text });
      }
    }
    const one = waiting.shift();
    if (one !== undefined) yield { ...one, text: await one.text };
  }
}

/** The sample that a line belongs to: itself, or the one before it. */
const sampleOf = (row: LogRow, place: Place): Place | undefined =>
  isSample(row, place) ? place : firstSample(row, row.before(place));

const alertsAt = (row: LogRow, place: Place): Alerts => {
  const record = row.bareAt(place);
  return record?.kind === 'sample' ? (record.sample.alerts ?? []) : [];
};

/** Where lines are scanned: a piece, with what was found of it. */
interface Found extends Scan {
  readonly at: (line: number) => Place;
}

/** Scans piece after piece, from a sample on or back from it, itself left out. */
async function* scanPieces(
  row: LogRow,
  place: Place,
  step: 1 | -1,
  { signal, onProgress }: SearchOptions,
): AsyncGenerator<Found, void> {
  for await (const { file, piece, text } of readPieces(row, place, step)) {
    if (signal?.aborted) return;
    const at = (line: number): Place => ({ file, piece, line });
    // Somebody else may have looked at the log anew while this waited.
    if (!row.has(at(0))) throw new FileMoved(file.path);
    const scanLines = (): Scan => {
      const lines = row.linesIn(file, text);
      const stands = file === place.file && piece === place.piece;
      const from = stands && step > 0 ? place.line + 1 : 0;
      return scan(lines, from, stands && step < 0 ? place.line : lines.count);
    };
    yield { ...(scanQuiet(text) ?? scanLines()), at };
    const time = timeOf(text);
    if (time !== undefined) onProgress?.(time);
  }
}

/** The next sample behind that at `place` with which a rule began to hold. */
export const findNextAlert = async (
  row: LogRow,
  place: Place,
  options: SearchOptions = {},
): Promise<Place | undefined> => {
  let before = alertsAt(row, place);
  for await (const { first, last, began, at } of scanPieces(row, place, 1, options)) {
    const atOnce = first !== undefined && begins(before, first.alerts) ? [first.line] : [];
    for (const line of [...atOnce, ...began].sort((a, b) => a - b)) {
      const sample = sampleOf(row, at(line));
      // A record may belong to the very sample that is left.
      if (sample !== undefined && row.order(sample, place) > 0) return sample;
    }
    if (first !== undefined) before = last;
  }
  return undefined;
};

/** The nearest sample before that at `place` with which a rule began to hold; the log's first, where one holds in it already. */
export const findPreviousAlert = async (
  row: LogRow,
  place: Place,
  options: SearchOptions = {},
): Promise<Place | undefined> => {
  /** A piece's first sample: whether something began with it, only the piece before can tell. */
  let open: { readonly place: Place; readonly alerts: Alerts } | undefined;
  for await (const { first, last, began, at } of scanPieces(row, place, -1, options)) {
    if (first !== undefined) {
      if (open !== undefined && begins(last, open.alerts)) return open.place;
      open = { place: at(first.line), alerts: first.alerts };
    }
    const line = began.at(-1);
    if (line === undefined) continue;
    const sample = sampleOf(row, at(line));
    if (sample === undefined) continue;
    const isOlder = open !== undefined && row.order(sample, open.place) < 0;
    return isOlder && open !== undefined && begins(alertsAt(row, sample), open.alerts) ? open.place : sample;
  }
  if (options.signal?.aborted) return undefined;
  return open !== undefined && begins([], open.alerts) ? open.place : undefined;
};
