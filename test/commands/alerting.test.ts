import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openWatcher } from '../../src/commands/alerting.js';
import { type AlertState, nextAlerts, resumeAlerts } from '../../src/core/alerts.js';
import { openHistory } from '../../src/core/history.js';
import { judgeAll } from '../../src/core/judge.js';
import { parsePath } from '../../src/core/path.js';
import { parseRange } from '../../src/core/range.js';
import type { Rule } from '../../src/core/rule.js';
import type { ActiveAlert, Sample } from '../../src/core/sample.js';
import { defaultRule, disk, sample } from '../core/judging.js';

const rule: Rule = {
  name: 'memory',
  title: 'memory',
  path: parsePath('memory.used_percent'),
  measure: { kind: 'value' },
  limits: { warning: parseRange('80'), critical: parseRange('90') },
  missing: 'ok',
  tooShort: 'not judged',
};

/** What is said sample by sample; with `restarts` a run begins anew, from the record, before each. */
const watch = (values: readonly (number | string)[], restarts: boolean): readonly string[] => {
  const recorded: Sample[] = [];
  let watcher = openWatcher([rule], []);
  return values.flatMap((value, index) => {
    if (restarts) watcher = openWatcher([rule], recorded);
    const taken = sample(index * 5, { memory: typeof value === 'string' ? value : { used_percent: value } });
    const { active, events } = watcher(taken);
    recorded.push(active.length === 0 ? taken : { ...taken, alerts: active });
    return events.map(({ before, state, since }) => `${index}: ${before} > ${state} since ${since}`);
  });
};

const [OK, WARNING, CRITICAL, UNKNOWN] = [50, 85, 95, 'no answer'] as const;

test('what is a warning becomes critical where each run takes one sample', () => {
  const values = [WARNING, WARNING, WARNING, CRITICAL, CRITICAL, CRITICAL, OK];
  expect(watch(values, true)).toEqual([
    '2: ok > warning since 0',
    '5: warning > critical since 0',
    '6: critical > ok since 0',
  ]);
});

test('restarts change nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(OK, WARNING, WARNING, CRITICAL, CRITICAL, UNKNOWN), { maxLength: 15 }),
      (values) => {
        expect(watch(values, true)).toEqual(watch(values, false));
      },
    ),
  );
});

test('what is left out because all is well changes nothing', () => {
  const rules = ['memory', 'swap', 'disk'].map((name) => defaultRule(name));
  const used = fc.constantFrom(10, 85, 93, 99, Number.NaN, undefined);
  const part = (percent: number | undefined) => (percent === undefined ? {} : { used_percent: percent });
  const taken = fc.record({
    memory: fc.oneof(fc.constant('no answer'), used.map(part)),
    swap: used.map(part),
    disks: fc.subarray(['/', '/var', '/usb']),
    space: used,
  });
  let events = 0;
  fc.assert(
    fc.property(fc.array(taken, { minLength: 5, maxLength: 30 }), (moments) => {
      const watcher = openWatcher(rules, []);
      const history = openHistory(rules);
      let [state, held]: [AlertState, readonly ActiveAlert[]] = [resumeAlerts(), []];
      for (const [index, { memory, swap, disks, space }] of moments.entries()) {
        const now = sample(index * 5, {
          memory,
          swap,
          filesystem: disks.map((place) => disk(place, { ...part(space), available_bytes: 1e9 })),
        });
        history.add(now);
        const step = nextAlerts(state, judgeAll(rules, { now, history, held }), now.time);
        [state, held] = [step.state, step.active];
        expect(watcher(now)).toEqual(step);
        events += step.events.length;
      }
    }),
  );
  expect(events).toBeGreaterThan(0);
});
