/**
 * The part of an exposition's line that names a series: `name{label="value",…}`, with Prometheus 3's quoted names as well:
 * `{"a name","a label"="value"}`.
 */

export interface Head {
  /** With `__name__` where it was written as a label; '' where there is no name at all. */
  readonly name: string;
  readonly labels: readonly (readonly [name: string, value: string])[];
  /** Where it ends in the line. */
  readonly end: number;
}

/** What is wrong, in words, without the line's number. */
export class NotExposition extends Error {}

const METRIC = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const BLANKS = /[ \t]*/y;

const SHOWN = 40;

/** What stands at a place, for a message. */
export const found = (line: string, at: number): string => {
  const rest = line.slice(at);
  if (rest === '') return 'the end of the line';
  return JSON.stringify(rest.length > SHOWN ? `${rest.slice(0, SHOWN)}…` : rest);
};

const take = (pattern: RegExp, line: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0];
};

/** Other escapes than these stand for themselves, as in Prometheus. */
const unescapeQuoted = (quoted: string): string => {
  const text = quoted.slice(1, -1);
  if (!text.includes('\\')) return text;
  return text.replace(/\\([\\"n])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
};

/** Blanks may stand anywhere in Prometheus's format, and nowhere in a set of labels of OpenMetrics. */
const skip = (line: string, at: number, strict: boolean): number =>
  strict ? at : at + (take(BLANKS, line, at) as string).length;

/** Where a quoted text ends, behind its quote; -1 where none begins, or it has no end. */
const endOfQuoted = (line: string, at: number): number => {
  if (line[at] !== '"') return -1;
  for (let from = at + 1; ; ) {
    const quote = line.indexOf('"', from);
    if (quote < 0) return -1;
    let slashes = 0;
    while (line[quote - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return quote + 1;
    from = quote + 1;
  }
};

const readQuoted = (
  line: string,
  at: number,
  what: string,
): { readonly text: string; readonly end: number } => {
  const end = endOfQuoted(line, at);
  if (end < 0) throw new NotExposition(`expected ${what} in quotes, found ${found(line, at)}`);
  return { text: unescapeQuoted(line.slice(at, end)), end };
};

/** Reads `{…}` from its brace on. A quoted text with no value is the metric's name. */
export const readLabels = (line: string, start: number, name: string, strict: boolean): Head => {
  const labels: [string, string][] = [];
  let metric = name;
  let at = skip(line, start + 1, strict);
  while (line[at] !== '}') {
    let label = take(LABEL, line, at);
    let isQuoted = false;
    if (label !== undefined) at += label.length;
    else {
      if (line[at] !== '"') throw new NotExposition(`expected a label's name, found ${found(line, at)}`);
      const quoted = readQuoted(line, at, "a label's name");
      label = quoted.text;
      at = quoted.end;
      isQuoted = true;
    }
    at = skip(line, at, strict);
    if (isQuoted && line[at] !== '=') {
      if (metric !== '') throw new NotExposition(`a second name of the metric: ${JSON.stringify(label)}`);
      if (label === '') throw new NotExposition("the metric's name is empty");
      metric = label;
    } else {
      if (line[at] !== '=')
        throw new NotExposition(`expected "=" after the label ${label}, found ${found(line, at)}`);
      const value = readQuoted(line, skip(line, at + 1, strict), `the value of the label ${label}`);
      labels.push([label, value.text]);
      at = skip(line, value.end, strict);
    }
    if (line[at] === ',') at = skip(line, at + 1, strict);
    // Prometheus does without the comma in its own format.
    else if (line[at] !== '}' && (strict || at === line.length))
      throw new NotExposition(`expected "," or "}" after a label, found ${found(line, at)}`);
  }
  return { name: metric, labels, end: at + 1 };
};

/** Throws NotExposition where no series is named, or a label twice. */
export const readHead = (line: string, start: number, strict: boolean): Head => {
  const name = take(METRIC, line, start) ?? '';
  if (name === '' && line[start] !== '{')
    throw new NotExposition(`expected the name of a metric, found ${found(line, start)}`);
  const end = start + name.length;
  const brace = name === '' ? end : skip(line, end, strict);
  const head = line[brace] === '{' ? readLabels(line, brace, name, strict) : { name, labels: [], end };
  const names = new Set(head.labels.map(([label]) => label));
  if (names.size < head.labels.length) {
    const twice = head.labels.find(
      ([label], index) => head.labels.findIndex(([other]) => other === label) < index,
    );
    throw new NotExposition(`label name ${JSON.stringify(twice?.[0])} is not unique`);
  }
  const own = head.labels.find(([label]) => label === '__name__');
  if (own === undefined) {
    if (head.name === '') throw new NotExposition('missing metric name (__name__ label)');
    return head;
  }
  if (head.name !== '') throw new NotExposition('label name "__name__" is not unique');
  return { ...head, name: own[1], labels: head.labels.filter((label) => label !== own) };
};
