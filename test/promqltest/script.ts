/** A script as a list of commands. Blank lines and comments end a block; how far a line is indented says nothing. */

import { parseDuration } from '../../src/promql/durations.js';
import { readNumber, readSeries, type WrittenSeries } from '../../src/promql/notation.js';
import { unquote } from '../../src/promql/strings.js';

/** What native histograms are here: points that nothing is known of. */
export type SeriesLine = WrittenSeries<'histogram'>;

export const readSeriesLine = (line: string): SeriesLine => readSeries(line, () => 'histogram' as const);

/** What a message must be, wholly, or a regular expression somewhere in it; without either, anything. */
export interface Saying {
  readonly text?: string;
  readonly pattern?: RegExp;
}

export interface Expectations {
  readonly series: readonly SeriesLine[];
  readonly scalar?: number;
  readonly string?: string;
  readonly ordered: boolean;
  /** Of a result that is a range vector: where its points stand, ms. */
  readonly grid?: { readonly start: number; readonly step: number };
  readonly fail: readonly Saying[];
  readonly warn: readonly Saying[];
  readonly info: readonly Saying[];
  readonly noWarn: boolean;
  readonly noInfo: boolean;
}

interface Placed {
  /** From 1. */
  readonly line: number;
}

export interface Load extends Placed {
  readonly kind: 'load';
  /** ms */
  readonly step: number;
  readonly series: readonly SeriesLine[];
  /** Classic histograms also become histograms with custom buckets. */
  readonly customBuckets: boolean;
}

export interface Eval extends Placed {
  readonly kind: 'eval';
  readonly query: string;
  readonly start: number;
  readonly end: number;
  /** 0 for an instant query. */
  readonly step: number;
  readonly expected: Expectations;
}

/** What cannot be read: a failure of the script, in its place. */
export interface Broken extends Placed {
  readonly kind: 'broken';
  readonly text: string;
  readonly reason: string;
}

export type Command = Load | Eval | Broken | (Placed & { readonly kind: 'clear' });

const readTime = (text: string): number => {
  const seconds = readNumber(text);
  if (seconds !== undefined) return Math.round(seconds * 1000);
  const [, sign, rest] = /^([+-]?)(.*)$/.exec(text) as unknown as [string, string, string];
  const duration = parseDuration(rest);
  if (typeof duration === 'string') throw new Error(duration);
  return sign === '-' ? -duration : duration;
};

/** Regular expressions of scripts are Go's; what differs from JavaScript's is a flag at the beginning. */
const readPattern = (text: string): RegExp => {
  const flags = /^\(\?([is]+)\)/.exec(text);
  return flags === null ? new RegExp(text) : new RegExp(text.slice(flags[0].length), flags[1]);
};

const sayingOf = (kind: string | undefined, text: string | undefined): Saying => {
  if (kind === undefined || text === undefined) return {};
  return kind === 'msg' ? { text: text.trim() } : { pattern: readPattern(text.trim()) };
};

const EXPECT = /^expect\s+(fail|warn|info|no_warn|no_info|ordered)(?:\s+(msg|regex)\s*:(.*))?$/;
const EXPECT_STRING = /^expect\s+string\s+(.+)$/;
const EXPECT_GRID = /^expect\s+range\s+vector\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)$/;
const OLD_FAIL = /^expected_fail_(message|regexp)\s+(.*)$/;

type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] };

const expectIn = (expected: Writable<Expectations>, line: string): void => {
  const old = OLD_FAIL.exec(line);
  if (old !== null) {
    expected.fail.push(sayingOf(old[1] === 'message' ? 'msg' : 'regex', old[2]));
    return;
  }
  const string = EXPECT_STRING.exec(line);
  if (string !== null) {
    expected.string = unquote(string[1] as string);
    return;
  }
  const grid = EXPECT_GRID.exec(line);
  if (grid !== null) {
    expected.grid = { start: readTime(grid[1] as string), step: readTime(grid[3] as string) };
    return;
  }
  const match = EXPECT.exec(line);
  if (match === null) {
    if (/^expect\s/.test(line)) throw new Error(`unknown expectation: ${line}`);
    const scalar = readNumber(line);
    if (scalar !== undefined) expected.scalar = scalar;
    else expected.series.push(readSeriesLine(line));
    return;
  }
  const [, what, kind, text] = match as unknown as [string, string, string?, string?];
  if (what === 'ordered') expected.ordered = true;
  else if (what === 'no_warn') expected.noWarn = true;
  else if (what === 'no_info') expected.noInfo = true;
  else expected[what as 'fail' | 'warn' | 'info'].push(sayingOf(kind, text));
};

const EVAL =
  /^eval(?:_(fail|warn|info|ordered))?\s+(?:instant\s+(?:at\s+(\S+)\s+)?|range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+)(.+)$/i;

const readEval = (first: string, block: readonly string[], line: number): Eval => {
  const match = EVAL.exec(first);
  if (match === null) throw new Error('unknown form of eval');
  const [, mode, at, from, to, step, query] = match;
  const expected: Writable<Expectations> = {
    series: [],
    ordered: mode === 'ordered',
    fail: mode === 'fail' ? [{}] : [],
    warn: mode === 'warn' ? [{}] : [],
    info: mode === 'info' ? [{}] : [],
    noWarn: false,
    noInfo: false,
  };
  for (const one of block) expectIn(expected, one);
  const start = readTime(from ?? at ?? '0');
  return {
    kind: 'eval',
    line,
    query: query as string,
    start,
    end: to === undefined ? start : readTime(to),
    step: step === undefined ? 0 : readTime(step),
    expected,
  };
};

const LOAD = /^load(_with_nhcb)?\s+(\S+)$/i;

const readCommand = (first: string, block: readonly string[], line: number): Command => {
  const word = first.split(/\s/)[0] as string;
  if (/^eval/i.test(word)) return readEval(first, block, line);
  const load = LOAD.exec(first);
  if (load === null) throw new Error('unknown command');
  const [, nhcb, step] = load;
  const series = block.map(readSeriesLine);
  return { kind: 'load', line, step: readTime(step as string), series, customBuckets: nhcb !== undefined };
};

export const readScript = (text: string): Command[] => {
  const lines = text.split('\n').map((line) => {
    const bare = line.trim();
    return bare.startsWith('#') ? '' : bare;
  });
  const commands: Command[] = [];
  for (let at = 0; at < lines.length; at++) {
    const first = lines[at] as string;
    const line = at + 1;
    if (first === '') continue;
    if (/^clear$/i.test(first)) {
      commands.push({ kind: 'clear', line });
      continue;
    }
    const block: string[] = [];
    // What begins no block stands alone, so that the lines after it are looked at as well.
    if (/^(load|eval)/i.test(first))
      while (at + 1 < lines.length && lines[at + 1] !== '') block.push(lines[++at] as string);
    try {
      commands.push(readCommand(first, block, line));
    } catch (error) {
      commands.push({ kind: 'broken', line, text: first, reason: (error as Error).message });
    }
  }
  return commands;
};
