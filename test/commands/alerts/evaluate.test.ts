/** What a check finds out from a short past, beside what a whole one says. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlertsWanted, evaluateAlerts } from '../../../src/commands/alerts/evaluate.js';
import { severitiesFrom } from '../../../src/commands/alerts/severity.js';
import { stateOfAlerts } from '../../../src/core/alert.js';
import { summarizeAlerts } from '../../../src/formats/alert-words.js';
import { alertsJson } from '../../../src/formats/alerts-json.js';
import { formatAlerts } from '../../../src/formats/alerts-text.js';
import { PLAIN } from '../../../src/formats/palette.js';
import { labelsFrom } from '../../../src/promql/labels.js';
import { MemorySet } from '../../../src/promql/memory.js';
import { readSeries } from '../../../src/promql/notation.js';
import { loadRules } from '../../../src/promql/rules/load.js';
import type { RuleGroup } from '../../../src/promql/rules/rule.js';
import type { SeriesSource } from '../../../src/promql/series.js';

const MINUTE = 60_000;
const START = Date.parse('2026-11-21T00:00:00Z');

const rules = async (...lines: readonly string[]): Promise<readonly RuleGroup[]> => {
  const text = `groups:\n- name: g\n  rules:\n${lines.map((line) => `  - {${line}}\n`).join('')}`;
  const { groups, problems } = await loadRules(text, 'f.yml');
  expect(problems).toEqual([]);
  return groups;
};

/** Series at a sample a minute, and how often they were asked for. */
const sourceOf = (...lines: readonly string[]): SeriesSource & { readonly sinces: number[] } => {
  const set = new MemorySet();
  for (const line of lines) {
    const { labels, points } = readSeries(line);
    points.forEach((point, index) => {
      if (typeof point === 'number') set.append(labels, START + index * MINUTE, point);
      else if (point === 'stale') set.end(labels, START + index * MINUTE);
    });
  }
  const sinces: number[] = [];
  const whole = Math.max(...lines.map((line) => readSeries(line).points.length));
  if (!lines.some((line) => line.startsWith('up')))
    for (let index = 0; index < whole; index++)
      set.append(labelsFrom([['__name__', 'up']]), START + index * MINUTE, 1);
  return {
    sinces,
    load: async (selections) => {
      sinces.push(Math.min(...selections.map(({ since }) => since)));
      return set;
    },
    metrics: async () => [],
  };
};

/** All in minutes after the start. */
const evaluateAt = async (
  groups: readonly RuleGroup[],
  source: SeriesSource,
  minute: number,
  { lookback = 0, ...more }: Partial<AlertsWanted> = {},
) =>
  evaluateAlerts(source, {
    groups,
    severities: severitiesFrom([]),
    now: START + minute * MINUTE,
    lookback: START + lookback * MINUTE,
    newest: () => undefined,
    replay: {},
    ...more,
  });

const shown = ({ found }: Awaited<ReturnType<typeof evaluateAt>>): readonly string[] =>
  found.alerts.map(
    ({ name, phase, since, sinceAtLeast, kept }) =>
      `${name} ${phase} ${sinceAtLeast ? 'at least ' : ''}since ${(since - START) / MINUTE}${kept ? ', kept' : ''}`,
  );

const KEPT = 'alert: A, expr: x > 5, for: 10m, keep_firing_for: 5m';
/** It holds for ten minutes once, and then for three of every six. */
const FLAPPING = `x 9x11 ${'1x2 9x2 '.repeat(20)}`;

describe('an alert that began long ago', () => {
  it('is kept firing from gap to gap, for as long as may be looked back', async () => {
    const groups = await rules(KEPT);
    expect(shown(await evaluateAt(groups, sourceOf(FLAPPING), 82))).toEqual(['A firing at least since 10']);
    // In a gap as well: nothing is there that holds.
    expect(shown(await evaluateAt(groups, sourceOf(FLAPPING), 79))).toEqual([
      'A firing at least since 10, kept',
    ]);
  });

  it('is not looked for where there has been a gap that is long enough', async () => {
    const source = sourceOf('x 9x40 1x20 9x3');
    expect(shown(await evaluateAt(await rules(KEPT), source, 63))).toEqual(['A pending since 62']);
    expect(source.sinces).toHaveLength(1);
  });

  it('lasts until its lower limit, however long that takes', async () => {
    const groups = await rules(
      "alert: A, expr: \"x > 8 or (x > 5 and on() ALERTS{alertname='A', alertstate='firing'})\"",
    );
    const source = sourceOf('x 1x9 9 7x50 1 7x20');
    expect(shown(await evaluateAt(groups, source, 50))).toEqual(['A firing since 10']);
    expect(shown(await evaluateAt(groups, source, 75))).toEqual([]);
  });

  it('is what a whole past says, whatever its rule', async () => {
    const step = fc.tuple(fc.constantFrom(1, 7, 9), fc.integer({ min: 1, max: 6 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 20 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 0, max: 5 }),
        fc.boolean(),
        async (steps, hold, keep, isHysteresis) => {
          const below = isHysteresis ? ' or (x > 5 and on() ALERTS{alertname="A"})' : '';
          const groups = await rules(
            `alert: A, expr: 'x > 8${below}', for: ${hold}m, keep_firing_for: ${keep}m`,
          );
          // Nothing holds at the beginning, so that a whole past knows when everything began.
          const values = [
            ...Array(7).fill(1),
            ...steps.flatMap(([value, count]) => Array(count).fill(value)),
          ];
          const source = sourceOf(`x ${values.join(' ')}`);
          const minute = values.length - 1;
          const whole = await evaluateAt(groups, source, minute, { before: START });
          expect(shown(await evaluateAt(groups, source, minute))).toEqual(shown(whole));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a run after another', () => {
  it('knows exactly what was firing when the one before looked', async () => {
    const groups = await rules('alert: A, expr: x > 5, for: 5m');
    const source = sourceOf('x 1x4 9x8 1x30');
    // At minute 9 it had been pending for four: it fires at 10, and not only at 14.
    const { replayed } = await evaluateAt(groups, source, 30, { before: START + 9 * MINUTE });
    expect(replayed.rules[0]).toMatchObject({
      episodes: [{ firingSince: START + 10 * MINUTE, resolvedAt: START + 14 * MINUTE }],
    });
  });
});

describe('a log that has ended', () => {
  const absent = 'alert: Gone, expr: absent(x), labels: {severity: critical}';

  it('says nothing, whatever fires over it', async () => {
    const { found } = await evaluateAt(await rules(absent), sourceOf('x 1x10'), 60);
    expect([found.stale, stateOfAlerts(found)]).toEqual(['the newest sample is 50m old', 'unknown']);
  });

  it('has not ended while something else in it goes on', async () => {
    const { found } = await evaluateAt(await rules(absent), sourceOf('x 1x10', 'up 1x60'), 60);
    expect([found.stale, stateOfAlerts(found)]).toEqual([undefined, 'critical']);
  });

  it('says nothing from the moment on at which its series end', async () => {
    const groups = await rules('alert: A, expr: x > 5');
    const stateAt = async (...lines: readonly string[]) => {
      const { found } = await evaluateAt(groups, sourceOf(...lines), 12);
      return [found.stale, stateOfAlerts(found)];
    };
    expect(await stateAt('x 9x10', 'up 1x10')).toEqual([undefined, 'warning']);
    expect(await stateAt('x 9x10 stale', 'up 1x10 stale')).toEqual([
      'the newest sample is 2m old',
      'unknown',
    ]);
  });

  it('and one that is empty say nothing', async () => {
    const { found } = await evaluateAt(await rules(absent), sourceOf('x _', 'up _'), 60);
    expect([found.stale, stateOfAlerts(found)]).toEqual(['there are no new samples', 'unknown']);
  });
});

it('no rules cannot say that all is well', async () => {
  const { found } = await evaluateAt(await rules('record: r, expr: x'), sourceOf('x 1x10'), 10);
  expect([found.rules, stateOfAlerts(found)]).toEqual([0, 'unknown']);
});

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
