/** Scrapes written by the encoder and read again: bit by bit what they were, through rotations, restarts and losses. */

import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LOG_LIMITS } from '../../../src/logs/log-writer.js';
import { jobOfFile, listScraped, scrapeFileName } from '../../../src/logs/scraped/place.js';
import { openScraped } from '../../../src/logs/scraped/source.js';
import { openScrapeWriter, type ScrapeWriter } from '../../../src/logs/scraped/writer.js';
import { labelOf, METRIC_NAME } from '../../../src/promql/labels.js';
import type { Matcher } from '../../../src/promql/matcher.js';
import type { Series } from '../../../src/promql/series.js';
import { handClock, temporaryFolder } from '../bench-log.js';

const equal = (name: string, value: string): Matcher => ({
  name,
  operator: '=',
  value,
  matches: (text) => text === value,
});

const open = (
  folder: string,
  clock: ReturnType<typeof handClock>,
  maxSize = 1e8,
  job = 'app',
): Promise<ScrapeWriter> =>
  openScrapeWriter({
    path: join(folder, scrapeFileName(job) as string),
    job,
    host: 'web-1',
    honorsLabels: false,
    limits: { ...LOG_LIMITS, maxSize, maxTotal: 1e9, keep: 1000 },
    clock,
    uid: undefined,
    lock: { pid: process.pid, isRunning: () => false },
    say: () => {},
  });

const TARGET = { name: '127.0.0.1:8000', labels: { job: 'app', instance: '127.0.0.1:8000' }, interval: 15 };
const START = Date.UTC(2026, 10, 21, 12);

const read = async (
  folder: string,
  since = 0,
  until = START + 1e9,
  matchers: Matcher[] = [],
): Promise<readonly Series[]> => {
  const source = openScraped(listScraped(join(folder, 'sysmon.log')));
  const set = await source.load([{ matchers, since, until }]);
  return set.select({ matchers, since, until });
};

const nameOf = ({ labels }: Series): string => `${labelOf(labels, METRIC_NAME)}${labelOf(labels, 'n')}`;

type Values = Readonly<Record<string, number>>;

/** A scrape: what each series has, or that it failed. */
type Step = Values | 'down';

interface Points {
  readonly samples: [number, number][];
  readonly ends: number[];
}

/** What the contract says these scrapes are. */
const expected = (steps: readonly Step[]): Map<string, Points> => {
  const all = new Map<string, Points>();
  let there = new Set<string>();
  steps.forEach((step, index) => {
    const time = START + index * 15_000;
    const now = new Set(step === 'down' ? [] : Object.keys(step));
    for (const name of there) if (!now.has(name)) all.get(name)?.ends.push(time);
    for (const name of now) {
      const points = all.get(name) ?? { samples: [], ends: [] };
      points.samples.push([time, (step as Values)[name] as number]);
      all.set(name, points);
    }
    there = now;
  });
  return all;
};

const scrapeInto = (writer: ScrapeWriter, clock: ReturnType<typeof handClock>) => {
  const target = writer.openTarget(TARGET);
  return (step: Step, index: number): void => {
    const time = START + index * 15_000;
    clock.set(time);
    const names = step === 'down' ? [] : Object.keys(step);
    const series = names.map((name) =>
      target.seriesOf(
        { name: `m${name.length}`, type: 'gauge', help: '', unit: '' },
        { [METRIC_NAME]: `m${name.length}`, n: name },
      ),
    );
    const values = names.map((name) => (step as Values)[name] as number);
    target.write({ time, seconds: 0.01, series, values, ...(step === 'down' ? { error: 'no answer' } : {}) });
  };
};

const check = (got: readonly Series[], steps: readonly Step[]): void => {
  const wanted = expected(steps);
  const own = got.filter(({ labels }) => labelOf(labels, 'n') !== '');
  expect(own.map((one) => labelOf(one.labels, 'n')).sort()).toEqual([...wanted.keys()].sort());
  for (const series of own) {
    const { samples, ends } = wanted.get(labelOf(series.labels, 'n')) as Points;
    expect([...series.times], nameOf(series)).toEqual(samples.map(([time]) => time));
    expect(
      [...series.values].every((value, index) => Object.is(value, samples[index]?.[1])),
      nameOf(series),
    ).toBe(true);
    expect([...series.ends], nameOf(series)).toEqual(ends);
  }
  const up = got.find(({ labels }) => labelOf(labels, METRIC_NAME) === 'up');
  expect([...(up?.values ?? [])]).toEqual(steps.map((step) => (step === 'down' ? 0 : 1)));
};

const value = fc.oneof(
  fc.integer({ min: -5, max: 2000 }),
  fc.integer(),
  fc.integer({ min: -99_999, max: 99_999 }).map((units) => units / 1000),
  fc.double(),
  fc.constantFrom(
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -0,
    0,
    2 ** 53,
    1e-7,
    1e21,
    5e-324,
  ),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.dictionary(fc.constantFrom('a', 'b', 'cc', 'dd', 'e', 'f', 'g', 'hhh'), value, {
      noNullPrototype: true,
    }),
  },
  { weight: 1, arbitrary: fc.constant('down' as const) },
);

/** As they are mostly: the same series again, and few of them changed. */
const steps = fc
  .array(fc.record({ step, repeat: fc.integer({ min: 0, max: 3 }), plus: fc.integer({ min: 0, max: 3 }) }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((all) =>
    all.flatMap(({ step: one, repeat, plus }) =>
      Array.from(
        { length: repeat + 1 },
        (_, index): Step =>
          one === 'down'
            ? one
            : Object.fromEntries(
                Object.entries(one).map(([name, at]) => [name, name < 'd' ? at : at + index * plus]),
              ),
      ),
    ),
  );

describe('what is read', () => {
  test('is what was written, whatever the values and however series come and go', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const folder = temporaryFolder();
        const clock = handClock(START);
        const writer = await open(folder, clock);
        const scrape = scrapeInto(writer, clock);
        all.forEach(scrape);
        await writer.close();
        check(await read(folder, 0, START + all.length * 15_000), all);
      }),
      { numRuns: 40 },
    );
  });

  test('is what was written, in whatever files it stands', async () => {
    const all = fc.sample(steps, { numRuns: 12, seed: 7 }).flat();
    const folder = temporaryFolder();
    const clock = handClock(START);
    const writer = await open(folder, clock, 6000);
    all.forEach(scrapeInto(writer, clock));
    await writer.close({ finish: true });
    expect(readdirSync(folder).length).toBeGreaterThan(3);
    check(await read(folder, 0, START + all.length * 15_000), all);
  });

  test('is the same from a run that was killed and another that went on', async () => {
    const all: Step[] = Array.from({ length: 40 }, (_, index) => ({
      a: index,
      b: index / 8,
      ...(index % 5 === 0 ? { cc: 1 } : {}),
    }));
    const folder = temporaryFolder();
    const clock = handClock(START);
    const killed = await open(folder, clock);
    all.slice(0, 20).forEach(scrapeInto(killed, clock));
    // It says nothing at its end that it would not have said when it was killed.
    await killed.close();
    const path = join(folder, 'scrape-app.log');
    const { size } = statSync(path);
    truncateSync(path, size - 7);
    const second = await open(folder, clock);
    const scrape = scrapeInto(second, clock);
    for (const [index, one] of all.entries()) if (index >= 20) scrape(one, index);
    await second.close();
    const got = await read(folder, 0, START + 40 * 15_000);
    const a = got.find((one) => labelOf(one.labels, 'n') === 'a');
    // The line that was cut is lost, and no other.
    expect([...(a?.values ?? [])]).toEqual([
      ...Array.from({ length: 19 }, (_, index) => index),
      ...Array.from({ length: 20 }, (_, index) => index + 20),
    ]);
  });

  test('begins anywhere: a key before the time asked for is found', async () => {
    const folder = temporaryFolder();
    const clock = handClock(START);
    const writer = await open(folder, clock, 3000);
    const scrape = scrapeInto(writer, clock);
    for (let index = 0; index < 300; index++) scrape({ a: index, b: 1 }, index);
    await writer.close({ finish: true });
    const since = START + 200 * 15_000;
    const [a] = await read(folder, since, since + 60_000, [equal('n', 'a')]);
    const times = [...(a?.times ?? [])];
    expect(times.slice(times.indexOf(since))).toEqual([0, 1, 2, 3, 4].map((index) => since + index * 15_000));
    expect(times.length).toBeLessThan(200);
  });

  test('begins anywhere for each of many targets, by whatever stretch of the file', async () => {
    const folder = temporaryFolder();
    const clock = handClock(START);
    const writer = await open(folder, clock);
    const targets = Array.from({ length: 30 }, (_, index) => {
      const name = `h:${index}`;
      return writer.openTarget({ name, labels: { job: 'app', instance: name }, interval: 15 });
    });
    const rounds = 500;
    for (let round = 0; round < rounds; round++)
      for (const [index, target] of targets.entries()) {
        const labels = { [METRIC_NAME]: 'm', n: 'm', padding: 'x'.repeat(200) };
        const id = target.seriesOf({ name: 'm', type: 'gauge', help: '', unit: '' }, labels);
        target.write({
          time: START + round * 15_000 + index * 400,
          seconds: 0,
          series: [id],
          values: [round],
        });
      }
    await writer.close();
    for (const last of [50, 260, rounds - 3]) {
      const since = START + last * 15_000;
      const got = await read(folder, since, since + 45_000, [equal('n', 'm')]);
      expect(got).toHaveLength(30);
      for (const { times, values } of got)
        expect([...values].filter((_, index) => (times[index] as number) >= since).slice(0, 3)).toEqual([
          last,
          last + 1,
          last + 2,
        ]);
    }
  });

  test('a damaged line loses what needs it, up to the next key', async () => {
    const folder = temporaryFolder();
    const clock = handClock(START);
    const writer = await open(folder, clock);
    const scrape = scrapeInto(writer, clock);
    for (let index = 0; index < 10; index++) scrape({ a: index }, index);
    await writer.close();
    const path = join(folder, 'scrape-app.log');
    const lines = readFileSync(path, 'utf8').split('\n');
    truncateSync(path);
    appendFileSync(path, [...lines.slice(0, 5), '{"torn', ...lines.slice(6)].join('\n'));
    const [a] = await read(folder, 0, START + 1e6, [equal('n', 'a')]);
    expect([...(a?.values ?? [])]).toEqual([0, 1, 2, 3]);
  });
});

describe('a gap', () => {
  const run = async (...at: number[]): Promise<Series | undefined> => {
    const folder = temporaryFolder();
    const clock = handClock(START);
    const writer = await open(folder, clock);
    const scrape = scrapeInto(writer, clock);
    for (const index of at) scrape({ a: index }, index);
    await writer.close();
    return (await read(folder, 0, START + 30 * 15_000, [equal('n', 'a')]))[0];
  };

  test('of more than three intervals ends a series one interval after its last sample', async () => {
    expect([...((await run(0, 1, 10, 30))?.ends ?? [])]).toEqual([START + 2 * 15_000, START + 11 * 15_000]);
  });

  test('of three is none', async () => {
    expect([...((await run(0, 3, 6, 9, 12, 15, 18, 21, 24, 27))?.ends ?? [])]).toEqual([]);
  });

  test('at the end is one as well', async () => {
    expect([...((await run(0, 1, 2))?.ends ?? [])]).toEqual([START + 3 * 15_000]);
  });

  test('a target that is gone ends after one interval, and not at all where it is back by then', async () => {
    const folder = temporaryFolder();
    const clock = handClock(START);
    const writer = await open(folder, clock);
    const first = writer.openTarget(TARGET);
    const put = (target: typeof first, time: number): void =>
      target.write({
        time,
        seconds: 0,
        series: [target.seriesOf({ name: 'm', type: 'gauge', help: '', unit: '' }, { [METRIC_NAME]: 'm' })],
        values: [1],
      });
    put(first, START);
    first.end(START + 1000);
    const second = writer.openTarget(TARGET);
    put(second, START + 15_000);
    second.end(START + 16_000);
    await writer.close();
    const [m] = await read(folder, 0, START + 31_000, [equal(METRIC_NAME, 'm')]);
    expect([...(m?.times ?? [])]).toEqual([START, START + 15_000]);
    expect([...(m?.ends ?? [])]).toEqual([START + 30_000]);
  });
});

describe('samples with times of their own', () => {
  test('keep them, are there once, and never end', async () => {
    const folder = temporaryFolder();
    const clock = handClock(START);
    const writer = await open(folder, clock);
    const target = writer.openTarget(TARGET);
    const id = ['x', 'y', 'z'].map((n) =>
      target.seriesOf({ name: 'm', type: 'gauge', help: '', unit: '' }, { [METRIC_NAME]: 'm', n }),
    );
    const put = (index: number, series: number[], stamps: (number | undefined)[]): void =>
      target.write({
        time: START + index * 15_000,
        seconds: 0,
        series,
        values: series.map(() => index),
        stamps,
      });
    put(0, id, [START - 500, START - 500, undefined]);
    put(1, id, [START - 500, START + 14_000, undefined]);
    put(2, [], []);
    await writer.close();
    const got = await read(folder, 0, START + 30_000);
    const of = (n: string): Series => got.find(({ labels }) => labelOf(labels, 'n') === n) as Series;
    expect([...of('x').times]).toEqual([START - 500]);
    expect([...of('y').times]).toEqual([START - 500, START + 14_000]);
    expect([...of('y').ends]).toEqual([]);
    expect([...of('z').times]).toEqual([START, START + 15_000]);
    expect([...of('z').ends]).toEqual([START + 30_000]);
  });
});

describe('the table', () => {
  test('says what there is, and labels of any text come back', async () => {
    const folder = temporaryFolder();
    const clock = handClock(START);
    const writer = await open(folder, clock);
    const target = writer.openTarget(TARGET);
    const odd = {
      [METRIC_NAME]: 'h_bucket',
      le: '+Inf',
      path: '"\\\n\u0007,"changes":[1]é',
      ['__proto__x']: 'p',
      constructor: 'c',
    };
    const id = target.seriesOf({ name: 'h', type: 'histogram', help: 'A "help".', unit: 'seconds' }, odd);
    target.write({ time: START, seconds: 0.5, series: [id], values: [3] });
    target.write({ time: START + 15_000, seconds: 0.5, series: [id], values: [4] });
    await writer.close();
    const source = openScraped(listScraped(join(folder, 'sysmon.log')));
    expect((await source.metrics())[0]).toEqual({
      name: 'h_bucket',
      type: 'histogram',
      help: 'A "help".',
      unit: 'seconds',
    });
    const [series] = await read(folder, 0, START + 15_000, [equal(METRIC_NAME, 'h_bucket')]);
    expect(
      Object.fromEntries(
        series?.labels.names.map((name, index) => [name, series.labels.values[index]]) ?? [],
      ),
    ).toEqual({ ...odd, ...TARGET.labels });
    expect([...(series?.values ?? [])]).toEqual([3, 4]);
    const lines = readFileSync(join(folder, 'scrape-app.log'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ msg, seq }) => [msg, seq])).toEqual([
      ['job', 1],
      ['scrape', 2],
      ['scrape', 3],
    ]);
    expect(lines[2]).toMatchObject({ n: 1, up: 1, changes: [1] });
  });

  test('a series is found by the labels of its target, and a job by the name of its file', async () => {
    const folder = temporaryFolder();
    const clock = handClock(START);
    const writer = await open(folder, clock);
    scrapeInto(writer, clock)({ a: 1, b: 2 }, 0);
    await writer.close();
    expect(await read(folder, 0, START, [equal('instance', '127.0.0.1:8000'), equal('n', 'b')])).toHaveLength(
      1,
    );
    expect(await read(folder, 0, START, [equal('job', 'other')])).toHaveLength(0);
    expect(
      (await read(folder, 0, START, [equal('job', 'app'), equal(METRIC_NAME, 'scrape_samples_scraped')]))[0]
        ?.values[0],
    ).toBe(2);
  });
});

describe('names of files', () => {
  test('tell the job again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 15 }), (job) => {
        const name = scrapeFileName(job.toWellFormed?.() ?? job);
        if (name === undefined) return;
        expect(name).toMatch(/^scrape-[A-Za-z0-9_.%-]+\.log$/);
        expect(jobOfFile(name)).toBe(job.toWellFormed?.() ?? job);
      }),
    );
  });

  test('are none of others', () => {
    for (const name of ['scrape-.log', 'scrape-a%2e.log', 'scrape-%zz.log', 'sysmon.log', 'scrape-a.log.gz'])
      expect(jobOfFile(name), name).toBeUndefined();
  });
});
