/** The heart of `sysmon log`: a sample at every tick, a record for whatever came between, until told to stop. */

import type { Clock } from '../core/clock.js';
import type { ActiveAlert, Sample } from '../core/sample.js';
import type { Sampler } from '../core/sampler.js';
import { type Interruption, interruptions, type Moment, momentAt, nextTick } from '../core/schedule.js';
import type { AlertRecord, GapRecord, LogRecord, SampleRecord } from '../logs/record.js';

/** Where records go. */
export interface Sink {
  /** Whether the next sample will be the first of its file. */
  readonly beginsFile: () => boolean;
  readonly write: (record: LogRecord) => void;
}

/** Looks at each sample for what began or ended to hold. */
export type Watcher = (sample: Sample) => {
  readonly active: readonly ActiveAlert[];
  readonly events: readonly Omit<AlertRecord, 'host' | 'kind' | 'time'>[];
};

export interface Recording {
  readonly sampler: Sampler;
  readonly sink: Sink;
  readonly clock: Clock;
  readonly host: string;
  /** s since boot with sleep included; undefined where the system does not say. */
  readonly uptime: () => number | undefined;
  /** Seconds between samples; for a single one, since the one before it, where there is one. */
  readonly interval: number | undefined;
  readonly detailInterval: number;
  readonly count: number;
  /** Seconds after which to stop. */
  readonly duration: number;
  readonly stop: AbortSignal;
  readonly watcher?: Watcher;
  /** Told of each sample, for a status line. */
  readonly onSample?: (sample: Sample, number: number) => void;
}

/** A late tick now and then is said at once; a machine too slow for its interval is not drowned in saying so. */
const LATE_EVERY = 60;

/** A longer sleep is cut in pieces, so that a clock that is set meanwhile moves the tick with it. */
const LONGEST_SLEEP = 30_000;

/** Records samples until the count, the duration or the signal ends it; says which. */
export const record = async (
  recording: Recording,
): Promise<'count reached' | 'duration reached' | 'stopped'> => {
  const { clock, sampler, sink, stop, count, duration } = recording;
  const intervalMs = (recording.interval ?? 1) * 1000;
  const pace = recording.interval === undefined ? {} : { interval: recording.interval };
  const started = clock.monotonic();
  const lateness = sayLateness(recording);
  let before: Moment | undefined;
  let due = clock.now();
  let detailSlot = Number.NaN;

  for (let number = 1; ; number++) {
    const now = momentAt(clock, recording.uptime, before);
    if (before !== undefined) {
      for (const interruption of interruptions(before, now, intervalMs / 1000)) {
        if (interruption.breaksRates) sampler.forget();
        lateness.say(interruption, now);
      }
    }
    const begins = sink.beginsFile();
    const slot = Math.floor(now.wall / (recording.detailInterval * 1000));
    const sample = await sampler.take({
      time: now.wall,
      detail: begins || slot !== detailSlot,
      uptime: now.uptime,
      ...pace,
    });
    detailSlot = slot;
    before = now;
    write(recording, sample);
    recording.onSample?.(sample, number);

    if (number >= count) return lateness.end('count reached');
    due = nextTick(Math.max(clock.now(), Math.min(due, clock.now() + intervalMs)), intervalMs);
    const ends = started + duration;
    while (!stop.aborted && clock.now() < due && clock.monotonic() < ends) {
      const left = Math.min(due - clock.now(), (ends - clock.monotonic()) * 1000);
      // A clock set back must not make us wait for the old time to come again.
      if (due - clock.now() > intervalMs) due = nextTick(clock.now(), intervalMs);
      else await clock.sleep(Math.min(Math.max(1, left), LONGEST_SLEEP), stop);
    }
    if (stop.aborted) return lateness.end('stopped');
    if (clock.monotonic() >= ends) return lateness.end('duration reached');
  }
};

const write = ({ sink, host, watcher }: Recording, sample: Sample): void => {
  const found = watcher?.(sample);
  const active = found?.active ?? [];
  const record: SampleRecord = {
    kind: 'sample',
    time: sample.time,
    host,
    sample: active.length === 0 ? sample : { ...sample, alerts: active },
  };
  sink.write(record);
  for (const event of found?.events ?? []) sink.write({ kind: 'alert', time: sample.time, host, ...event });
};

/** Writes gap records; short hiccups are counted up and said once a minute, and at the end. */
const sayLateness = ({ sink, host, clock }: Recording) => {
  let held: { seconds: number; missed: number } | undefined;
  let said = Number.NEGATIVE_INFINITY;
  const write = (time: number, reason: GapRecord['reason'], seconds: number, missed: number): void =>
    sink.write({ kind: 'gap', time, host, reason, seconds: Math.round(seconds * 1000) / 1000, missed });
  const flush = (wall: number): void => {
    if (held !== undefined) write(wall, 'late', held.seconds, held.missed);
    held = undefined;
  };
  return {
    say: ({ reason, seconds, missed, breaksRates }: Interruption, now: Moment): void => {
      if (reason !== 'late') {
        write(now.wall, reason, seconds, missed);
        return;
      }
      held = { seconds: (held?.seconds ?? 0) + seconds, missed: (held?.missed ?? 0) + missed };
      if (!breaksRates && now.monotonic - said < LATE_EVERY) return;
      flush(now.wall);
      said = now.monotonic;
    },
    end: <T>(reason: T): T => {
      // Of the time at which it is written: a line that is older than the one above it puts a log out of order.
      flush(clock.now());
      return reason;
    },
  };
};
