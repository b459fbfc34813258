/** bunyan's JSON. */

import { levelOfNumber } from '../levels.js';
import { momentOf } from './epoch.js';
import { logLine, recordFormat } from './record.js';

/** bunyan's README, "Core fields": all of them are always there, and v is 0. */
export const bunyan = recordFormat({
  name: 'bunyan',
  title: "bunyan's JSON",
  read: (record, context) => {
    const { v, level, name, hostname, pid, time, msg } = record;
    if (v !== 0 || typeof level !== 'number' || typeof pid !== 'number' || typeof msg !== 'string')
      return undefined;
    if (typeof name !== 'string' || typeof hostname !== 'string') return undefined;
    return logLine(record, momentOf(time, context), levelOfNumber(level, 'pino'), msg);
  },
});
