import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../src/core/defaults.js';
import { OUTSIDE } from '../../src/core/outside.js';
import { above } from '../../src/core/range.js';
import type { Rule } from '../../src/core/rule.js';
import { translate } from '../../src/formats/rule-file/translate.js';
import { formatRuleFile } from '../../src/formats/rule-file.js';
import { loadRules } from '../../src/promql/rules/load.js';
import { GROUPS } from '../../src/vitals/index.js';
import { networkAsides } from '../../src/vitals/network.js';

const ALL = new Map([...GROUPS, ...OUTSIDE]);
const byName = (name: string): Rule => DEFAULT_RULES.find((one) => one.name === name) as Rule;

it.each(DEFAULT_RULES.map((rule) => [rule.name, rule] as const))('%s is a rule of Prometheus', (_, rule) => {
  const { reason, alerts } = translate(rule, ALL);
  expect(reason).toBeUndefined();
  expect(alerts.map(({ severity }) => severity)).toEqual(Object.keys(rule.limits));
  // Where only node_exporter is scraped there is nothing of sysmon's own but what the file records itself.
  for (const { expression } of alerts) expect(expression.join('\n')).not.toMatch(/\bsysmon_/);
});

it('is loaded without a problem, each alert after three evaluations', async () => {
  const file = await loadRules(formatRuleFile(DEFAULT_RULES, ALL), 'x.yml');
  expect(file.problems).toEqual([]);
  for (const rule of file.groups.flatMap(({ rules }) => rules))
    if (rule.kind === 'alert') expect(rule.for).toBe(2 * (file.groups[0]?.interval ?? 0));
});

it('says what is recorded once, goes on by the milder limit, and asks the other condition of both', () => {
  const { record, alerts } = translate(byName('disk'), ALL);
  expect(record?.name).toBe('sysmon:disk:percent');
  expect(alerts[1]?.expression).toEqual([
    '(',
    '  sysmon:disk:percent > 98',
    '  or sysmon:disk:percent > 90 and on (job, instance, mountpoint) ALERTS{alertname="NodeDisk", alertstate="firing", severity="critical"}',
    ')',
    'and on (job, instance, mountpoint) node_filesystem_avail_bytes < 5000000000',
  ]);
});

it('compares what is measured before it asks for anything else: "and" binds less than a comparison', () => {
  const { record, alerts } = translate(byName('network-errors'), ALL);
  expect(record).toBeUndefined();
  const [compared, ...others] = alerts[0]?.expression ?? [];
  expect(compared).toMatch(/^100 \* \(rate.*\) \/ \(rate.*\) > 1$/);
  expect(others).toEqual([
    'and on (job, instance) present_over_time(node_time_seconds[2m] offset 8m)',
    'and on (job, instance) time() - node_boot_time_seconds >= 600',
  ]);
});

it('names what node_exporter has nothing like', () => {
  const rule: Rule = {
    name: 'forks',
    title: 'processes begun',
    path: { group: 'processes', field: 'forks_per_second' },
    measure: { kind: 'value' },
    limits: { critical: above(1) },
    missing: 'unknown',
    tooShort: 'unknown',
  };
  expect(formatRuleFile([rule], ALL)).toContain(
    '# Not here: node_exporter has nothing like processes.forks_per_second',
  );
});

describe('network devices that count', () => {
  const pattern = /device!~"(.*)"/.exec(ALL.get('network')?.countedMatchers ?? '')?.[1] ?? '';
  const leftOut = new RegExp(`^(?:${pattern})$`);
  it.each(
    'eth0 eno1 enp3s0 ens5 wlan0 wlp2s0 ib0 lo veth1a2b docker0 br-0123456789ab br0 virbr0 bond0 team0 wg0 tun0 tap3 eth0.100 cali12 flannel.1 cni0 dummy0 vxlan.calico ppp0 tailscale0'.split(
      ' ',
    ),
  )('%s is left out where sysmon does', (device) => {
    // Beside one that is of hardware, as on most machines.
    const links = [
      { device, physical: /^(e|wl|ib)/.test(device) && !device.includes('.'), master: undefined },
      { device: 'real0', physical: true, master: undefined },
    ];
    expect(leftOut.test(device)).toBe(networkAsides(links).has(device));
  });
});
