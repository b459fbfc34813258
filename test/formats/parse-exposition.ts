/** A strict reader of Prometheus's text format 0.0.4, for tests: it throws at everything that the format does not allow. */

export interface ParsedSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly time?: number;
}

export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly series: readonly ParsedSeries[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^\\"\n]|\\[\\"n])*)"/y;

const unescaped = (text: string): string =>
  text.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped));

const parseValue = (text: string): number => {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  if (text === 'NaN') return Number.NaN;
  if (!/^-?\d+(\.\d+)?(e[+-]\d{2,})?$/.test(text)) throw new Error(`bad value: ${text}`);
  return Number(text);
};

const parseLine = (line: string): ParsedSeries => {
  const name = new RegExp(`^${NAME}`).exec(line)?.[0];
  if (name === undefined) throw new Error(`bad name: ${line}`);
  let at = name.length;
  const labels: [string, string][] = [];
  if (line[at] === '{') {
    do {
      LABEL.lastIndex = at + 1;
      const [whole, label, value] = LABEL.exec(line) ?? [];
      if (whole === undefined) throw new Error(`bad label at ${at}: ${line}`);
      labels.push([label as string, unescaped(value as string)]);
      at += 1 + whole.length;
    } while (line[at] === ',');
    if (line[at++] !== '}') throw new Error(`unfinished labels: ${line}`);
  }
  const [, value, time] = /^ (\S+)(?: (-?\d+))?$/.exec(line.slice(at)) ?? [];
  if (value === undefined) throw new Error(`bad end: ${line}`);
  if (new Set(labels.map(([label]) => label)).size < labels.length) throw new Error(`label twice: ${line}`);
  return {
    name,
    labels: Object.fromEntries(labels),
    value: parseValue(value),
    ...(time === undefined ? {} : { time: Number(time) }),
  };
};

/** Families in the order of the text. */
export const parseExposition = (text: string): ParsedFamily[] => {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line is not finished');
  const families: { name: string; type: string; help: string; series: ParsedSeries[] }[] = [];
  const told = new Set<string>();
  const lines = text.split('\n').slice(0, -1);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    const help = new RegExp(`^# HELP (${NAME}) (.*)$`).exec(line);
    if (help !== null) {
      const [, name, escaped] = help as unknown as [string, string, string];
      if (/\\(?![\\n])/.test(escaped.replaceAll('\\\\', ''))) throw new Error(`bad escape: ${line}`);
      const [, type] = new RegExp(`^# TYPE ${name} (counter|gauge|untyped)$`).exec(lines[++at] ?? '') ?? [];
      if (type === undefined) throw new Error(`no type after ${line}`);
      if (families.some((family) => family.name === name)) throw new Error(`family twice: ${name}`);
      families.push({ name, type, help: unescaped(escaped), series: [] });
      continue;
    }
    const series = parseLine(line);
    const family = families.at(-1);
    if (family?.name !== series.name) throw new Error(`out of its family: ${line}`);
    const key = JSON.stringify([series.name, Object.entries(series.labels).sort(), series.time]);
    if (told.has(key)) throw new Error(`told twice: ${line}`);
    told.add(key);
    family.series.push(series);
  }
  return families;
};
