/** One line as the monitoring plugins print it: `SYSMON STATE - text | performance data` (their Development Guidelines). */

import { clean } from '../core/clean.js';
import { decimal } from '../core/decimal.js';
import type { Unit } from '../core/group.js';
import type { Range } from '../core/range.js';
import { formatRange } from '../core/range.js';
import type { Limits, MeasureKind, Rule, Verdict } from '../core/rule.js';
import { shortWhat } from '../core/words.js';
import type { CheckReport } from './check-report.js';
import { STATE_WORD } from './check-report.js';
import type { CheckFormat } from './index.js';

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

/** What is worked out from many values has more decimals than it means. */
const COMPUTED: ReadonlySet<MeasureKind> = new Set(['average', 'share', 'each', 'lowest', 'empty in']);

/** A value, and the rule's limits where it is judged by nothing but them. */
interface Datum {
  readonly label: string;
  readonly value: number;
  readonly limits: Limits;
  readonly verdict: Verdict;
}

/** `'disk /var'=93.2%;90;98;0;100`, less the empty ends. */
const formatDatum = ({ value, limits, verdict }: Datum, label: string): string => {
  const { unit, counter, rule } = verdict;
  const [least, most] = unit === 'percent' ? ['0', '100'] : ['', ''];
  const parts = [limitOf(limits.warning), limitOf(limits.critical), least, most];
  const uom = counter ? 'c' : (UOM[unit] ?? '');
  const shown = COMPUTED.has(rule.measure.kind) ? Number(value.toFixed(3)) : value;
  return `${label}=${decimal(shown)}${uom};${parts.join(';')}`.replace(/;+$/, '');
};

/** The name of a series: it stays the same when a directory gets a filesystem of its own. */
const nameOf = (verdict: Verdict): string =>
  verdict.rule.path.id === undefined ? shortWhat(verdict) : verdict.rule.name;

/** A limit that holds on another condition only would make a graph cross it without an alarm. */
const plainLimits = ({ limits: { warning, critical }, also }: Rule): Limits => ({
  ...(warning && !also?.warning && { warning }),
  ...(critical && !also?.critical && { critical }),
});

/** What was judged; what could not be yet has its present value in a series of its own, without limits. */
const datumOf = (verdict: Verdict): readonly Datum[] => {
  const { value, newest, rule } = verdict;
  const label = nameOf(verdict);
  if (value !== undefined) return [{ label, value, limits: plainLimits(rule), verdict }];
  return newest === undefined ? [] : [{ label: `${label} now`, value: newest, limits: {}, verdict }];
};

/** Labels tell series apart for ever: two that come out alike are numbered. */
const labelled = (data: readonly Datum[]): readonly string[] => {
  const used = new Set<string>();
  return data.map((datum) => {
    let label = formatLabel(datum.label);
    for (let count = 2; used.has(label); count++) label = formatLabel(`${datum.label} ${count}`);
    used.add(label);
    return formatDatum(datum, label);
  });
};

/** One line. Values that are not known, or not finite, have no performance data: a graph then has a gap. */
export const formatCheckNagios = ({ state, summary, verdicts, alerts }: CheckReport): string => {
  const data = [
    ...labelled(verdicts.flatMap(datumOf).filter(({ value }) => Number.isFinite(value))),
    ...(['firing', 'pending'] as const).flatMap((phase) =>
      alerts === undefined
        ? []
        : [`alerts_${phase}=${alerts.alerts.filter((alert) => alert.phase === phase).length}`],
    ),
  ];
  const text = `SYSMON ${STATE_WORD[state]} - ${oneLine(summary)}`;
  return `${text}${data.length === 0 ? '' : ` | ${data.join(' ')}`}\n`;
};

export const nagios: CheckFormat = {
  report: formatCheckNagios,
  // It shows nothing else.
  excuse: (why) => `SYSMON ${STATE_WORD.unknown} - ${oneLine(why)}\n`,
};
