import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openWatcher } from '../../src/commands/alerting.js';
import { parsePath } from '../../src/core/path.js';
import { parseRange } from '../../src/core/range.js';
import type { Rule } from '../../src/core/rule.js';
import type { Sample } from '../../src/core/sample.js';
import { sample } from '../core/judging.js';

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
