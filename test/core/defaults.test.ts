import { expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../src/core/defaults.js';
import { fieldOf } from '../../src/core/group.js';
import { OUTSIDE } from '../../src/core/outside.js';
import { THRESHOLD_OPTIONS } from '../../src/core/threshold-options.js';
import { describeLimits } from '../../src/core/words.js';
import { GROUPS } from '../../src/vitals/index.js';

it('is this table', () => {
  const table = DEFAULT_RULES.map((rule) => {
    const group = GROUPS.get(rule.path.group) ?? OUTSIDE.get(rule.path.group);
    const unit = rule.unit ?? (group && fieldOf(group, rule.path.field)?.unit) ?? 'count';
    return `${rule.name}: ${describeLimits(rule, unit)}`;
  });
  expect(table).toEqual([
    'cpu: warning above 85 %, critical above 95 % on average over 1h30m',
    'iowait: warning above 40 % on average over 1h30m',
    'steal: warning above 10 % on average over 10m',
    'load: warning above 2 in every sample of 1h30m',
    'memory: warning above 90 %, critical above 98 %',
    'swap: warning above 90 %, critical above 98 %',
    'oom-kills: warning above 0 in 30m',
    'disk: warning above 90 %, critical above 98 % and available below 5 GB',
    'disk-full-in: warning below 8h, critical below 2h at the pace of the last 2h',
    'inodes: warning above 90 %, critical above 98 %',
    'read-only: critical if so within the last 1h',
    'files: warning above 70 %, critical above 90 %',
    'conntrack: warning above 75 %, critical above 90 %',
    'network-errors: warning above 1 % on average over 10m',
    'link: warning if so within the last 1h',
    'disk-stall: warning above 1s on average over 5m',
    'memory-stall: warning above 10 %, critical above 40 % on average over 10m',
    'major-faults: warning above 500/s on average over 10m',
    'log: warning above 10m',
  ]);
});

const rules = [...DEFAULT_RULES, ...THRESHOLD_OPTIONS.flatMap((option) => option.rules)].filter(
  ({ path }) => !['file', 'log'].includes(path.group),
);

it.each(rules.map((rule) => [rule.name, rule] as const))('%s looks at fields that there are', (_, rule) => {
  const group = GROUPS.get(rule.path.group);
  expect(group?.name).toBe(rule.path.group);
  const conditions = [rule.also?.warning, rule.also?.critical, ...(rule.fine ?? [])];
  for (const field of [rule.path.field, ...conditions.flatMap((one) => one?.field ?? [])])
    expect(group && fieldOf(group, field), field).toBeDefined();
});

it('has names of its own', () => {
  const names = DEFAULT_RULES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
