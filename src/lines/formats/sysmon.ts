/** sysmon's own log: samples, alerts, gaps, starts and stops, written through pino. */

import { levelOfNumber } from '../levels.js';
import type { Value } from '../line.js';
import { momentOf } from './epoch.js';
import { quickTime } from './pino.js';
import { logLine, type RecordFormat, recordFormat, textOf } from './record.js';

const KINDS: ReadonlySet<Value | undefined> = new Set('sample start stop gap lost alert schema'.split(' '));

/** What a person reads first is the sentence of an alert, and the kind of any other record. */
export const sysmon: RecordFormat = recordFormat({
  name: 'sysmon',
  title: "sysmon's own log",
  read: (record, context) => {
    const { level, time, host, msg, v } = record;
    if (typeof level !== 'number' || typeof time !== 'number' || typeof host !== 'string') return undefined;
    if (typeof v !== 'number' || !KINDS.has(msg)) return undefined;
    const message = msg === 'alert' ? (textOf(record['text']) ?? msg) : textOf(msg);
    return logLine(record, momentOf(time, context), levelOfNumber(level, 'pino'), message);
  },
  timeOf: (line, context) => quickTime(line) ?? sysmon.parse(line, context)?.time,
});
