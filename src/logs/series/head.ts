/** What a line begins with, without parsing it: which record it is, of when, and what may stand in it. */

/** A sample's own facts, and where its groups begin. */
export interface SampleHead {
  readonly time: number;
  readonly host: string;
  /** Seconds between samples; undefined where it does not say. */
  readonly interval: number | undefined;
  readonly detail: boolean;
  /** Offset of the quote before the first key behind them; that of the line's end where there is none. */
  readonly keys: number;
}

/**
 * `sample`: as sysmon writes it. `other`: another kind of record. `odd`: spelled in another way, or no record at all, which only
 * parsing can tell.
 */
export type Head =
  | { readonly kind: 'sample'; readonly v: number; readonly sample: SampleHead }
  | { readonly kind: 'other'; readonly msg: string; readonly v: number }
  | { readonly kind: 'odd' };

/** Long enough for the longest name of a host. Beyond it a line is odd. */
const HEAD_BYTES = 448;

/** As `encodeRecord` writes it. The last part is what comes behind: a key that belongs to the head would be one out of place. */
const HEAD =
  /^\{"level":\d+,"time":(-?\d+),"host":"([^"\\]*)","msg":"(\w+)","v":(\d+)(?:,"seq":\d+)?(?:,"boot":"[^"\\]*"(?:,"interval":(\d[\d.e+-]*))?(,"detail":true)?(,"(?!(?:interval|detail|boot|seq|v|msg|host|time)")|\}))?/;

const BEYOND_ASCII = /[\x80-\xff]/;

const ODD: Head = { kind: 'odd' };

/** Bytes that were read as if each were a character. */
const textOf = (latin1: string): string =>
  BEYOND_ASCII.test(latin1) ? Buffer.from(latin1, 'latin1').toString('utf8') : latin1;

export const readHead = (line: Buffer): Head => {
  const found = HEAD.exec(line.toString('latin1', 0, HEAD_BYTES));
  if (found === null) return ODD;
  const [whole, time, host, msg, v, interval, detail, behind] = found;
  if (msg !== 'sample') return { kind: 'other', msg: msg as string, v: Number(v) };
  if (behind === undefined) return ODD;
  return {
    kind: 'sample',
    v: Number(v),
    sample: {
      time: Number(time),
      host: textOf(host as string),
      interval: interval === undefined ? undefined : Number(interval),
      detail: detail !== undefined,
      keys: whole.length - 1,
    },
  };
};
