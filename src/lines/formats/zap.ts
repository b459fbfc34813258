/** zap's JSON, and what its console encoder writes. */

import type { LineContext } from '../format.js';
import { levelOf } from '../levels.js';
import type { Fields, LogLine } from '../line.js';
import { momentOf } from './epoch.js';
import { logLine, parseRecord, recordFormat, textOf } from './record.js';

/** zap's console encoder: time, level, name and caller where known, message, and fields as JSON, with tabs between them. */
const readConsole = (line: string, context: LineContext): LogLine | undefined => {
  if (!line.includes('\t')) return undefined;
  const [stamp = '', word = '', ...rest] = line.split('\t');
  const time = momentOf(stamp, context);
  const level = /^[A-Za-z]{4,6}$/.test(word) ? levelOf(word) : undefined;
  if (time === undefined || level === undefined || rest.length === 0) return undefined;
  const json = rest.length > 1 ? parseRecord(rest.at(-1) as string) : undefined;
  if (json !== undefined) rest.pop();
  const at = rest.slice(0, 2).findIndex((part) => /^\S+\.\w+:\d+$/.test(part));
  const [logger, caller] = at > 0 ? rest : [undefined, at === 0 ? rest[0] : undefined];
  const message = rest.slice(at + 1).join('\t');
  const fields: Fields = {
    ts: stamp,
    level: word,
    ...(logger !== undefined && { logger }),
    ...(caller !== undefined && { caller }),
    msg: message,
    ...json,
  };
  return logLine(fields, time, level, message);
};

export const zap = recordFormat({
  name: 'zap',
  title: "zap's JSON, or its lines for a terminal",
  read: (record, context) => {
    const { level, ts, msg } = record;
    if (typeof level !== 'string' || typeof msg !== 'string') return undefined;
    const time = momentOf(ts, context);
    return time === undefined ? undefined : logLine(record, time, levelOf(level), textOf(msg));
  },
  readText: readConsole,
});
