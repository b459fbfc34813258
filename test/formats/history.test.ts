import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counter, gauge, group } from '../../src/core/group.js';
import { row, type Sample } from '../../src/core/sample.js';
import { type Dialect, END } from '../../src/formats/exposition.js';
import { gather } from '../../src/formats/history.js';
import { parseExposition } from './parse-exposition.js';

const FAMILIES = ['a', 'b', 'c', 'd', 'e'];

const things = group({
  name: 'thing',
  help: 'Things',
  identity: ['name'],
  fields: {
    ...Object.fromEntries(FAMILIES.map((name) => [name, gauge('count', `Field ${name}`)])),
    turns: counter('count', 'Turns'),
  },
});

const sampleAt = (
  time: number,
  rows: Readonly<Record<string, Readonly<Record<string, number>>>>,
): Sample => ({
  time,
  host: 'h',
  boot: 'b',
  readings: new Map([
    ['thing', { group: things, rows: Object.entries(rows).map(([name, numbers]) => row([name], numbers)) }],
  ]),
});

/** What the command does: pass after pass until all families were told. */
const write = (
  samples: readonly Sample[],
  dialect: Dialect,
  most?: number,
): { text: string; passes: number } => {
  let text = '';
  let passes = 0;
  let after: string | undefined = '';
  while (after !== undefined) {
    const gathering = gather(after, most);
    for (const sample of samples) gathering.add(sample);
    for (const piece of gathering.text(dialect)) text += piece;
    after = gathering.unfinished();
    passes++;
  }
  return { text: text + END[dialect], passes };
};

describe('gather', () => {
  const samples = [
    sampleAt(1000, { y: { a: 1 }, x: { a: 2, turns: 5 } }),
    sampleAt(2500, { x: { a: 3, turns: 6 } }),
  ];

  test('writes a family at a time, a series at a time, each in the order of time', () => {
    expect(write(samples, 'prometheus').text).toBe(`# HELP sysmon_thing_a Field a
# TYPE sysmon_thing_a gauge
sysmon_thing_a{name="x"} 2 1000
sysmon_thing_a{name="x"} 3 2500
sysmon_thing_a{name="y"} 1 1000
# HELP sysmon_thing_turns_total Turns
# TYPE sysmon_thing_turns_total counter
sysmon_thing_turns_total{name="x"} 5 1000
sysmon_thing_turns_total{name="x"} 6 2500
`);
  });

  test('gives OpenMetrics its times in seconds', () => {
    const { text } = write(samples, 'openmetrics');
    expect(text).toContain('# TYPE sysmon_thing_turns counter\nsysmon_thing_turns_total{name="x"} 5 1\n');
    expect(text).toContain('sysmon_thing_turns_total{name="x"} 6 2.5\n# EOF\n');
  });

  test('puts points in order where the clock was set back, and tells a moment once', () => {
    const back = [3000, 4000, 2000, 3000, 5000].map((time, at) => sampleAt(time, { x: { a: at } }));
    const [family] = parseExposition(write(back, 'prometheus').text);
    expect(family?.series.map(({ time, value }) => [time, value])).toEqual([
      [2000, 2],
      [3000, 3],
      [4000, 1],
      [5000, 4],
    ]);
  });

  test('says the same in many small passes as in one', () => {
    const made = fc.array(
      fc.dictionary(
        fc.constantFrom('x', 'y', 'z'),
        fc.dictionary(fc.constantFrom(...FAMILIES), fc.integer(), { noNullPrototype: true }),
        { noNullPrototype: true },
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(made, fc.integer({ min: 1, max: 30 }), (rows, most) => {
        const all = rows.map((one, at) => sampleAt(at * 1000, one));
        const whole = write(all, 'prometheus');
        expect(whole.passes).toBe(1);
        const small = write(all, 'prometheus', most);
        expect(small.text).toBe(whole.text);
        const points = parseExposition(small.text).flatMap(({ series }) => series);
        const asked = rows.flatMap((one) => Object.values(one).flatMap((numbers) => Object.keys(numbers)));
        expect(points).toHaveLength(asked.length);
        if (points.length > most && new Set(asked).size > 1) expect(small.passes).toBeGreaterThan(1);
      }),
    );
  });
});
