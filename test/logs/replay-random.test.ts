/** A replay agrees with a plain reading of the whole log, whatever happened while it was written. */

import { appendFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ActiveAlert, Sample } from '../../src/core/sample.js';
import { gapBefore } from '../../src/logs/gap.js';
import { openLog } from '../../src/logs/reader.js';
import type { LogRecord } from '../../src/logs/record.js';
import { type Moment, openReplay } from '../../src/logs/replay.js';
import { alert, GROUPS, mergedAt, pastOf, readAll, samplesIn, type Written, writeLog } from './replay-log.js';

type Step =
  | { readonly kind: 'samples'; readonly count: number; readonly seconds: number }
  | { readonly kind: 'silence' | 'clock'; readonly seconds: number }
  | { readonly kind: 'stop' | 'reboot' | 'lost' | 'text' | 'json' | 'torn' }
  | { readonly kind: 'alerts'; readonly active: readonly ActiveAlert[]; readonly record: boolean }
  | { readonly kind: 'stray' };

const is = <K extends string>(kind: K) => fc.constant(kind);
const activeAlert = fc
  .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('warning' as const, 'critical' as const))
  .map(([rule, state]) => alert(rule, state));

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: is('samples'),
      count: fc.integer({ min: 1, max: 30 }),
      seconds: fc.constantFrom(0, 1, 5),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: is('silence'), seconds: fc.integer({ min: 1, max: 5000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: is('clock'), seconds: fc.integer({ min: -900, max: 900 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('stop', 'reboot', 'lost', 'text', 'json', 'torn') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: is('alerts'),
      active: fc.uniqueArray(activeAlert, { maxLength: 2, selector: ({ rule }) => rule }),
      record: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: is('stray') }) },
);

/** Writes it all; true where the clock was set. */
const play = async (log: Written, steps: readonly Step[]): Promise<boolean> => {
  let boot = 1;
  let active: readonly ActiveAlert[] = [];
  let isSet = false;
  const record = (rule: string, state: ActiveAlert['state'], before: 'ok' | ActiveAlert['state']): void =>
    log.record({ kind: 'alert', rule, path: 'load.load1', state, before, since: 0, text: 'x' });
  for (const one of steps) {
    switch (one.kind) {
      case 'samples':
        for (let count = 0; count < one.count; count++)
          log.sample(one.seconds, { boot: `b${boot}`, ...(active.length > 0 && { alerts: active }) });
        break;
      case 'silence':
        log.clock.set(log.clock.now() + one.seconds * 1000);
        break;
      case 'clock':
        isSet = true;
        log.clock.set(log.clock.now() + one.seconds * 1000);
        log.record({ kind: 'gap', reason: 'clock', seconds: one.seconds, missed: 0 });
        break;
      case 'stop':
        log.record({ kind: 'stop', reason: 'SIGTERM' });
        break;
      case 'reboot':
        boot++;
        log.record({ kind: 'start', boot: `b${boot}`, version: '1', pid: 1 });
        break;
      case 'lost':
        log.record({ kind: 'lost', count: 3, reason: 'no space left on device' });
        break;
      case 'text':
        appendFileSync(log.path, 'Nov 21 04:55:31 host kernel: something else\n');
        break;
      case 'json':
        appendFileSync(
          log.path,
          `{"level":30,"time":${log.clock.now()},"msg":"sample of another program"}\n{"a":1}\n`,
        );
        break;
      case 'torn':
        appendFileSync(log.path, '{"level":30,"time":1795\n{"level":30,"time":17952');
        break;
      case 'alerts': {
        const before = active;
        active = one.active;
        log.sample(5, { boot: `b${boot}`, ...(active.length > 0 && { alerts: active }) });
        if (one.record)
          for (const { rule, state } of active) {
            const was = before.find((old) => old.rule === rule)?.state ?? 'ok';
            if (was !== state) record(rule, state, was);
          }
        break;
      }
      case 'stray':
        record('c', 'warning', 'ok');
        break;
    }
  }
  // Ends with a whole line.
  log.sample(5, { boot: `b${boot}`, ...(active.length > 0 && { alerts: active }) });
  return isSet;
};

const RANK = { ok: 0, warning: 1, critical: 2 };

/** Numbers of the samples with which something began. */
const beginnings = (records: readonly LogRecord[]): number[] => {
  const found = new Set<number>();
  let before: readonly ActiveAlert[] = [];
  let number = -1;
  for (const record of records) {
    if (record.kind === 'alert' && number >= 0 && RANK[record.state] > RANK[record.before]) found.add(number);
    if (record.kind !== 'sample') continue;
    number++;
    const { alerts = [] } = record.sample;
    for (const { rule, state } of alerts)
      if (RANK[state] > RANK[before.find((old) => old.rule === rule)?.state ?? 'ok']) found.add(number);
    before = alerts;
  }
  return [...found].sort((a, b) => a - b);
};

/** Each record with a number: the gap before each sample. */
const gapsOf = (records: readonly LogRecord[]): ReturnType<typeof gapBefore>[] => {
  const gaps: ReturnType<typeof gapBefore>[] = [];
  let last: Sample | undefined;
  let between: LogRecord[] = [];
  for (const record of records) {
    if (record.kind !== 'sample') between.push(record);
    else {
      gaps.push(last && gapBefore(last, between, record.sample));
      last = record.sample;
      between = [];
    }
  }
  return gaps;
};

/** The newest of each span, as a window of so many spans up to this time has it. */
const thin = (samples: readonly Sample[], time: number, seconds: number, most: number): readonly Sample[] => {
  const width = (seconds * 1000) / most;
  const span = (one: number): number => Math.floor(one / width);
  return samples.filter(
    (sample, index) =>
      span(sample.time) > span(time) - most &&
      span(sample.time) !== span(samples[index + 1]?.time ?? Number.POSITIVE_INFINITY),
  );
};

const RUNS = 40;

it('agrees with a plain reading of all records', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      // Short files, and long ones of many pieces.
      fc.constantFrom([1500, 0], [6000, 0], [1e6, 20_000], [1e8, 30_000]),
      fc.array(
        fc.tuple(
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.integer({ min: 1, max: 2000 }),
          fc.integer({ min: 1, max: 20 }),
        ),
        { minLength: 3, maxLength: 3 },
      ),
      async (steps, compress, [maxSize, padding], asked) => {
        const log = await writeLog(maxSize, compress, padding);
        const isSet = await play(log, steps);
        await log.close();
        const records = readAll(log.path);
        const samples = samplesIn(records);
        const seqs = samples.map(({ seq }) => seq);
        const problems: string[] = [];
        const replay = openReplay(log.path, GROUPS, (text) => problems.push(text));

        // Forwards and back again.
        const moments: Moment[] = [];
        for (let one = replay.first(); one !== undefined; one = replay.next(one)) moments.push(one);
        expect(moments.map(({ sample }) => sample.seq)).toEqual(seqs);
        expect(moments.map(({ gap }) => gap)).toEqual(gapsOf(records));
        const backwards: unknown[] = [];
        for (let one = replay.last(); one !== undefined; one = replay.previous(one))
          backwards.unshift(one.sample.seq);
        expect(backwards).toEqual(seqs);
        expect(replay.span()).toEqual({ first: samples[0]?.time, last: samples.at(-1)?.time });

        const reader = openLog(log.path, GROUPS);
        for (const [share, seconds, most] of asked) {
          const index = Math.min(samples.length - 1, Math.floor(share * samples.length));
          const moment = moments[index] as Moment;
          const { time } = moment.sample;
          expect(moment.sample).toEqual(mergedAt(samples, index));

          const there = [...reader.samples({ since: time, until: time })].at(-1);
          // Names of archives do not tell what a clock labelled wrongly by more than a whole file.
          if (there !== undefined) expect(replay.at(time)?.sample.seq).toBe(there.seq);
          else expect(isSet).toBe(true);
          if (!isSet) {
            const [first, last] = [samples[0]?.time as number, samples.at(-1)?.time as number];
            const at = first - 3000 + share * (last - first + 6000);
            const expected = samples.findLast((one) => one.time <= at) ?? samples[0];
            expect(replay.at(at)?.sample.seq).toBe(expected?.seq);
          }

          const past = pastOf(samples, index, time - seconds * 1000);
          expect(replay.window(moment, { seconds })).toEqual(past);
          expect(replay.window(moment, { count: most })).toEqual(pastOf(samples, index, -1).slice(-most));
          const all = pastOf(samples, index, time - (seconds * 1000 * (most + 1)) / most);
          expect(replay.window(moment, { seconds, most })).toEqual(thin(all, time, seconds, most));

          const began = beginnings(records);
          const next = began.find((one) => one > index);
          const previous = began.findLast((one) => one < index);
          expect((await replay.nextAlert(moment))?.sample.seq).toBe(next && seqs[next]);
          expect((await replay.previousAlert(moment))?.sample.seq).toBe(
            previous === undefined ? undefined : seqs[previous],
          );
        }
        expect(problems).toEqual([]);
        reader.close();
        replay.close();
      },
    ),
    { numRuns: RUNS },
  );
});
