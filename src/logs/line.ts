/** Records as pino writes them. The one home of pino, which is loaded when the first log is opened. */

import { escapeJson } from '../core/json-text.js';
import type { Encoded } from './codec.js';
import type { RecordHead } from './record.js';

/** A record and its number in the log → its line, with the newline. */
export type LineMaker<R extends RecordHead> = (record: R, seq: number) => string;

export const createLineMaker = async <R extends RecordHead>(
  encode: (record: R, seq?: number) => Encoded,
): Promise<LineMaker<R>> => {
  // The default export is the one that stays when pino is bundled.
  const { default: pino } = await import('pino');
  let time = 0;
  let line = '';
  const logger = pino(
    // Host comes from the record: a log may be written for another machine than this one.
    { base: null, level: 'trace', timestamp: () => `,"time":${time}` },
    {
      write: (text: string) => {
        line = text;
      },
    },
  );
  const { labels } = logger.levels;
  return (record, seq) => {
    const { level, fields } = encode(record, seq);
    time = record.time;
    const label = (labels[level] ?? 'info') as 'info';
    logger[label](fields);
    // People look at logs with cat, which hides nothing from a terminal.
    return escapeJson(line);
  };
};
