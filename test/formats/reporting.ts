import { openHistory } from '../../src/core/history.js';
import { judgeAll, worst } from '../../src/core/judge.js';
import type { Rule, Verdict } from '../../src/core/rule.js';
import type { Sample } from '../../src/core/sample.js';
import { row } from '../../src/core/sample.js';
import { summarize } from '../../src/core/summary.js';
import type { CheckReport } from '../../src/formats/check-report.js';
import { disk, sample } from '../core/judging.js';

export const reportOn = (rules: readonly Rule[], now: Sample): CheckReport => {
  const history = openHistory(rules);
  history.add(now);
  const verdicts = judgeAll(rules, { now, history });
  const { time, host } = now;
  return {
    time,
    host,
    verdicts,
    state: worst(verdicts),
    summary: summarize(verdicts, now),
    source: 'log, 3s ago',
  };
};

/** A machine with one of everything. */
export const troubled = sample(1_795_232_000, {
  cpu: { used_percent: 96.2, cores: 2 },
  memory: { used_percent: 91.5, total_bytes: 8e9 },
  swap: { total_bytes: 0 },
  filesystem: [
    disk('/', { used_percent: 22.1, available_bytes: 8e10, inodes_used_percent: 3 }),
    disk(`/srv/${'data/'.repeat(12)}db`, { used_percent: 93.25, available_bytes: 1e9 }),
    row(['/mnt/nfs'], { readonly: 0, device_error: 1 }),
  ],
  top: [
    row(['812'], { cpu_percent: 142.3, memory_bytes: 5e8 }, { name: 'postgres' }),
    row(['9'], { cpu_percent: 3, memory_bytes: 6e9 }, { name: 'java\u001b[31m' }),
  ],
});

export const verdictWith = (name: string, value: number, more: Partial<Verdict> = {}): Verdict => {
  const path = { group: 'g', field: 'f' };
  const rule: Rule = {
    name,
    title: name,
    path,
    measure: { kind: 'value' },
    limits: {},
    missing: 'unknown',
    tooShort: 'unknown',
  };
  return { rule, path, state: 'ok', value, unit: 'count', counter: false, ...more };
};
