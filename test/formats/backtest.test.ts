/** What rules would have done, in tables and cells. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Backtest, PastAlert, PastRule } from '../../src/core/backtest.js';
import { widthOf } from '../../src/core/width.js';
import { backtestText } from '../../src/formats/backtest-text.js';
import { drawTimeline } from '../../src/formats/backtest-timeline.js';
import { PLAIN } from '../../src/formats/palette.js';

const SINCE = Date.parse('2026-11-14T12:00:00Z');
const HOUR = 3_600_000;
const UNTIL = SINCE + 100 * HOUR;

const alert = (
  pending: number,
  firing?: number,
  resolved?: number,
  labels: PastAlert['labels'] = [],
): PastAlert => ({
  labels,
  annotations: [['summary', 'it is full']],
  pendingAt: SINCE + pending * HOUR,
  sinceAtLeast: pending < 0,
  ...(firing === undefined ? {} : { firingAt: SINCE + firing * HOUR }),
  ...(resolved === undefined ? {} : { resolvedAt: SINCE + resolved * HOUR }),
  first: 1.5,
  last: 3,
  least: 0.25,
  most: 7,
});

const rule = (name: string, alerts: readonly PastAlert[], more: Partial<PastRule> = {}): PastRule => ({
  name,
  group: 'g',
  file: 'f.yml',
  line: 3,
  severity: 'warning',
  state: 'warning',
  for: 0,
  below: false,
  alerts,
  ...more,
});

const found = (rules: readonly PastRule[], more: Partial<Backtest> = {}): Backtest => ({
  log: 'sysmon.log',
  since: SINCE,
  until: UNTIL,
  rules,
  failures: [],
  gaps: [],
  ...more,
});

const LOOK = {
  palette: PLAIN,
  width: 120,
  drawWidth: 80,
  height: 24,
  glyphs: 'braille',
  timeline: false,
  verbose: false,
} as const;

describe('the timeline', () => {
  /** The cells of each row, of 100 hours in 50 cells. */
  const cells = (told: Backtest): readonly string[] =>
    drawTimeline(told, { ...LOOK, width: 53 + 7, height: 24 }).slice(0, -3);

  test('has a cell for what was so at any time in it, the worse first', () => {
    const rows = cells(found([rule('A234567', [alert(0, 2, 4), alert(50, 51, 51.5), alert(98, 99)])]));
    expect(rows).toEqual([`A234567 │▒█${'·'.repeat(23)}█${'·'.repeat(23)}█`]);
  });

  test('shows what has no samples where nothing else is known', () => {
    const gaps = [
      { from: SINCE + 10 * HOUR, to: SINCE + 20 * HOUR },
      { from: SINCE + 60 * HOUR, to: SINCE + 60.5 * HOUR },
    ];
    expect(cells(found([rule('A234567', [alert(10, 12, 14)])], { gaps }))).toEqual([
      `A234567 │${'·'.repeat(5)}▒█???${'·'.repeat(40)}`,
      `samples │${'·'.repeat(5)}?????${'·'.repeat(20)}?${'·'.repeat(19)}`,
    ]);
  });

  test('has a row for each alert while they are few, then for each rule', () => {
    const many = (count: number) =>
      found([
        rule(
          'Full',
          Array.from({ length: count }, (_, at) => alert(at, at, at + 1, [['disk', `sd${at}`]])),
        ),
      ]);
    expect(cells(many(3)).map((row) => row.slice(0, 15))).toEqual(
      ['0', '1', '2'].map((at) => `Full (disk sd${at})`),
    );
    expect(cells(many(40))).toHaveLength(1);
  });

  test('is not there where there is nothing to see', () => {
    expect(drawTimeline(found([rule('A', [])]), LOOK)).toEqual([]);
  });
});

describe('the text', () => {
  test('tells rules of one name apart, by what differs', async () => {
    const text = await backtestText(
      found([
        rule('Full', [alert(1, 1, 2)]),
        rule('Full', [alert(1, 1, 2)], { severity: 'critical', state: 'critical' }),
        rule('Idle', []),
        rule('Idle', [], { severity: 'critical' }),
        rule('Slow', [alert(5)], { group: 'a' }),
        rule('Slow', [], { group: 'b' }),
      ]),
      LOOK,
    );
    expect(text).toContain('Full [critical]      1');
    expect(text).toContain('Slow [a]             0');
    expect(text).toContain('Never active: Idle, Slow [b]\n');
    expect(text).toContain('6 alerting rules: 2 alerts of 2 rules fired, 1 rule only pending');
  });

  test('leaves out what never fired where that is much', async () => {
    const pending = Array.from({ length: 40 }, (_, at) => alert(at, undefined, at + 0.5));
    const told = found([rule('Flap', [...pending, alert(60, 61, 62)])]);
    const short = await backtestText(told, LOOK);
    expect(short).toContain('40 alerts that never fired: see all with --verbose');
    expect(short.split('\n').length).toBeLessThan(15);
    const long = await backtestText(told, { ...LOOK, verbose: true });
    expect(long.match(/^Flap .* - .* - /gm)).toHaveLength(40);
    expect(long).toContain('Flap: it is full\n');
  });

  test('has the longest of many gaps', async () => {
    const gaps = Array.from({ length: 10 }, (_, at) => ({
      from: SINCE + at * 10 * HOUR,
      to: SINCE + at * 10 * HOUR + (at + 1) * 60_000,
    }));
    const text = await backtestText(found([rule('A', [])], { gaps }), LOOK);
    expect(text.match(/The log has no samples from/g)).toHaveLength(5);
    expect(text).toContain('(10m).\nAnd 5 shorter times without, 15m together.');
  });

  test('takes the smallest value for the worst of what is too little', async () => {
    expect(await backtestText(found([rule('Low', [alert(1, 2, 3)], { below: true })]), LOOK)).toMatch(
      /1\.5 +0\.25 +3\n/,
    );
    expect(await backtestText(found([rule('High', [alert(1, 2, 3)])]), LOOK)).toMatch(/1\.5 +7 +3\n/);
  });

  test('fits the terminal, whatever there is', async () => {
    const word = fc.stringMatching(/^[A-Za-z]{1,30}$/);
    const arbitraryAlert = fc
      .tuple(
        fc.double({ min: -5, max: 95, noNaN: true }),
        fc.option(fc.integer({ min: 0, max: 5 })),
        fc.option(fc.integer({ min: 0, max: 5 })),
        word,
        word,
      )
      .map(([start, wait, stay, name, text]) =>
        alert(
          start,
          wait === null ? undefined : start + wait,
          stay === null ? undefined : start + (wait ?? 0) + stay,
          [[name, text]],
        ),
      );
    const arbitraryRule = fc
      .tuple(
        word,
        fc.array(arbitraryAlert, { maxLength: 3 }),
        fc.constantFrom('warning', 'critical', undefined),
      )
      .map(([name, alerts, severity]) => rule(name, alerts, { severity }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryRule, { maxLength: 4 }),
        fc.constantFrom(60, 80, 200),
        fc.boolean(),
        async (rules, width, ascii) => {
          const gaps = [{ from: SINCE, to: SINCE + HOUR }];
          const text = await backtestText(found(rules, { gaps }), {
            ...LOOK,
            width: width - 1,
            drawWidth: width,
            glyphs: ascii ? 'ascii' : 'blocks',
            timeline: true,
          });
          expect(text.split('\n').filter((line) => widthOf(line) >= width)).toEqual([]);
          if (ascii) expect(text).toMatch(/^[\n\x20-\x7e]*$/);
        },
      ),
      { numRuns: 40 },
    );
  });
});
