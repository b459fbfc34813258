/** Writes the scrapes of a job: the same rotating file as the log of the vitals, with lines of its own. */

import type { Clock } from '../../core/clock.js';
import { type Encoded, encodeRecord } from '../codec.js';
import type { LockOptions } from '../lock.js';
import { type LogLimits, openLogWriter } from '../log-writer.js';
import type { LogRecord } from '../record.js';
import { createEncoder, type Encoder, type Fields } from './encoder.js';
import { SCRAPE_VERSION, type Scrape, type TargetText } from './record.js';

export interface ScrapeWriterOptions {
  readonly path: string;
  readonly job: string;
  readonly host: string;
  /** Whether its series may say that they are of another job. */
  readonly honorsLabels: boolean;
  readonly limits: LogLimits;
  readonly clock: Clock;
  readonly uid: number | undefined;
  readonly lock: Omit<LockOptions, 'clock'>;
  readonly makeDirectory?: boolean;
  readonly say: (message: string) => void;
}

/** The lines of one target. */
export interface TargetLog extends Pick<Encoder, 'seriesOf' | 'edition'> {
  /** Writes a scrape, or counts it as lost. */
  readonly write: (scrape: Scrape) => void;
  /** It is not scraped any more; says when. */
  readonly end: (time: number) => void;
}

export interface ScrapeWriter {
  readonly path: string;
  readonly openTarget: (target: TargetText) => TargetLog;
  readonly reopen: () => void;
  readonly lost: () => number;
  readonly close: (options?: { readonly finish?: boolean }) => Promise<void>;
}

/** A line that makes its own fields, once it is known in which file it will stand. */
interface ScrapeRecord {
  readonly kind: 'scrape' | 'gone' | 'job';
  readonly time: number;
  readonly host: string;
  readonly fields: () => Fields;
  readonly level: number;
}

/** Bytes after which each target says all of itself again: a table of 2,000 series is a tenth of it. */
const KEY_EVERY = 2 * 1024 * 1024;

/** What a number in a line takes, more or less. */
const BYTES_A_VALUE = 5;
const BYTES_A_LINE = 200;
const BYTES_A_SERIES = 80;

const encode = (record: ScrapeRecord | LogRecord, seq?: number): Encoded => {
  if (!('fields' in record)) return encodeRecord(record, seq);
  const { kind, host, level } = record;
  return { level, msg: kind, fields: { host, msg: kind, v: SCRAPE_VERSION, seq, ...record.fields() } };
};

/** Opens the file of a job, alone. Throws a UserError that says what is in the way. */
export const openScrapeWriter = async (options: ScrapeWriterOptions): Promise<ScrapeWriter> => {
  const { clock, host, job, honorsLabels } = options;
  /** Counts the moments from which on every target begins anew with a key. */
  let generation = 0;
  let written = 0;
  const opening = (): readonly ScrapeRecord[] => {
    generation++;
    written = 0;
    const fields = (): Fields => ({ job, honor_labels: honorsLabels });
    return [{ kind: 'job', time: clock.now(), host, fields, level: 30 }];
  };
  const writer = await openLogWriter<ScrapeRecord>({
    path: options.path,
    limits: options.limits,
    opening,
    clock,
    uid: options.uid,
    lock: options.lock,
    ...(options.makeDirectory === undefined ? {} : { makeDirectory: options.makeDirectory }),
    say: options.say,
    encode,
  });

  const openTarget = (target: TargetText): TargetLog => {
    const encoder = createEncoder(target);
    /** The last one in which a key was written. */
    let keyed = -1;
    return {
      seriesOf: encoder.seriesOf,
      edition: encoder.edition,
      write: (scrape) => {
        if (written > KEY_EVERY) {
          generation++;
          written = 0;
        }
        const before = writer.lost();
        let fields: Fields = {};
        writer.write({
          kind: 'scrape',
          time: scrape.time,
          host,
          level: scrape.error === undefined ? 30 : 40,
          fields: () => {
            fields = encoder.encode(scrape, keyed !== generation);
            return fields;
          },
        });
        if (writer.lost() > before) {
          // Who reads on misses a line, and has to be told everything.
          keyed = -1;
          return;
        }
        encoder.commit();
        keyed = generation;
        written += sizeOf(fields);
      },
      end: (time) =>
        writer.write({
          kind: 'gone',
          time,
          host,
          level: 30,
          fields: () => ({
            target: target.name,
            ...(target.interval === undefined ? {} : { interval: target.interval }),
          }),
        }),
    };
  };

  return {
    path: writer.path,
    openTarget,
    reopen: writer.reopen,
    lost: writer.lost,
    close: writer.close,
  };
};

/** About so many bytes: what is written itself is not seen from here, and need not be known exactly. */
const sizeOf = ({ changes, values }: Fields): number => {
  const length = (list: unknown): number => (Array.isArray(list) ? list.length : 0);
  return BYTES_A_LINE + BYTES_A_VALUE * length(changes) + (BYTES_A_SERIES + BYTES_A_VALUE) * length(values);
};
