/** What a check finds out from a short past, beside what a whole one says. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stateOfAlerts } from '../../../src/core/alert.js';
import { evaluateAt, MINUTE, rules, START, sourceOf } from './evaluating.js';

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
