import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/core/clock.js';
import { round } from '../../src/core/finish.js';
import { counter, gauge, group, info } from '../../src/core/group.js';
import { rate } from '../../src/core/rates.js';
import { looseRow, type Reading, row, rowsIn, rowsOf, type Sample } from '../../src/core/sample.js';
import { Sampler, type SamplerOptions } from '../../src/core/sampler.js';
import { type Ask, type Vital, WANT_DEFAULTS } from '../../src/core/vital.js';

/** Time that only passes by hand; who sleeps wakes when it has. */
const handClock = () => {
  let seconds = 100;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const clock: Clock = {
    now: () => 1_795_232_000_000 + seconds * 1000,
    monotonic: () => seconds,
    sleep: (ms, signal) =>
      new Promise((wake) => {
        const sleeper = { at: seconds + ms / 1000, wake };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          wake();
        });
      }),
  };
  const pass = (by: number): void => {
    seconds += by;
    for (const { at, wake } of sleepers) if (at <= seconds) wake();
    sleepers = sleepers.filter(({ at }) => at > seconds);
  };
  return { clock, pass, sleeping: () => sleepers.length };
};

const samplerOf = (vitals: readonly Vital[], clock: Clock, more: Partial<SamplerOptions> = {}): Sampler =>
  new Sampler({ vitals, wanted: WANT_DEFAULTS, clock, host: 'web-1', boot: 'b1', ...more });

const TICK = { time: 5000, detail: false };
const DETAIL = { time: 5000, detail: true };

const numbers = (sample: Sample, name: string) => rowsIn(sample, name).map((one) => one.numbers);
const reasons = (sample: Sample): Record<string, string> =>
  Object.fromEntries(
    [...sample.readings].flatMap(([name, reading]) =>
      'failed' in reading ? [[name, reading.failed] as const] : [],
    ),
  );

const load = group({ name: 'load', help: '', fields: { load1: gauge('count', '', { digits: 2 }) } });
const plain = (name: string, value: number): Vital => {
  const owner = group({ name, help: '', fields: { value: gauge('count', '', { digits: 2 }) } });
  return { groups: [owner], read: () => [{ group: owner, rows: [row([], { value })] }] };
};

const traffic = group({
  name: 'traffic',
  help: '',
  fields: { bytes: counter('bytes', ''), bytes_per_second: gauge('bytes_per_second', '') },
});
/** A counter, and its rate; `next` gives what is read. */
const counting = (next: () => number | Promise<number>): Vital => {
  const reading = (bytes: number): readonly Reading[] => [{ group: traffic, rows: [row([], { bytes })] }];
  return {
    groups: [traffic],
    read: () => {
      const value = next();
      return typeof value === 'number' ? reading(value) : value.then(reading);
    },
    derive: (now, before, seconds) => {
      const was = rowsOf(before, 'traffic')[0]?.numbers;
      return [
        {
          group: traffic,
          rows: rowsOf(now, 'traffic').map((one) =>
            looseRow([], {
              ...one.numbers,
              bytes_per_second: rate(one.numbers['bytes'], was?.['bytes'], seconds),
            }),
          ),
        },
      ];
    },
  };
};

test('says when, where and how often, and what the vitals said, in their order', async () => {
  const { clock } = handClock();
  const asked: Ask[] = [];
  const first = plain('first', 1);
  const spy: Vital = {
    ...first,
    read: (ask) => {
      asked.push(ask);
      return first.read(ask);
    },
  };
  const sampler = samplerOf([spy, plain('second', 2)], clock, { wanted: { ...WANT_DEFAULTS, top: 9 } });
  const sample = await sampler.take({ time: 5000, detail: true, interval: 5 });
  expect(sample).toMatchObject({ time: 5000, host: 'web-1', boot: 'b1', interval: 5, detail: true });
  expect([...sample.readings.keys()]).toEqual(['first', 'second']);
  expect(asked[0]).toMatchObject({ top: 9, detail: true, time: clock.now() });
  const tick = await sampler.take(TICK);
  expect(tick).not.toHaveProperty('detail');
  expect(tick).not.toHaveProperty('interval');
});

test('a vital that throws fails alone, with its reason on one line', async () => {
  const { clock } = handClock();
  const throwing = (name: string, error: unknown): Vital => ({
    ...plain(name, 0),
    read: () => {
      throw error;
    },
  });
  const late = (name: string, error: unknown): Vital => ({
    ...plain(name, 0),
    read: () => Promise.reject(error),
  });
  const sample = await samplerOf(
    [
      throwing('broken', new Error('no such\n  thing')),
      throwing('denied', Object.assign(new Error('EACCES: open'), { code: 'EACCES' })),
      throwing('odd', 'a text'),
      late('rejected', new Error('gone')),
      {
        ...plain('underived', 0),
        derive: () => {
          throw new Error('cannot divide');
        },
      },
      throwing('mute', undefined),
      plain('well', 7),
    ],
    clock,
  ).take(TICK);
  expect(reasons(sample)).toEqual({
    broken: 'no such thing',
    denied: 'permission denied',
    odd: 'a text',
    rejected: 'gone',
    underived: 'cannot divide',
    mute: 'undefined',
  });
  expect(numbers(sample, 'well')).toEqual([{ value: 7 }]);
});

test('a vital that fails speaks for all of its groups that are due, and may fail in one only', async () => {
  const { clock } = handClock();
  const later = group({ name: 'later', help: '', fields: { v: gauge('count', '', { due: 'detail' }) } });
  let broken = true;
  const vital: Vital = {
    groups: [load, later],
    read: () => {
      if (broken) throw new Error('broken');
      return [
        { group: load, rows: [row([], { load1: 1 })] },
        { group: later, failed: 'only this' },
      ];
    },
  };
  const sampler = samplerOf([vital], clock);
  expect(reasons(await sampler.take(TICK))).toEqual({ load: 'broken' });
  expect(reasons(await sampler.take(DETAIL))).toEqual({ load: 'broken', later: 'broken' });
  broken = false;
  const sample = await sampler.take(DETAIL);
  expect(reasons(sample)).toEqual({ later: 'only this' });
  expect(numbers(sample, 'load')).toEqual([{ load1: 1 }]);
  expect(reasons(await sampler.take(TICK))).toEqual({});
});

test('one that never answers is waited for once and not asked again', async () => {
  const { clock, pass, sleeping } = handClock();
  let asked = 0;
  const hung: Vital = {
    ...plain('hung', 0),
    read: () => {
      asked++;
      return new Promise(() => {});
    },
  };
  const sampler = samplerOf([hung, plain('well', 7)], clock, { patience: 1500 });
  const taking = sampler.take(TICK);
  expect(sleeping()).toBe(1);
  pass(1.5);
  const first = await taking;
  expect(reasons(first)).toEqual({ hung: 'no answer within 1.5 s' });
  expect(numbers(first, 'well')).toEqual([{ value: 7 }]);
  pass(10);
  expect(reasons(await sampler.take(TICK))).toEqual({ hung: 'no answer for 12 s' });
  expect(asked).toBe(1);
});

test('one that answers in time is heard, and nothing waits on after it', async () => {
  const { clock, pass, sleeping } = handClock();
  const answers: ((value: number) => void)[] = [];
  const vital = counting(() => new Promise((resolve) => answers.push(resolve)));
  const sampler = samplerOf([vital], clock);
  const first = sampler.take(TICK);
  pass(1.9);
  answers[0]?.(100);
  expect(numbers(await first, 'traffic')).toEqual([{ bytes: 100 }]);
  expect(sleeping()).toBe(0);
  pass(3.1);
  const second = sampler.take(TICK);
  pass(1);
  answers[1]?.(200);
  // 5 s between the two questions, however long the answers took.
  expect(numbers(await second, 'traffic')).toEqual([{ bytes: 200, bytes_per_second: 20 }]);
});

test('an answer after its time is not told as new: the next is asked for, against the last one heard', async () => {
  const { clock, pass } = handClock();
  const answers: ((value: number) => void)[] = [];
  const sampler = samplerOf([counting(() => new Promise((resolve) => answers.push(resolve)))], clock);
  const heard = sampler.take(TICK);
  answers[0]?.(100);
  await heard;
  pass(5);
  const missed = sampler.take(TICK);
  pass(2);
  expect(reasons(await missed)).toEqual({ traffic: 'no answer within 2 s' });
  answers[1]?.(999_999);
  await new Promise((resolve) => setImmediate(resolve));
  pass(3);
  const third = sampler.take(TICK);
  answers[2]?.(200);
  expect(numbers(await third, 'traffic')).toEqual([{ bytes: 200, bytes_per_second: 10 }]);
  expect(answers).toHaveLength(3);
});

test('detail fields stand in detail samples only, and rows that have nothing else with them', async () => {
  const { clock } = handClock();
  const core = group({
    name: 'core',
    help: '',
    identity: ['cpu'],
    fields: { used_percent: gauge('percent', ''), user_seconds: counter('seconds', '', { due: 'detail' }) },
  });
  const seconds = group({
    name: 'seconds',
    help: '',
    fields: { s: gauge('seconds', '', { due: 'detail' }) },
  });
  const name = group({
    name: 'name',
    help: '',
    texts: { os: '' },
    fields: { name: info('', { name: 'node_name_info' }), '*': gauge('count', '') },
  });
  const vital: Vital = {
    groups: [core, seconds, name],
    read: () => [
      {
        group: core,
        rows: [row(['0'], { used_percent: 5, user_seconds: 1, unknown: 3 }), row(['1'], { user_seconds: 2 })],
      },
      { group: seconds, rows: [row([], { s: 1 })] },
      { group: name, rows: [row([], {}, { os: 'Linux' })] },
    ],
  };
  const sampler = samplerOf([vital], clock);
  const detail = await sampler.take(DETAIL);
  expect(numbers(detail, 'core')).toEqual([{ used_percent: 5, user_seconds: 1 }, { user_seconds: 2 }]);
  expect(numbers(detail, 'seconds')).toEqual([{ s: 1 }]);
  const tick = await sampler.take(TICK);
  expect(rowsIn(tick, 'core')).toEqual([row(['0'], { used_percent: 5 })]);
  expect(tick.readings.has('seconds')).toBe(false);
  expect(rowsIn(tick, 'name')).toEqual([row([], {}, { os: 'Linux' })]);
});

test('a group with nothing in it was read; one whose rows have nothing due is not there', async () => {
  const { clock } = handClock();
  const disk = group({
    name: 'disk',
    help: '',
    identity: ['device'],
    fields: { busy: gauge('percent', ''), size: gauge('bytes', '', { due: 'detail' }) },
  });
  let rows = [row(['sda'], { size: 5 })];
  const sampler = samplerOf([{ groups: [disk], read: () => [{ group: disk, rows }] }], clock);
  expect((await sampler.take(TICK)).readings.has('disk')).toBe(false);
  rows = [];
  expect((await sampler.take(TICK)).readings.get('disk')).toEqual({ group: disk, rows: [] });
});

test('a vital with nothing due is asked only as long as there is nothing to make rates from', async () => {
  const { clock } = handClock();
  let asked = 0;
  const slow = group({ name: 'slow', help: '', fields: { v: counter('count', '', { due: 'detail' }) } });
  const vital: Vital = {
    groups: [slow],
    read: () => {
      asked++;
      return [{ group: slow, rows: [row([], { v: asked })] }];
    },
  };
  const sampler = samplerOf([vital], clock);
  for (const _ of [1, 2, 3]) expect((await sampler.take(TICK)).readings.size).toBe(0);
  expect(asked).toBe(1);
  expect(numbers(await sampler.take(DETAIL), 'slow')).toEqual([{ v: 2 }]);
});

test('groups that are not wanted are not told, nor read where nothing else is wanted of a vital', async () => {
  const { clock } = handClock();
  let asked = 0;
  const pair: Vital = {
    groups: [load, traffic],
    read: () => [
      { group: load, rows: [row([], { load1: 1 })] },
      { group: traffic, rows: [row([], { bytes: 1 })] },
    ],
  };
  const unwanted: Vital = {
    ...plain('unwanted', 1),
    read: () => {
      asked++;
      return [];
    },
  };
  const sampler = samplerOf([pair, unwanted], clock, { groups: (name) => name === 'traffic' });
  expect([...(await sampler.take(DETAIL)).readings.keys()]).toEqual(['traffic']);
  expect(asked).toBe(0);
});

test('rates are against the reading before, until it is forgotten', async () => {
  const { clock, pass } = handClock();
  const values = [100, 200, 50, 60, 70];
  const sampler = samplerOf([counting(() => values.shift() ?? 0)], clock);
  const take = async () => numbers(await sampler.take(TICK), 'traffic')[0];
  expect(await take()).toEqual({ bytes: 100 });
  pass(4);
  expect(await take()).toEqual({ bytes: 200, bytes_per_second: 25 });
  pass(4);
  expect(await take()).toEqual({ bytes: 50 });
  pass(4);
  expect(await take()).toEqual({ bytes: 60, bytes_per_second: 3 });
  pass(4);
  sampler.forget();
  expect(await take()).toEqual({ bytes: 70 });
});

test('rates after a start are against the record that was left', async () => {
  const { clock, pass } = handClock();
  const recorded = await samplerOf([counting(() => 1000), plain('other', 1)], clock).take(TICK);
  const sampler = samplerOf([counting(() => 1600)], clock);
  sampler.seed(recorded, 20);
  pass(10);
  const sample = await sampler.take(TICK);
  expect(numbers(sample, 'traffic')).toEqual([{ bytes: 1600, bytes_per_second: 20 }]);
});

test('closing closes what is held', () => {
  const { clock } = handClock();
  const closed: string[] = [];
  const vitals = ['a', 'b'].map((name): Vital => ({ ...plain(name, 1), close: () => closed.push(name) }));
  samplerOf([...vitals, plain('c', 1)], clock).close();
  expect(closed).toEqual(['a', 'b']);
});

test.each([
  [1.005, 1, 1],
  [41.256, 2, 41.26],
  [2.5, 0, 3],
  [-2.5, 0, -3],
  [-1.25, 1, -1.3],
  [-0.001, 2, 0],
  [-0, 0, 0],
  [1e300, 15, 1e300],
  [Number.MAX_VALUE, 3, Number.MAX_VALUE],
  [2 ** 53, 0, 2 ** 53],
  [Number.NaN, 2, Number.NaN],
  [Number.POSITIVE_INFINITY, 2, Number.POSITIVE_INFINITY],
  [Number.NEGATIVE_INFINITY, 2, Number.NEGATIVE_INFINITY],
])('%d at %d digits is %d', (value, digits, rounded) => {
  expect(round(value, digits)).toBe(rounded);
});

test('rounding is near, the same for both signs, done once, and never gives -0', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e12, max: 1e12, noNaN: true }),
      fc.integer({ min: 0, max: 6 }),
      (value, digits) => {
        const rounded = round(value, digits);
        expect(Math.abs(rounded - value)).toBeLessThanOrEqual(
          0.5000001 / 10 ** digits + Math.abs(value) * 2 ** -52,
        );
        expect(round(rounded, digits)).toBe(rounded);
        expect(round(-value, digits)).toBe(rounded === 0 ? 0 : -rounded);
        expect(Object.is(rounded, -0)).toBe(false);
      },
    ),
  );
});

test('each number of a sample is rounded to its field’s digits', async () => {
  const { clock } = handClock();
  const mixed = group({
    name: 'mixed',
    help: '',
    fields: {
      share: gauge('percent', ''),
      fine: gauge('seconds', '', { digits: 6 }),
      whole: gauge('bytes', ''),
      none: gauge('count', ''),
      '*': gauge('celsius', ''),
    },
  });
  const raw = { share: 33.33333, fine: 1.23456789, whole: 10.6, none: Number.NaN, other: -0.0001 };
  const vital: Vital = { groups: [mixed], read: () => [{ group: mixed, rows: [row([], raw)] }] };
  expect(numbers(await samplerOf([vital], clock).take(TICK), 'mixed')).toEqual([
    { share: 33.33, fine: 1.234568, whole: 11, none: Number.NaN, other: 0 },
  ]);
});
