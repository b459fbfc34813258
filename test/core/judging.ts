import { DEFAULT_RULES } from '../../src/core/defaults.js';
import type { Group } from '../../src/core/group.js';
import { counter, gauge, group } from '../../src/core/group.js';
import { openHistory } from '../../src/core/history.js';
import { judge } from '../../src/core/judge.js';
import type { Rule, Verdict } from '../../src/core/rule.js';
import type { ActiveAlert, Reading, Row, Sample } from '../../src/core/sample.js';
import { row } from '../../src/core/sample.js';

/** Groups as small as these tests need them. */
export const GROUPS = {
  cpu: group({
    name: 'cpu',
    help: '',
    fields: {
      used_percent: gauge('percent', ''),
      cores: gauge('count', ''),
      busy_seconds: counter('seconds', '', { due: 'detail' }),
      capacity_seconds: counter('seconds', '', { due: 'detail' }),
    },
  }),
  memory: group({
    name: 'memory',
    help: '',
    fields: { used_percent: gauge('percent', ''), total_bytes: gauge('bytes', '') },
  }),
  swap: group({
    name: 'swap',
    help: '',
    fields: { used_percent: gauge('percent', ''), total_bytes: gauge('bytes', '') },
  }),
  system: group({ name: 'system', help: '', fields: { uptime_seconds: gauge('seconds', '') } }),
  filesystem: group({
    name: 'filesystem',
    help: '',
    identity: ['mountpoint'],
    texts: { aside: '' },
    fields: {
      used_percent: gauge('percent', ''),
      inodes_used_percent: gauge('percent', ''),
      available_bytes: gauge('bytes', ''),
      readonly: gauge('boolean', ''),
      device_error: gauge('boolean', ''),
    },
  }),
  vmstat: group({ name: 'vmstat', help: '', fields: { '*': counter('count', '', { due: 'detail' }) } }),
  top: group({
    name: 'top',
    help: '',
    identity: ['pid'],
    list: true,
    fields: { cpu_percent: gauge('percent', ''), memory_bytes: gauge('bytes', '') },
  }),
} satisfies Record<string, Group>;

export type Part = readonly Row[] | Readonly<Record<string, number>> | string;

/** A sample: of each group its rows, its only row, or why it failed. */
export const sample = (
  seconds: number,
  parts: Readonly<Partial<Record<keyof typeof GROUPS, Part>>>,
  more: Partial<Sample> = {},
): Sample => {
  const readings = new Map<string, Reading>();
  for (const [name, part] of Object.entries(parts)) {
    const owner = GROUPS[name as keyof typeof GROUPS];
    readings.set(
      name,
      typeof part === 'string'
        ? { group: owner, failed: part }
        : { group: owner, rows: Array.isArray(part) ? part : [row([], part as Record<string, number>)] },
    );
  }
  return { time: seconds * 1000, host: 'web-1', boot: 'b1', interval: 5, readings, ...more };
};

export const disk = (
  mountpoint: string,
  numbers: Readonly<Record<string, number>>,
  texts: Readonly<Record<string, string>> = {},
): Row => row([mountpoint], { readonly: 0, device_error: 0, ...numbers }, texts);

/** A default rule; with another window, where a test has samples of its own. */
export const defaultRule = (name: string, seconds?: number): Rule => {
  const rule = DEFAULT_RULES.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return seconds === undefined ? rule : { ...rule, measure: { ...rule.measure, seconds } as Rule['measure'] };
};

/** What a rule says at the last of these samples. */
export const judgeSamples = (
  rule: Rule,
  samples: readonly Sample[],
  held: readonly ActiveAlert[] = [],
): readonly Verdict[] => {
  const history = openHistory([rule]);
  for (const one of samples) history.add(one);
  return judge(rule, { now: samples.at(-1) as Sample, history, held });
};
