/** The machine as it is now: samples in their rhythm, judged by the same rules as a check. */

import { statSync } from 'node:fs';
import { type AlertState, nextAlerts, resumeAlerts } from '../../core/alerts.js';
import { formatDuration } from '../../core/duration.js';
import { openHistory } from '../../core/history.js';
import { openJudge } from '../../core/judge-samples.js';
import type { Rule } from '../../core/rule.js';
import type { ActiveAlert, Sample } from '../../core/sample.js';
import { Sampler } from '../../core/sampler.js';
import { interruptions, type Moment, momentAt, nextTick } from '../../core/schedule.js';
import type { Wanted } from '../../core/vital.js';
import type { Frame } from '../../screen/frame.js';
import type { Chart } from '../../screen/trail.js';
import type { Source } from '../../vitals/source.js';
import type { World } from '../../world.js';
import { nextPace } from './pace.js';
import type { OnChange, Player } from './player.js';
import { alertsNow } from './shown-alerts.js';
import { openStage } from './stage.js';

export interface LiveOptions {
  readonly source: Source;
  readonly wanted: Wanted;
  readonly groups: (name: string) => boolean;
  readonly rules: readonly Rule[];
  /** Samples of the log before now, oldest first: what rules over ten minutes look back at. */
  readonly past: readonly Sample[];
  /** Seconds between samples. */
  readonly interval: number;
  /** The log that a recorder may be writing. */
  readonly log: string;
  readonly charts: readonly Chart[];
  readonly onChange: OnChange;
  /** Each sample as it is taken. */
  readonly onSample?: (sample: Sample) => void;
}

/** Rates need two readings: the second comes this soon after the first, s. */
const SECOND_READING = 0.3;

/** Detail is read this often, s. */
const DETAIL_EVERY = 60;

/** ms. */
const LONGEST_SLEEP = 30_000;

/** Own use is averaged over some seconds: over one it jumps. */
const OWN_SPAN = 5;

/** Seconds since a log was last written to; undefined where there is none, or it is not ours to look at. */
const logAge = (path: string, now: number): number | undefined => {
  try {
    return Math.max(0, (now - statSync(path).mtimeMs) / 1000);
  } catch {
    return undefined;
  }
};

/** Begins to take samples at once. `ended` resolves when it was closed; it rejects for a bug only. */
export const openLive = (world: World, options: LiveOptions): Player & { readonly ended: Promise<void> } => {
  const { clock } = world;
  const { source, rules } = options;
  const wanted = { ...options.wanted };
  const sampler = new Sampler({
    vitals: source.vitals,
    wanted,
    clock,
    host: source.host,
    boot: source.boot,
    groups: options.groups,
    patience: source.patience,
  });
  const stage = openStage(options.charts);
  const history = openHistory(rules);
  const judge = openJudge(rules);
  for (const sample of options.past) history.add(sample);
  let closed = false;
  /** Ends the sleep before the next sample. */
  let wake = new AbortController();
  let interval = options.interval;
  let newest: Sample | undefined;
  let held: readonly ActiveAlert[] = options.past.at(-1)?.alerts ?? [];
  let state: AlertState = resumeAlerts(held);
  let age: number | undefined;
  let own = { at: clock.monotonic(), ...world.ownUse() };
  let cpuPercent: number | undefined;

  const measureOwn = (): void => {
    const now = clock.monotonic();
    if (now - own.at < OWN_SPAN && cpuPercent !== undefined) return;
    const use = world.ownUse();
    if (now - own.at >= SECOND_READING)
      cpuPercent = ((use.cpuSeconds - own.cpuSeconds) / (now - own.at)) * 100;
    own = { at: now, ...use };
  };

  const take = async (detail: boolean): Promise<void> => {
    const taken = await sampler.take({ time: clock.now(), detail, interval });
    if (closed) return;
    history.add(taken);
    const verdicts = judge({ now: taken, history, held });
    const step = nextAlerts(state, verdicts, taken.time);
    state = step.state;
    held = step.active;
    newest = held.length === 0 ? taken : { ...taken, alerts: held };
    options.onSample?.(newest);
    if (stage.add(newest, alertsNow(verdicts, held, taken.time))) {
      age = logAge(options.log, clock.now());
      measureOwn();
      options.onChange();
    }
    if (detail) world.tidy();
  };

  const sleepUntilDue = async (count: number): Promise<void> => {
    wake = new AbortController();
    const { signal } = wake;
    const begun = clock.now();
    const due =
      count === 1 ? begun + Math.min(SECOND_READING, interval) * 1000 : nextTick(begun, interval * 1000);
    // In pieces, so that a clock that is set meanwhile moves the sample with it; set back, it is not waited for.
    for (let now = begun; now < due && now >= begun && !signal.aborted; now = clock.now())
      await clock.sleep(Math.max(1, Math.min(due - now, LONGEST_SLEEP)), signal);
  };

  const run = async (): Promise<void> => {
    let before: Moment | undefined;
    let detailAt = Number.NEGATIVE_INFINITY;
    let count = 0;
    while (!closed) {
      const now = momentAt(clock, source.uptime, before);
      if (before !== undefined && interruptions(before, now, interval).some(({ breaksRates }) => breaksRates))
        sampler.forget();
      before = now;
      const detail = now.monotonic - detailAt >= DETAIL_EVERY;
      if (detail) detailAt = now.monotonic;
      await take(detail);
      count++;
      if (!closed) await sleepUntilDue(count);
    }
  };

  const ended = run().finally(() => {
    sampler.close();
    source.close();
  });

  const frame = (): Frame => ({
    ...stage.shown(),
    origin: { kind: 'live', logAge: age },
    now: clock.now(),
    utcOffset: -new Date(clock.now()).getTimezoneOffset(),
    own: { cpuPercent, memoryBytes: own.residentBytes },
    interval,
  });

  return {
    frame,
    hold: stage.hold,
    ended,
    act: (action) => {
      if (action.do !== 'interval') return undefined;
      interval = nextPace(interval, action.by);
      wake.abort();
      return `a sample every ${formatDuration(interval)}`;
    },
    wantProcesses: (count, args) => {
      if (count === wanted.top && args === wanted.processArguments) return;
      const more = count > wanted.top || (args && !wanted.processArguments);
      Object.assign(wanted, { top: count, processArguments: args });
      if (more && newest !== undefined) wake.abort();
    },
    close: () => {
      closed = true;
      wake.abort();
    },
  };
};
