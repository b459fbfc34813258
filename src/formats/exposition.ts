/** Prometheus's text format 0.0.4 and OpenMetrics 1.0, as node_exporter's client library writes them. */

import { formatFloat } from '../core/go-float.js';
import type { Sample } from '../core/sample.js';
import { compareSeries, createNamer, type Family, type Series } from '../core/series-names.js';

export type Dialect = 'prometheus' | 'openmetrics';

/** Stands at the very end; a reader of OpenMetrics takes a text without it for one cut short. */
export const END: Readonly<Record<Dialect, string>> = { prometheus: '', openmetrics: '# EOF\n' };

const TOTAL = /_total$/;

/**
 * Name and type as a dialect has them. In OpenMetrics a counter's samples end in `_total` and its family does not; what
 * does not end so cannot be a counter there, and is of unknown type.
 */
const told = ({ name, type }: Family, dialect: Dialect): { name: string; type: string } => {
  if (dialect === 'prometheus') return { name, type };
  if (type === 'gauge') return { name, type };
  return type === 'counter' && TOTAL.test(name)
    ? { name: name.replace(TOTAL, ''), type }
    : { name, type: 'unknown' };
};

const escapeHelp = (text: string, dialect: Dialect): string => {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return dialect === 'prometheus' ? escaped : escaped.replaceAll('"', '\\"');
};

/** The lines before a family's points. */
export const formatFamily = (family: Family, dialect: Dialect): string => {
  const { name, type } = told(family, dialect);
  return `# HELP ${name} ${escapeHelp(family.help, dialect)}\n# TYPE ${name} ${type}\n`;
};

/** One line; `time` in ms since 1970, which OpenMetrics wants in seconds. */
export const formatPoint = (
  series: Series,
  value: number,
  time: number | undefined,
  dialect: Dialect,
): string => {
  const stamp = time === undefined ? '' : ` ${dialect === 'prometheus' ? time : time / 1000}`;
  return `${series.text} ${formatFloat(value)}${stamp}\n`;
};

/** Smaller name first. */
export const compareFamilies = (a: Family, b: Family): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

/** A sample as the answer to a scrape: every family once and in order, without times. */
export const formatExposition = (sample: Sample, dialect: Dialect): string => {
  const families = new Map<string, { family: Family; points: Map<string, [Series, number]> }>();
  createNamer()(sample, (series, value) => {
    const { family, text } = series;
    const entry = families.get(family.name) ?? { family, points: new Map() };
    families.set(family.name, entry);
    // Two things that an odd name made one: a series may be told only once, and the first one stays.
    if (!entry.points.has(text)) entry.points.set(text, [series, value]);
  });
  let out = '';
  for (const { family, points } of [...families.values()].sort((a, b) =>
    compareFamilies(a.family, b.family),
  )) {
    out += formatFamily(family, dialect);
    for (const [series, value] of [...points.values()].sort(([a], [b]) => compareSeries(a, b)))
      out += formatPoint(series, value, undefined, dialect);
  }
  return out + END[dialect];
};
