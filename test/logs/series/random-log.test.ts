/** Series out of random logs are those that a plain reading finds, whatever is asked for and however odd the names are. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldOf, type Group } from '../../../src/core/group.js';
import type { Reading, Sample } from '../../../src/core/sample.js';
import type { LogRecord } from '../../../src/logs/record.js';
import { openLogSeries } from '../../../src/logs/series/log-series.js';
import type { Matcher } from '../../../src/promql/matcher.js';
import type { Selection } from '../../../src/promql/series.js';
import { event, group, sampleOf } from '../arbitraries.js';
import { lineOf, makeFolder } from '../log-folder.js';
import { matcher, naiveSeries, within } from './naive.js';

const START = 1_795_000_000_000;

const ODD_IDS = ['device', '/', '0', '7'];

/** As the sampler does: what is not due is not in it. */
const asRecorded = (sample: Sample): Sample => {
  // Some rows are called like groups.
  const likeGroup = new Map([...sample.readings.keys()].map((name, index) => [ODD_IDS[index], name]));
  const readings = new Map<string, Reading>();
  for (const [name, reading] of sample.readings) {
    if (!('rows' in reading)) {
      readings.set(name, reading);
      continue;
    }
    const rows = reading.rows.map((row) => ({
      ...row,
      id: row.id.map((one) => likeGroup.get(one) ?? one),
      numbers: Object.fromEntries(
        Object.entries(row.numbers).filter(
          ([key]) => sample.detail === true || fieldOf(reading.group, key)?.due !== 'detail',
        ),
      ),
    }));
    readings.set(name, { group: reading.group, rows });
  }
  return { ...sample, readings };
};

interface Step {
  readonly record: LogRecord | Sample;
  readonly passed: number;
  readonly detail: boolean;
  readonly interval: number | undefined;
  readonly host: string;
}

const isEvent = (record: LogRecord | Sample): record is LogRecord => 'kind' in record;

const recordsOf = (steps: readonly Step[]): readonly LogRecord[] => {
  let time = START;
  return steps.map(({ record, passed, detail, interval, host }) => {
    time += passed;
    if (isEvent(record)) return { ...record, time, host };
    const { interval: _, ...rest } = record;
    const sample = asRecorded({
      ...rest,
      time,
      host,
      ...(interval === undefined ? {} : { interval }),
      ...(detail && { detail }),
    });
    return { kind: 'sample', time, host, sample };
  });
};

const passed = (back: boolean): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(5000) },
    { weight: 2, arbitrary: fc.constantFrom(0, 1, 4999, 14_999, 15_001, 70_000) },
    ...(back ? [{ weight: 1, arbitrary: fc.constantFrom(-5000, -12_000, -60_000) }] : []),
  );

const log = fc
  .tuple(
    fc.uniqueArray(group, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
    fc.boolean(),
    fc.boolean(),
  )
  .chain(([groups, back, sameRows]) => {
    const sample = sampleOf(groups);
    const step = (record: fc.Arbitrary<LogRecord | Sample>): fc.Arbitrary<Step> =>
      fc.record({
        record,
        passed: passed(back),
        detail: fc.boolean(),
        interval: fc.constantFrom(5, 5, 5, undefined, 300, 0.2),
        host: fc.constantFrom('web-1', 'web-1', 'web-1', 'wéb "2"'),
      });
    const samples = sameRows
      ? fc.array(sample, { minLength: 1, maxLength: 2 }).chain((some) =>
          fc.array(step(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...some) }, event)), {
            minLength: 1,
            maxLength: 14,
          }),
        )
      : fc.array(step(fc.oneof({ weight: 9, arbitrary: sample }, event)), { minLength: 1, maxLength: 10 });
    return fc.record({
      groups: fc.constant(groups),
      records: samples.map(recordsOf),
      archived: fc.nat(10),
      form: fc.constantFrom('plain' as const, 'gzip' as const, 'one gzip' as const),
      schema: fc.boolean(),
    });
  });

const selectionFrom = (names: readonly string[]): fc.Arbitrary<Selection> => {
  const exact = fc.constantFrom('nothing_of_the_kind', ...names);
  const matchers: fc.Arbitrary<readonly Matcher[]> = fc.oneof(
    exact.map((name) => [matcher('__name__', '=', name)]),
    exact.map((name) => [matcher('__name__', '!=', name), matcher('job', '=', 'node')]),
    exact.map((name) => [matcher('__name__', '=~', `${name.slice(0, 8)}.*`)]),
    fc.constant([matcher('instance', '=~', 'web.*')]),
    fc.constant([matcher('job', '!~', 'node')]),
  );
  return fc
    .record({ matchers, from: fc.integer({ min: -90, max: 60 }), seconds: fc.integer({ min: 0, max: 300 }) })
    .map(({ matchers, from, seconds }) => ({
      matchers,
      since: START + from * 1000,
      until: START + (from + seconds) * 1000,
    }));
};

const byName = (groups: readonly Group[]): ReadonlyMap<string, Group> =>
  new Map(groups.map((one) => [one.name, one]));

const EVERYTHING: Selection = { matchers: [], since: START - 1e9, until: START + 1e9 };

describe('series of a random log', () => {
  it('are those of a plain reading', async () => {
    await fc.assert(
      fc.asyncProperty(log, fc.integer(), async (made, seed) => {
        const { groups, records, archived, form, schema } = made;
        const folder = makeFolder();
        try {
          const own = byName(groups);
          const head: LogRecord = { kind: 'schema', time: START, host: 'web-1', v: 1, groups };
          const lines = [...(schema ? [head] : []), ...records].map(lineOf);
          if (archived > 0) folder.archive(START + 1e7, 1, lines.slice(0, archived), form, 2);
          folder.live(`${[...(schema ? [lineOf(head)] : []), ...lines.slice(archived)].join('\n')}\n`);
          const known = schema ? new Map<string, Group>() : own;

          const all = naiveSeries(folder.path, known, EVERYTHING);
          const names = new Set(
            [...all.values()].map(({ labels }) => labels.values[labels.names.indexOf('__name__')]),
          );
          const some = fc.sample(selectionFrom([...names] as string[]), {
            numRuns: 4,
            seed,
          });
          const source = openLogSeries(folder.path, known);
          const together = await source.load(some);
          for (const selection of [EVERYTHING, ...some]) {
            const expected = naiveSeries(folder.path, known, selection);
            const alone = (await source.load([selection])).select(selection);
            const isClear = (key: string): boolean => expected.get(key)?.twice !== true;
            const clear = [...expected].filter(([key]) => isClear(key));
            const wanted = clear.map(([key, { points, ends }]) => {
              const times = Float64Array.from(points.keys()).sort();
              const values = times.map((time) => points.get(time) as number);
              return [
                key,
                within({ times, values, ends: Float64Array.from(ends).sort() }, selection),
              ] as const;
            });
            const found = alone
              .map((one) => [one.labels.key, within(one, selection)] as const)
              .filter(([key, { points }]) => points.length > 0 && isClear(key));
            expect(new Map(found)).toEqual(new Map(wanted));
            if (selection === EVERYTHING) continue;
            const shared = together
              .select(selection)
              .filter(({ labels }) => isClear(labels.key))
              .map((one) => [one.labels.key, within(one, selection).points] as const)
              .filter(([, points]) => points.length > 0);
            expect(new Map(shared)).toEqual(new Map(wanted.map(([key, { points }]) => [key, points])));
          }
        } finally {
          folder.remove();
        }
      }),
      { numRuns: 30 },
    );
  });
});
