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

const readSpelled = (line: Buffer): Head => {
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

const ZERO = 0x30;
const NINE = 0x39;

/** Offset behind some bytes that stand there; -1 where others do. */
const pass = (line: Uint8Array, from: number, bytes: Uint8Array): number => {
  for (let index = 0; index < bytes.length; index++) if (line[from + index] !== bytes[index]) return -1;
  return from + bytes.length;
};

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= NINE;

const SAMPLE = Buffer.from('{"level":30,"time":');
const SEQ = Buffer.from(',"seq":');
const DETAIL = Buffer.from(',"detail":true');
const NEXT = Buffer.from(',"');

/** What stands between the numbers of a line, which is the same in most that follow. */
interface Pattern {
  /** From behind the time to before `seq`. */
  readonly middle: Uint8Array;
  /** From behind the number to where `detail` may stand. */
  readonly end: Uint8Array;
  readonly v: number;
  readonly host: string;
  readonly interval: number | undefined;
  /** How the first key begins: none that belongs to the head does. */
  readonly key: number;
}

const digitsEnd = (line: Uint8Array, from: number): number => {
  let at = from;
  while (isDigit(line[at])) at++;
  return at;
};

/** What a line as this one is made of; undefined where it cannot be taken apart so. */
const patternOf = (line: Buffer, { v, sample }: Extract<Head, { kind: 'sample' }>): Pattern | undefined => {
  const start = pass(line, 0, SAMPLE);
  if (start === -1 || !isDigit(line[start])) return undefined;
  const timeEnd = digitsEnd(line, start);
  const seq = line.subarray(0, sample.keys).indexOf(SEQ);
  if (seq === -1) return undefined;
  const seqEnd = digitsEnd(line, seq + SEQ.length);
  const end = sample.keys - 1 - (sample.detail ? DETAIL.length : 0);
  const key = line[sample.keys + 1] as number;
  if (line[sample.keys] !== NEXT[1] || 'idbsvmht'.includes(String.fromCharCode(key))) return undefined;
  return {
    middle: Uint8Array.from(line.subarray(timeEnd, seq + SEQ.length)),
    end: Uint8Array.from(line.subarray(seqEnd, end)),
    v,
    host: sample.host,
    interval: sample.interval,
    key,
  };
};

const readAlike = (line: Uint8Array, { middle, end, v, host, interval, key }: Pattern): Head | undefined => {
  let at = pass(line, 0, SAMPLE);
  if (at === -1) return undefined;
  let time = 0;
  const start = at;
  for (let byte = line[at]; isDigit(byte); byte = line[++at]) time = time * 10 + (byte as number) - ZERO;
  // As many digits as a number holds exactly.
  if (at === start || at - start > 15) return undefined;
  at = pass(line, at, middle);
  if (at === -1 || !isDigit(line[at])) return undefined;
  at = pass(line, digitsEnd(line, at), end);
  if (at === -1) return undefined;
  const behind = pass(line, at, DETAIL);
  const detail = behind !== -1;
  at = pass(line, detail ? behind : at, NEXT);
  if (at === -1 || line[at] !== key) return undefined;
  return { kind: 'sample', v, sample: { time, host, interval, detail, keys: at - 1 } };
};

/**
 * Gives what tells the heads of lines that follow each other. Most differ from the one before in their time and number
 * alone: comparing bytes then makes no strings, of which there would be a hundred thousand in a day.
 */
export const headReader = (): ((line: Buffer) => Head) => {
  let pattern: Pattern | undefined;
  return (line) => {
    const alike = pattern === undefined ? undefined : readAlike(line, pattern);
    if (alike !== undefined) return alike;
    const head = readSpelled(line);
    if (head.kind === 'sample') pattern = patternOf(line, head);
    return head;
  };
};
