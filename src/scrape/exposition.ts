/**
 * What an exporter answers: Prometheus's text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/) and
 * OpenMetrics 1.0. It takes and refuses what Prometheus's own parsers do. One thing wrong makes all of it wrong.
 */

import type { MetricType } from '../promql/series.js';
import { found, NotExposition, readHead, readLabels } from './exposition-head.js';

export type ExpositionFormat = 'text' | 'openmetrics';

/** What is said of a family of metrics, such as a histogram with its buckets, sum and count. */
export interface Family {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
}

/** The samples of one answer, in columns. */
export interface Samples {
  /** What `resolve` gave for the series. */
  readonly series: number[];
  readonly values: number[];
  /** ms since 1970, where the exporter gave one; undefined where no sample has one. */
  stamps: (number | undefined)[] | undefined;
}

/** Gives a series its number; called once for each way in which it is written. */
export type Resolve = (name: string, labels: readonly (readonly [name: string, value: string])[]) => number;

/** What is remembered from answer to answer: most lines are those of the last one but for their values. */
export interface ExpositionMemory {
  /** By the text that names a series. */
  readonly series: Map<string, number>;
  /** Comment lines that were understood. */
  readonly comments: Set<string>;
  readonly families: Map<string, Family>;
}

export const rememberExposition = (): ExpositionMemory => ({
  series: new Map(),
  comments: new Set(),
  families: new Map(),
});

/** Which line of an answer is wrong, and what about it. */
export class ExpositionError extends Error {
  readonly line: number;
  /** How many were read before it. */
  readonly samples: number;

  constructor(line: number, reason: string, samples: number) {
    super(`line ${line}: ${reason}`);
    this.line = line;
    this.samples = samples;
  }
}

/** What Go's strconv.ParseFloat takes, less the forms that Prometheus refuses (hexadecimal, underscores). */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/** Throws NotExposition where the text is no number, or one beyond a double. */
const readValue = (text: string): number => {
  if (NUMBER.test(text)) {
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    throw new NotExposition(`the value ${found(text, 0)} is out of range`);
  }
  if (/^nan$/i.test(text)) return Number.NaN;
  const infinite = INFINITE.exec(text);
  if (infinite === null) throw new NotExposition(`${found(text, 0)} is not a value`);
  return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
};

/** Names in words of the contract: what it has no word for is what Prometheus stores it as. */
const TYPES: Readonly<Record<ExpositionFormat, ReadonlyMap<string, MetricType>>> = {
  text: new Map([
    ['counter', 'counter'],
    ['gauge', 'gauge'],
    ['histogram', 'histogram'],
    ['summary', 'summary'],
    ['untyped', 'untyped'],
  ]),
  openmetrics: new Map([
    ['counter', 'counter'],
    ['gauge', 'gauge'],
    ['histogram', 'histogram'],
    ['summary', 'summary'],
    ['gaugehistogram', 'histogram'],
    ['info', 'gauge'],
    ['stateset', 'gauge'],
    ['unknown', 'untyped'],
  ]),
};

const NO_FAMILY: Omit<Family, 'name'> = { type: 'untyped', help: '', unit: '' };

const COMMENT: Readonly<Record<ExpositionFormat, RegExp>> = {
  text: /^#[ \t]+(HELP|TYPE)[ \t]+("[^\\"]*(?:\\.[^\\"]*)*"|[a-zA-Z_:][a-zA-Z0-9_:]*)(?:(?![a-zA-Z0-9_:]).(.*))?$/s,
  openmetrics: /^# (HELP|TYPE|UNIT) ("[^\\"]*(?:\\.[^\\"]*)*"|[a-zA-Z_:][a-zA-Z0-9_:]*)(?: (.*))?$/s,
};

const unescapeHelp = (text: string, format: ExpositionFormat): string =>
  text.replace(format === 'text' ? /\\([\\n])/g : /\\([\\n"])/g, (_, letter: string) =>
    letter === 'n' ? '\n' : letter,
  );

/** Takes in what a comment says of a family. */
const readComment = (line: string, format: ExpositionFormat, families: Map<string, Family>): void => {
  const [, word, quotedName = '', rest] = COMMENT[format].exec(line) ?? [];
  const text = rest ?? '';
  if (word === undefined || (format === 'openmetrics' && rest === undefined)) {
    // In Prometheus's format anything else behind a # is for people.
    if (format === 'text' && !/^#[ \t]+(?:HELP|TYPE)[ \t]/.test(line)) return;
    throw new NotExposition(
      `expected HELP, TYPE${format === 'text' ? '' : ', UNIT or EOF'} and a name, found ${found(line, 0)}`,
    );
  }
  const name = quotedName.startsWith('"') ? quotedName.slice(1, -1).replace(/\\([\\"])/g, '$1') : quotedName;
  const known = families.get(name) ?? { name, ...NO_FAMILY };
  if (word === 'HELP') families.set(name, { ...known, help: unescapeHelp(text, format) });
  else if (word === 'UNIT') {
    if (text !== '' && !name.endsWith(`_${text}`) && name !== text)
      throw new NotExposition(`unit ${found(text, 0)} is not a suffix of metric ${name}`);
    families.set(name, { ...known, unit: text });
  } else {
    const type = TYPES[format].get(text);
    if (type === undefined) throw new NotExposition(`invalid metric type ${found(text, 0)}`);
    families.set(name, { ...known, type });
  }
};

const TEXT_REST = /^[ \t]*([^{ \t]+)(?:[ \t]+(\d+))?[ \t]*$/;
const OPENMETRICS_REST = /^ ([^{ \t]+)(?: ([^ \t#]+))?(?: # (\{.*))?$/s;

const readStamp = (text: string | undefined, format: ExpositionFormat): number | undefined => {
  if (text === undefined) return undefined;
  if (format === 'text') {
    const ms = Number(text);
    // What Go's int64 holds.
    if (Math.abs(ms) >= 2 ** 63) throw new NotExposition(`invalid timestamp ${found(text, 0)}`);
    return ms;
  }
  const seconds = readValue(text);
  if (!Number.isFinite(seconds)) throw new NotExposition(`invalid timestamp ${found(text, 0)}`);
  return Math.trunc(seconds * 1000);
};

/** An exemplar is looked at and left: there is no place for it in a series. */
const checkExemplar = (text: string): void => {
  const { end } = readLabels(text, 0, 'exemplar', true);
  const [, value, time] = /^ ([^ ]+)(?: ([^ ]+))?$/.exec(text.slice(end)) ?? [];
  if (value === undefined) throw new NotExposition(`expected an exemplar's value, found ${found(text, end)}`);
  readValue(value);
  if (time !== undefined) readStamp(time, 'openmetrics');
};

/** A slice of a string keeps all of it in memory. */
const unlink = (text: string): string => Buffer.from(text).toString();

/** Where the text that names the series most probably ends. */
const guessEnd = (line: string, start: number, format: ExpositionFormat): number => {
  const exemplar = format === 'openmetrics' ? line.indexOf(' # {') : -1;
  const brace = line.lastIndexOf('}', exemplar < 0 ? line.length : exemplar);
  if (brace >= 0) return brace + 1;
  const [space, tab] = [line.indexOf(' ', start), line.indexOf('\t', start)];
  return space < 0 ? tab : tab < 0 ? space : Math.min(space, tab);
};

/** Lines after which others may have their turn. */
const SLICE_LINES = 500;

/**
 * Reads an answer. It stops after every few hundred lines, so that whoever reads a large one can let others do their work.
 * Throws ExpositionError.
 */
export function* readExposition(
  text: string,
  format: ExpositionFormat,
  memory: ExpositionMemory,
  resolve: Resolve,
): Generator<undefined, Samples> {
  const samples: Samples = { series: [], values: [], stamps: undefined };
  const strict = format === 'openmetrics';
  const { series, comments, families } = memory;
  let hasEnded = false;

  const readSample = (line: string, start: number): void => {
    const guess = guessEnd(line, start, format);
    let end = guess;
    let id =
      guess < 0 ? undefined : series.get(start === 0 ? line.slice(0, guess) : line.slice(start, guess));
    if (id === undefined) {
      const head = readHead(line, start, strict);
      id = resolve(head.name, head.labels);
      end = head.end;
      series.set(unlink(line.slice(start, end)), id);
    }
    const rest = line.slice(end);
    const [, value, stamp, exemplar] = (strict ? OPENMETRICS_REST : TEXT_REST).exec(rest) ?? [];
    if (value === undefined)
      throw new NotExposition(
        `expected ${strict ? 'one space and ' : ''}a value after the series, found ${found(rest, 0)}`,
      );
    if (exemplar !== undefined) checkExemplar(exemplar);
    samples.values.push(readValue(value));
    samples.series.push(id);
    const time = readStamp(stamp, format);
    if (time !== undefined) samples.stamps ??= [];
    if (samples.stamps !== undefined) samples.stamps[samples.series.length - 1] = time;
  };

  const readLine = (line: string): void => {
    if (hasEnded) throw new NotExposition('there is more after # EOF');
    let start = 0;
    if (!strict) while (line[start] === ' ' || line[start] === '\t') start++;
    if (start === line.length) {
      if (strict) throw new NotExposition('an empty line');
    } else if (line[start] !== '#') readSample(line, start);
    else if (strict && line === '# EOF') hasEnded = true;
    else if (!comments.has(line)) {
      readComment(line.slice(start), format, families);
      comments.add(unlink(line));
    }
  };

  let number = 0;
  for (let at = 0; at < text.length; ) {
    number++;
    const cut = text.indexOf('\n', at);
    const end = cut < 0 ? text.length : cut;
    try {
      readLine(text.slice(at, end));
    } catch (error) {
      if (error instanceof NotExposition)
        throw new ExpositionError(number, error.message, samples.series.length);
      throw error;
    }
    at = end + 1;
    if (number % SLICE_LINES === 0) yield;
  }
  if (strict && !hasEnded)
    throw new ExpositionError(number + 1, 'data does not end with # EOF', samples.series.length);
  // What is not seen any more is forgotten, all at once.
  if (series.size > 2 * samples.series.length + 1000) series.clear();
  if (comments.size > 2 * families.size + number + 1000) {
    comments.clear();
    families.clear();
  }
  return samples;
}

/** All of it at once. Throws ExpositionError. */
export const parseExposition = (
  text: string,
  format: ExpositionFormat,
  memory: ExpositionMemory,
  resolve: Resolve,
): Samples => {
  const reading = readExposition(text, format, memory, resolve);
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
  }
};

/** The family that a series belongs to: by its own name, or as a part of a histogram or summary. */
export const familyOf = (name: string, families: ReadonlyMap<string, Family>): Family | undefined => {
  const own = families.get(name);
  if (own !== undefined) return own;
  const [, stem] = /^(.+)_(?:bucket|sum|count|total|created|info|gsum|gcount)$/.exec(name) ?? [];
  return stem === undefined ? undefined : families.get(stem);
};

/** The format that an answer says it has; undefined where it is none of these. */
export const formatOf = (contentType: string): ExpositionFormat | undefined => {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/openmetrics-text') return 'openmetrics';
  // Files that a plain web server gives are exposition too, where somebody asks for them as such.
  return ['', 'text/plain', 'application/octet-stream'].includes(type) ? 'text' : undefined;
};
