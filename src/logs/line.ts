/** Records as pino writes them. The one home of pino, which is loaded when the first log is opened. */

import { escapeJson } from '../core/json-text.js';
import type { Encoded } from './codec.js';
import type { RecordHead } from './record.js';

/** A record and its number in the log → its line, with the newline. */
export type LineMaker<R extends RecordHead> = (record: R, seq: number) => string;

const NOTHING_MORE = {};

export const createLineMaker = async <R extends RecordHead>(
  encode: (record: R, seq?: number) => Encoded,
): Promise<LineMaker<R>> => {
  // The default export is the one that stays when pino is bundled.
  const { default: pino } = await import('pino');
  let head = '';
  let line = '';
  const logger = pino(
    // Host comes from the record: a log may be written for another machine than this one.
    { base: null, level: 'trace', timestamp: () => head },
    {
      write: (text: string) => {
        line = text;
      },
    },
  );
  const { labels } = logger.levels;
  return (record, seq) => {
    const { level, fields } = encode(record, seq);
    // All fields at once, where pino takes what comes ready: it would make JSON of each for itself, which costs three times as much.
    head = `,"time":${record.time},${JSON.stringify(fields).slice(1, -1)}`;
    const label = (labels[level] ?? 'info') as 'info';
    logger[label](NOTHING_MORE);
    // People look at logs with cat, which hides nothing from a terminal.
    return escapeJson(line);
  };
};
