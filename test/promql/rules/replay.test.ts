/** Rules over the past: the life of alerts, what rules write, and in which order they see it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/promql/engine.js';
import { labelsFrom, pairsOf } from '../../../src/promql/labels.js';
import { MemorySet } from '../../../src/promql/memory.js';
import { readSeries } from '../../../src/promql/notation.js';
import { parse } from '../../../src/promql/parse.js';
import { activeAt, type Episode } from '../../../src/promql/rules/alert-state.js';
import { loadRules } from '../../../src/promql/rules/load.js';
import { neededPast, selectionsOfGroups } from '../../../src/promql/rules/needs.js';
import { orderGroups, stagesOf } from '../../../src/promql/rules/order.js';
import { type Replayed, type ReplayOptions, replay } from '../../../src/promql/rules/replay.js';
import type { RuleGroup } from '../../../src/promql/rules/rule.js';

const MINUTE = 60_000;

const groupsOf = async (text: string): Promise<readonly RuleGroup[]> => {
  const { groups, problems } = await loadRules(text, 'f.yml');
  expect(problems).toEqual([]);
  return groups;
};

/** One group of rules, each a map in YAML's short form. */
const rules = (...lines: readonly string[]): Promise<readonly RuleGroup[]> =>
  groupsOf(`groups:\n- name: g\n  rules:\n${lines.map((line) => `  - {${line}}\n`).join('')}`);

/** Series at a sample a minute. */
const setOf = (...lines: readonly string[]): MemorySet => {
  const set = new MemorySet();
  for (const line of lines) {
    const { labels, points } = readSeries(line);
    points.forEach((point, index) => {
      if (point === 'stale') set.end(labels, index * MINUTE);
      else if (point !== 'none') set.append(labels, index * MINUTE, point);
    });
  }
  return set;
};

const run = async (
  groups: Promise<readonly RuleGroup[]>,
  set: MemorySet,
  options: Partial<ReplayOptions> = {},
): Promise<Replayed> => replay(await groups, set, { since: 0, until: 20 * MINUTE, ...options });

/** `pending 2, firing 4, kept 7, resolved 9`, in minutes. */
const story = ({ pendingSince, firingSince, keepFiringSince, resolvedAt, sinceAtLeast }: Episode): string =>
  [
    `pending ${pendingSince / MINUTE}${sinceAtLeast ? ' at least' : ''}`,
    ...(firingSince === undefined ? [] : [`firing ${firingSince / MINUTE}`]),
    ...(keepFiringSince === undefined ? [] : [`kept ${keepFiringSince / MINUTE}`]),
    ...(resolvedAt === undefined ? [] : [`resolved ${resolvedAt / MINUTE}`]),
  ].join(', ');

const stories = ({ rules: all }: Replayed, name: string): readonly string[] =>
  all.flatMap((one) => (one.kind === 'alert' && one.rule.name === name ? one.episodes.map(story) : []));

/** A query's answer at a minute: `ALERTS{…} 1`. */
const ask = ({ set }: Replayed, query: string, minute: number): readonly string[] => {
  const at = minute * MINUTE;
  const result = evaluate(query, parse(query), set, { start: at, end: at, step: 0 });
  if (result.type !== 'vector') throw new Error(result.type);
  return result.series.map(({ labels, values }) => `${pairsOf(labels).flat().join(' ')} = ${values[0]}`);
};

const UP = 'expr: x > 5';

describe('alerts', () => {
  it('go pending, fire when they held for long enough, and resolve', async () => {
    const replayed = await run(rules(`alert: A, ${UP}, for: 2m`), setOf('x 1x2 9x4 1x3 9x1 1x3 9x20'));
    expect(stories(replayed, 'A')).toEqual([
      'pending 3, firing 5, resolved 8',
      'pending 12, resolved 14',
      'pending 18, firing 20',
    ]);
  });

  it('are known at any moment', async () => {
    const replayed = await run(rules(`alert: A, ${UP}, for: 2m`), setOf('x 1x2 9x4 1x20'));
    const [one] = replayed.rules;
    if (one?.kind !== 'alert') throw new Error('no alert');
    const states = [2, 3, 4.5, 5, 7.9, 8].map((minute) =>
      activeAt(one.episodes, minute * MINUTE)
        .map(({ state }) => state)
        .join(),
    );
    expect(states).toEqual(['', 'pending', 'pending', 'firing', 'firing', '']);
  });

  it('fire at once without for', async () => {
    const replayed = await run(rules(`alert: A, ${UP}`), setOf('x 1 9 1x20'));
    expect(stories(replayed, 'A')).toEqual(['pending 1, firing 1, resolved 2']);
  });

  it('that hold at the first moment may have begun before', async () => {
    const replayed = await run(rules(`alert: A, ${UP}, for: 2m`), setOf('x 9x30'), { since: 5 * MINUTE });
    expect(stories(replayed, 'A')).toEqual(['pending 5 at least, firing 7']);
  });

  it('may have been kept firing from before the first moment, until it is too long ago', async () => {
    const groups = (): Promise<readonly RuleGroup[]> =>
      rules(`alert: A, ${UP}, for: 5m, keep_firing_for: 3m`);
    expect(stories(await run(groups(), setOf('x 1x1 9x1 1x1 9x1 1x2 9 1x20')), 'A')).toEqual([
      'pending 2 at least, resolved 4',
      'pending 6 at least, resolved 8',
      'pending 11 at least, resolved 12',
    ]);
    expect(stories(await run(groups(), setOf('x 1x3 9x1 1x20')), 'A')).toEqual(['pending 4, resolved 6']);
  });

  it('are kept firing over gaps that are short enough', async () => {
    const groups = (): Promise<readonly RuleGroup[]> =>
      rules(`alert: A, ${UP}, for: 1m, keep_firing_for: 3m`);
    expect(stories(await run(groups(), setOf('x 1 9x2 1x1 9 1x20')), 'A')).toEqual([
      'pending 1 at least, firing 2, kept 7, resolved 10',
    ]);
    // Who is only pending is not kept.
    expect(stories(await run(groups(), setOf('x 1 9 1x20')), 'A')).toEqual([
      'pending 1 at least, resolved 2',
    ]);
    expect(stories(await run(groups(), setOf('x 9x18 1x4')), 'A')).toEqual([
      'pending 0 at least, firing 1, kept 19',
    ]);
  });

  it('carry labels and annotations with templates filled in', async () => {
    const replayed = await run(
      rules(
        `alert: A, ${UP}, labels: {who: "{{ $labels.a }}!", a: b}, annotations: {s: "{{ $value }} of {{ $labels.a }} {{ $labels.__name__ }} in {{ $externalLabels.site }} {{ $externalURL }}", q: "{{ with query \\"x\\" }}{{ . | first | value }}{{ end }}", bad: "{{ $labels.a.b }}"}`,
      ),
      setOf('x{a="i"} 1 7 8 1x9'),
      { externalLabels: labelsFrom([['site', 's']]), externalUrl: 'http://u' },
    );
    const [one] = replayed.rules;
    if (one?.kind !== 'alert') throw new Error('no alert');
    const [episode] = one.episodes;
    expect(pairsOf((episode as Episode).labels)).toEqual([
      ['a', 'b'],
      ['alertname', 'A'],
      ['who', 'i!'],
    ]);
    const notes = (minute?: number) =>
      Object.fromEntries(
        one.annotate(episode as Episode, minute === undefined ? undefined : minute * MINUTE),
      );
    expect(notes(1)).toMatchObject({ s: '7 of i x in s http://u', q: '7' });
    expect(notes()).toMatchObject({ s: '8 of i x in s http://u', q: '8' });
    expect(notes()['bad']).toMatch(/^<error expanding template: error executing template __alert_A: /);
    expect(episode).toMatchObject({ valueAtFire: 7, lastValue: 8, lastAt: 2 * MINUTE });
  });

  it('with the value in a label are new ones at each change', async () => {
    const replayed = await run(
      rules(`alert: A, ${UP}, for: 1m, labels: {v: "{{ $value }}"}`),
      setOf('x 7x1 8x20'),
    );
    expect(stories(replayed, 'A')).toEqual([
      'pending 0 at least, firing 1, resolved 2',
      'pending 2, firing 3',
    ]);
  });

  it('write ALERTS and ALERTS_FOR_STATE, which end with them', async () => {
    const replayed = await run(rules(`alert: A, ${UP}, for: 2m`), setOf('x 1x2 9x4 1x20'));
    const labels = 'alertname A alertstate';
    expect(ask(replayed, 'ALERTS', 4)).toEqual([`__name__ ALERTS ${labels} pending = 1`]);
    expect(ask(replayed, 'ALERTS', 5)).toEqual([`__name__ ALERTS ${labels} firing = 1`]);
    expect(ask(replayed, 'ALERTS_FOR_STATE', 7)).toEqual(['__name__ ALERTS_FOR_STATE alertname A = 180']);
    expect(ask(replayed, '{__name__=~"ALERTS.*"}', 8)).toEqual([]);
  });

  it('fail with twins, and above a limit, as an evaluation does', async () => {
    const twins = await run(
      rules('alert: A, expr: x > 5, labels: {a: all}'),
      setOf('x{a="1"} 9x20', 'x{a="2"} 1x2 9 1x20'),
    );
    expect(stories(twins, 'A')).toEqual(['pending 0 at least, firing 0']);
    expect(twins.rules[0]?.failures).toEqual([
      {
        at: 3 * MINUTE,
        message: 'vector contains metrics with the same labelset after applying alert labels',
      },
    ]);
    const limited = await run(
      groupsOf(
        'groups:\n- name: g\n  limit: 1\n  rules:\n  - {alert: A, expr: x > 5}\n  - {record: r, expr: x > 5}',
      ),
      setOf('x{a="1"} 9x20', 'x{a="2"} 1x2 9 1x20'),
    );
    // All of them are forgotten, so the first one begins anew.
    expect(stories(limited, 'A')).toEqual([
      'pending 0 at least, firing 0, resolved 3',
      'pending 4, firing 4',
    ]);
    expect(limited.rules.map(({ failures }) => failures.map(({ message }) => message))).toEqual([
      ['exceeded limit of 1 with 2 alerts'],
      ['exceeded limit of 1 with 2 series'],
    ]);
  });

  it('look back as far as query_offset says, and act at their own moment', async () => {
    const text =
      'groups:\n- name: g\n  query_offset: 2m\n  rules:\n  - {alert: A, expr: x > 5}\n  - {record: r, expr: x}';
    const replayed = await run(groupsOf(text), setOf('x 1x2 9x1 1x20'));
    expect(stories(replayed, 'A')).toEqual(['pending 5, firing 5, resolved 7']);
    expect(ask(replayed, 'timestamp(r) == 180', 3)).toHaveLength(1);
  });
});

describe('rules that read rules', () => {
  it('see at the same moment what earlier rules wrote, wherever they stand in their file', async () => {
    const text = `groups:
- {name: late, rules: [{record: c, expr: b * 10}]}
- {name: early, rules: [{record: b, expr: x + 1}]}`;
    expect(orderGroups(await groupsOf(text)).map(({ name }) => name)).toEqual(['early', 'late']);
    expect(ask(await run(groupsOf(text), setOf('x 1+1x20')), 'c', 4)).toEqual(['__name__ c = 60']);
    expect(ask(await run(groupsOf(text), setOf('x 1+1x20'), { asOrdered: true }), 'c', 4)).toEqual([
      '__name__ c = 50',
    ]);
  });

  it('are evaluated in turns where they need each other', async () => {
    const groups = rules(
      'record: total, expr: x + (total offset 1m or vector(0))',
      `alert: H, expr: 'x > 5 or (x > 2 and on () ALERTS{alertname="H"})'`,
      'record: free, expr: x',
    );
    expect(
      stagesOf(await groups).map(({ rules: all, stepwise }) => [all.map(({ rule }) => rule.name), stepwise]),
    ).toEqual([
      [['total'], true],
      [['H'], true],
      [['free'], false],
    ]);
    const replayed = await run(groups, setOf('x 1 3 7 3 3 1 3 1x20'));
    expect(stories(replayed, 'H')).toEqual(['pending 2, firing 2, resolved 5']);
    // x has no labels but its name, so that both sides match.
    expect(
      ask(
        await run(
          rules('record: total, expr: sum(x) + (sum(total offset 1m) or vector(0))'),
          setOf('x 1 2 3 4 5x20'),
        ),
        'total',
        3,
      ),
    ).toEqual(['__name__ total = 10']);
  });

  it('do not see recorded series that are gone', async () => {
    const replayed = await run(rules('record: r, expr: x > 5', 'alert: A, expr: r'), setOf('x 9x2 1x20'));
    expect(ask(replayed, 'r', 2)).toEqual(['__name__ r = 9']);
    expect(ask(replayed, 'r', 3)).toEqual([]);
    expect(stories(replayed, 'A')).toEqual(['pending 0 at least, firing 0, resolved 3']);
  });

  it('fail only at the moments at which they cannot be evaluated, and keep their state there', async () => {
    const replayed = await run(
      rules('alert: A, expr: x > on() y, for: 2m'),
      setOf('x 9x20', 'y{a="1"} 1x20', 'y{a="2"} _ _ _ 1 stale'),
    );
    expect(stories(replayed, 'A')).toEqual(['pending 0 at least, firing 2']);
    expect(replayed.rules[0]?.failures.map(({ at }) => at / MINUTE)).toEqual([3]);
    expect(replayed.rules[0]?.failures[0]?.message).toMatch(/^found duplicate series for the match group/);
  });

  it('do not see what came later', async () => {
    const replayed = await run(
      rules('record: r, expr: x offset -3m', 'record: s, expr: x @ end()'),
      setOf('x 1+1x19'),
    );
    expect(ask(replayed, 'r', 3)).toEqual(['__name__ r = 4']);
    expect(ask(replayed, 's', 3)).toEqual(['__name__ s = 4']);
  });

  it('come out the same moment by moment as all at once', async () => {
    const values = fc.array(fc.constantFrom('1', '3', '7', '_', 'stale'), { minLength: 1, maxLength: 25 });
    const texts = [
      'x > 2',
      'sum(x) > 5',
      'max_over_time(x[3m]) > 5',
      'absent(x)',
      'x{a="1"} > on() x{a="2"}',
      'count(x) > 1',
    ];
    await fc.assert(
      fc.asyncProperty(
        values,
        values,
        fc.constantFrom(...texts),
        fc.nat(3),
        fc.nat(3),
        async (a, b, expr, hold, keep) => {
          const set = setOf(`x{a="1"} ${a.join(' ')}`, `x{a="2"} ${b.join(' ')}`);
          // What reads itself, even in vain, is evaluated in turns.
          const tail = `for: ${hold}m, keep_firing_for: ${keep}m`;
          const atOnce = await run(rules(`alert: A, expr: '${expr}', ${tail}`), set);
          const inTurns = await run(
            rules(`alert: A, expr: '(${expr}) unless ALERTS{alertname="A",alertstate="never"} @ 0', ${tail}`),
            set,
          );
          expect(stories(inTurns, 'A')).toEqual(stories(atOnce, 'A'));
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('what has to be loaded', () => {
  it('is as long as state needs, through chains of rules', async () => {
    const past = async (...lines: readonly string[]) => neededPast(await rules(...lines)) / MINUTE;
    expect(await past('alert: A, expr: x > 5')).toBe(2);
    expect(await past('alert: A, expr: x > 5, for: 5m, keep_firing_for: 3m')).toBe(10);
    // 12 of its own, 9m59.999s of what it reads, 2 of the other.
    expect(
      await past('record: r, expr: x', 'alert: A, expr: "max_over_time(r[10m]) > 5", for: 10m'),
    ).toBeCloseTo(24, 3);
    expect(neededPast([])).toBe(0);
  });

  it('gives the state at the end that a longer past would', async () => {
    const text = [
      'record: r, expr: "max_over_time(x[3m])"',
      'alert: A, expr: r > 5, for: 4m, keep_firing_for: 2m',
    ];
    const groups = await rules(...text);
    const set = setOf('x 1x20 9x3 1x3 9x20');
    const until = 40 * MINUTE;
    const long = replay(groups, set, { since: 0, until });
    const short = replay(groups, set, { since: until - neededPast(groups), until });
    const state = (one: Replayed) => stories(one, 'A').at(-1)?.replace(' at least', '').replace(/\d+/g, '');
    expect(state(short)).toBe(state(long));
  });

  it('is each selector once, over all moments', async () => {
    const groups = await rules(
      'record: a, expr: "rate(x[5m])"',
      'record: b, expr: "rate(x[10m]) + y"',
      'record: c, expr: x offset 1h',
    );
    const found = selectionsOfGroups(groups, { since: 120 * MINUTE, until: 130 * MINUTE });
    const words = found.map(({ matchers, since, until }) => [
      matchers.map(({ value }) => value).join(),
      Math.floor(since / MINUTE),
      until / MINUTE,
    ]);
    expect(words).toEqual([
      ['x', 55, 130],
      ['y', 115, 130],
    ]);
  });

  it('is also what texts ask for', async () => {
    const groups = await rules(
      `alert: A, expr: 'x > 1', annotations: {a: '{{ with printf "y{i=%q}" $labels.i | query }}{{ . | first | value }}{{ end }}'}`,
    );
    const found = selectionsOfGroups(groups, { since: 0, until: 20 * MINUTE });
    expect(
      found.map(({ matchers, since, until }) => [matchers.map(({ value }) => value).join(), since, until]),
    ).toEqual([
      ['x', 1 - 5 * MINUTE, 20 * MINUTE],
      ['y', 1 - 5 * MINUTE, 20 * MINUTE],
    ]);
  });
});
