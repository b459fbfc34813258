/** What tests of replays share: a log made through the real writer, step by step, and what a plain reading of all of it says. */

import { gauge, group } from '../../src/core/group.js';
import { LOOKBACK } from '../../src/core/history.js';
import { latest } from '../../src/core/latest.js';
import { type ActiveAlert, type Reading, row, type Sample } from '../../src/core/sample.js';
import { type LogWriter, openLogWriter } from '../../src/logs/log-writer.js';
import { openLog } from '../../src/logs/reader.js';
import type { LogRecord } from '../../src/logs/record.js';
import { type HandClock, handClock, temporaryFolder, writerOptions } from './bench-log.js';

const load = group({
  name: 'load',
  help: 'Load',
  fields: { load1: gauge('count', '1 minute'), slow: gauge('count', 'Once in a while', { due: 'detail' }) },
});
const memory = group({
  name: 'memory',
  help: 'Memory',
  fields: { used: gauge('bytes', 'Used', { due: 'detail' }) },
});
export const GROUPS = new Map([load, memory].map((one) => [one.name, one]));

export interface Written {
  readonly path: string;
  readonly clock: HandClock;
  /** Moves the clock and writes a sample; the detail in every twelfth, and where asked for. */
  readonly sample: (seconds?: number, more?: Partial<Sample>) => void;
  readonly record: (
    record: LogRecord extends infer R ? (R extends LogRecord ? Omit<R, 'time' | 'host'> : never) : never,
  ) => void;
  readonly writer: () => LogWriter;
  readonly close: (finish?: boolean) => Promise<void>;
}

/** Begins a log with files of at most `maxSize` bytes; `padding` makes the samples' lines longer. */
export const writeLog = async (maxSize = 20_000, compress = true, padding = 0): Promise<Written> => {
  const clock = handClock();
  const path = `${temporaryFolder()}/sysmon.log`;
  const open = (): Promise<LogWriter> =>
    openLogWriter({
      ...writerOptions(path, clock, { maxSize, keep: 1000, compress, rotate: 'never' }),
      opening: () => [{ kind: 'schema', time: clock.now(), host: 'h', v: 1, groups: [...GROUPS.values()] }],
    });
  const writer = await open();
  let number = 0;
  return {
    path,
    clock,
    writer: () => writer,
    sample: (seconds = 5, more = {}) => {
      clock.set(clock.now() + seconds * 1000);
      const time = clock.now();
      const detail = writer.beginsFile() || ++number % 12 === 0;
      const readings = new Map<string, Reading>([
        ['load', { group: load, rows: [row([], { load1: number, ...(detail && { slow: number }) })] }],
        ...(detail ? [['memory', { group: memory, rows: [row([], { used: number })] }] as const] : []),
        ...(padding > 0 ? [['padding', { group: memory, failed: '.'.repeat(padding) }] as const] : []),
      ]);
      const sample: Sample = {
        time,
        host: 'h',
        boot: 'b1',
        interval: 5,
        ...(detail && { detail }),
        readings,
        ...more,
      };
      writer.write({ kind: 'sample', time, host: 'h', sample });
    },
    record: (record) => writer.write({ time: clock.now(), host: 'h', ...record } as LogRecord),
    close: async (finish = true) => {
      await writer.close({ finish });
    },
  };
};

export const alert = (rule: string, state: ActiveAlert['state'] = 'warning', since = 0): ActiveAlert => ({
  rule,
  path: 'load.load1',
  state,
  since,
});

export const readAll = (path: string): readonly LogRecord[] => {
  const log = openLog(path, GROUPS);
  try {
    return [...log.records()];
  } finally {
    log.close();
  }
};

export const samplesIn = (records: readonly LogRecord[]): readonly Sample[] =>
  records.flatMap((record) => (record.kind === 'sample' ? [record.sample] : []));

/** The samples up to a number whose times never fall, back to `since`, oldest first. */
export const pastOf = (samples: readonly Sample[], index: number, since: number): readonly Sample[] => {
  const found: Sample[] = [];
  for (let at = index; at >= 0; at--) {
    const sample = samples[at] as Sample;
    if (sample.time > (found.at(-1)?.time ?? sample.time)) continue;
    if (sample.time < since) break;
    found.push(sample);
  }
  return found.reverse();
};

export const mergedAt = (samples: readonly Sample[], index: number): Sample => {
  const { time } = samples[index] as Sample;
  return latest(pastOf(samples, index, time - LOOKBACK * 1000), LOOKBACK * 1000) as Sample;
};
