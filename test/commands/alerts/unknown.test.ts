/** Rules that have nothing to go by, and how what was found is told. */

import { describe, expect, it } from 'vitest';
import { stateOfAlerts } from '../../../src/core/alert.js';
import { summarizeAlerts } from '../../../src/formats/alert-words.js';
import { alertsJson } from '../../../src/formats/alerts-json.js';
import { formatAlerts } from '../../../src/formats/alerts-text.js';
import { PLAIN } from '../../../src/formats/palette.js';
import type { SeriesSource } from '../../../src/promql/series.js';
import { evaluateAt, MINUTE, rules, START, sourceOf } from './evaluating.js';

describe('a rule whose window is too short', () => {
  const CALLS = 'calls_total 0+60x30';

  it('is none that is well, and says why', async () => {
    const groups = await rules('alert: Busy, expr: "rate(calls_total[1m]) > 5"');
    const { found } = await evaluateAt(groups, sourceOf(CALLS), 30);
    expect(found.short).toEqual([
      { rule: 'Busy', window: { call: 'rate', metric: 'calls_total', range: MINUTE, apart: MINUTE } },
    ]);
    expect(stateOfAlerts(found)).toBe('unknown');
    expect(summarizeAlerts(found)).toBe('the window of the one rule is too short for this log');
    expect(await formatAlerts(found, { palette: PLAIN, width: 80, verbose: false, now: 0 })).toBe(
      'too short for this log: Busy (1m of what is recorded once a minute)\n',
    );
    expect(alertsJson(found)).toMatchObject({
      tooShort: [
        { rule: 'Busy', function: 'rate', metric: 'calls_total', seconds: 60, samplesApartSeconds: 60 },
      ],
    });
  });

  it('leaves the others as they are', async () => {
    const groups = await rules(
      'alert: Busy, expr: "rate(calls_total[1m]) > 5"',
      'alert: Calm, expr: "rate(calls_total[5m]) > 5"',
      'alert: Gone, expr: "nothing_total > 5"',
    );
    const { found } = await evaluateAt(groups, sourceOf(CALLS), 30);
    expect(stateOfAlerts(found)).toBe('ok');
    expect(summarizeAlerts(found)).toBe('none of 3 rules fires; 1 without data; 1 with too short a window');
    const { found: none } = await evaluateAt(
      [...groups].map((group) => ({ ...group, rules: group.rules.filter(({ name }) => name !== 'Calm') })),
      sourceOf(CALLS),
      30,
    );
    expect([stateOfAlerts(none), summarizeAlerts(none)]).toEqual([
      'unknown',
      'of all 2 rules nothing is known',
    ]);
  });

  it('is one that reads what such a rule would record, too', async () => {
    const groups = await rules(
      'record: "job:calls:rate", expr: "rate(calls_total[1m])"',
      'alert: Busy, expr: "job:calls:rate > 5"',
    );
    const { found } = await evaluateAt(groups, sourceOf(CALLS), 30);
    expect(found.short.map(({ rule }) => rule)).toEqual(['Busy']);
  });

  it('is found where the time that it reads has one sample, or none', async () => {
    const whole = sourceOf(`${CALLS}`, 'pulls_total 0+1x30');
    // Of a log, no more is loaded than what is asked for.
    const source: SeriesSource = {
      ...whole,
      load: async (selections) => {
        const set = await whole.load(selections);
        return {
          select: ({ matchers }) =>
            set.select({ matchers, since: 0, until: Infinity }).flatMap((series) => {
              const one = selections.filter((selection) => selection.matchers === matchers);
              const times = series.times.filter((time) =>
                one.some(({ since, until }) => time >= since && time <= until),
              );
              return times.length === 0
                ? []
                : [{ ...series, times, values: series.values.slice(0, times.length) }];
            }),
        };
      },
    };
    const groups = (
      await rules(
        'alert: Busy, expr: "rate(calls_total[20s]) > 5"',
        'alert: Calm, expr: "rate(pulls_total[5m]) > 5"',
      )
    ).map((group) => ({ ...group, interval: 1000 }));
    for (const minute of [29.1, 29.6]) {
      const { found } = await evaluateAt(groups, source, minute);
      expect([found.short.map(({ rule }) => rule), found.blind]).toEqual([['Busy'], []]);
    }
  });
});

it('tells the unit of a value to people, and programs the number', async () => {
  const groups = await rules('alert: Full, expr: "disk_used_bytes > 1e9"', 'alert: Plain, expr: "load > 1"');
  const { found } = await evaluateAt(groups, sourceOf('disk_used_bytes 24051816858x9', 'load 22.5x9'), 9);
  expect(summarizeAlerts(found)).toBe('Full 22.4 GiB; Plain 22.5');
  const text = await formatAlerts(found, { palette: PLAIN, width: 80, verbose: false, now: START });
  expect(text).toMatch(/^WARNING {2}Full +22\.4 GiB /m);
  expect(text).toMatch(/ Plain +22\.5 /);
  expect(alertsJson(found)['active']).toMatchObject([{ value: 24_051_816_858 }, { value: 22.5 }]);
});

describe('a rule without data', () => {
  const NAMES = ['node_memory_MemFree_bytes', 'calls_total', 'wait_seconds', 'up'];
  const evaluateAll = async (...lines: readonly string[]) => {
    let asked = 0;
    const source: SeriesSource = {
      ...sourceOf('calls_total 0+60x30'),
      metrics: async () => {
        asked++;
        return NAMES.map((name) => ({ name, type: 'untyped' as const, help: '' }));
      },
    };
    const { found } = await evaluateAt(await rules(...lines), source, 30);
    return { found, asked };
  };

  it.each([
    ['node_memory_MemFre_bytes < 1', ['node_memory_MemFree_bytes']],
    ['node_memory_Memfree_bytes + wiat_seconds < 1', ['node_memory_MemFree_bytes', 'wait_seconds']],
    ['calls > 1', ['calls_total']],
    ['node_network_transmit_bytes > 1', undefined],
    ['down > 1', undefined],
    ['wait_seconds_bucket > 1', undefined],
    ['{__name__=~"wait_second.*"} > 1', undefined],
  ])('on %s may have meant %j', async (expr, near) => {
    const { found, asked } = await evaluateAll(`alert: A, expr: '${expr}'`);
    expect([found.blind[0]?.near, asked]).toEqual([near, 1]);
  });

  it('says what it may have meant, beside rules that are quiet', async () => {
    const { found } = await evaluateAll(
      "alert: A, expr: 'wiat_seconds > 1'",
      "alert: Calm, expr: 'calls_total < 0'",
      "alert: Loud, expr: 'calls_total > 0'",
      `alert: Wrong, expr: 'calls_total + on() {__name__!=""}'`,
      "alert: Steady, expr: 'up < 1'",
    );
    const look = { palette: PLAIN, width: 80, verbose: false, now: START };
    const lines = async (verbose: boolean) =>
      (await formatAlerts(found, { ...look, verbose }))
        .split('\n')
        .filter((line) => /^(quiet|without)/.test(line));
    const without = 'without data: A (wiat_seconds, did you mean wait_seconds?)';
    expect(await lines(false)).toEqual([without]);
    expect(await lines(true)).toEqual([without, 'quiet: Calm, Steady']);
    expect(alertsJson(found)['withoutData']).toEqual([
      { rule: 'A', metrics: ['wiat_seconds'], didYouMean: ['wait_seconds'] },
    ]);
  });

  it('is the only one for which the log is asked what it has', async () => {
    expect((await evaluateAll("alert: A, expr: 'calls_total < 0'")).asked).toBe(0);
  });
});
