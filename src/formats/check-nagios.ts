/** One line as the monitoring plugins print it: `SYSMON STATE - text | performance data` (their Development Guidelines). */

import { clean } from '../core/clean.js';
import { decimal } from '../core/decimal.js';
import type { Unit } from '../core/group.js';
import type { Range } from '../core/range.js';
import { formatRange } from '../core/range.js';
import type { Verdict } from '../core/rule.js';
import { shortWhat } from '../core/words.js';
import type { CheckReport } from './check-report.js';
import { STATE_WORD } from './check-report.js';

/** Units of measurement that the guidelines know; other values are bare numbers. */
const UOM: Partial<Record<Unit, string>> = { percent: '%', bytes: 'B', seconds: 's' };

/** A bar would begin the performance data, wherever it stands. */
const oneLine = (text: string): string => clean(text).replaceAll('|', '/');

/** A label may be anything without an equals sign; quotes are needed around blanks, and a quote in it is doubled. */
export const formatLabel = (name: string): string => {
  const text = oneLine(name).replaceAll('=', '_') || '_';
  return /^[A-Za-z0-9_/.:-]+$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`;
};

const limitOf = (range: Range | undefined): string => (range === undefined ? '' : formatRange(range));

/** `'disk /var'=93.2%;90;98;0;100`, less the empty ends. */
const formatDatum = ({ rule, value, unit, counter }: Verdict, label: string): string => {
  const [least, most] = unit === 'percent' ? ['0', '100'] : ['', ''];
  const parts = [limitOf(rule.limits.warning), limitOf(rule.limits.critical), least, most];
  const uom = counter ? 'c' : (UOM[unit] ?? '');
  return `${label}=${decimal(value as number)}${uom};${parts.join(';')}`.replace(/;+$/, '');
};

/** Labels tell series apart for ever: two that come out alike are numbered. */
const labelled = (verdicts: readonly Verdict[]): readonly string[] => {
  const used = new Set<string>();
  return verdicts.map((verdict) => {
    const name = shortWhat(verdict);
    let label = formatLabel(name);
    for (let count = 2; used.has(label); count++) label = formatLabel(`${name} ${count}`);
    used.add(label);
    return formatDatum(verdict, label);
  });
};

/** One line. Values that are not known, or not finite, have no performance data: a graph then has a gap. */
export const formatCheckNagios = ({ state, summary, verdicts }: CheckReport): string => {
  const data = labelled(verdicts.filter(({ value }) => value !== undefined && Number.isFinite(value)));
  const text = `SYSMON ${STATE_WORD[state]} - ${oneLine(summary)}`;
  return `${text}${data.length === 0 ? '' : ` | ${data.join(' ')}`}\n`;
};
