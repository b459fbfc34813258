/** logrus's JSONFormatter; what its TextFormatter writes into files is logfmt. */

import { levelOf } from '../levels.js';
import type { Value } from '../line.js';
import { momentOf } from './epoch.js';
import { logLine, recordFormat, textOf } from './record.js';

const LOGRUS: ReadonlySet<Value | undefined> = new Set(
  'panic fatal error warning info debug trace'.split(' '),
);

export const logrus = recordFormat({
  name: 'logrus',
  title: "logrus's JSON",
  read: (record, context) => {
    const { level, msg, time } = record;
    if (typeof time !== 'string' || typeof msg !== 'string' || !LOGRUS.has(level)) return undefined;
    return logLine(record, momentOf(time, context), levelOf(level as string), textOf(msg));
  },
});
