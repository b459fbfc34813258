/** The default rules as promtool evaluates them: over hours of the simulated week, it finds what our replay finds. */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../src/core/defaults.js';
import { OUTSIDE } from '../../src/core/outside.js';
import { formatRuleFile } from '../../src/formats/rule-file.js';
import { openLogSeries } from '../../src/logs/series/log-series.js';
import { labelOf } from '../../src/promql/labels.js';
import { loadRules } from '../../src/promql/rules/load.js';
import { selectionsOfGroups } from '../../src/promql/rules/needs.js';
import type { RuleGroup } from '../../src/promql/rules/rule.js';
import { GROUPS } from '../../src/vitals/index.js';
import { type Excerpt, type UnitTest, unitTestOf } from '../backtest/excerpt.js';
import { DAY, HOUR, WEEK_BEGINS } from '../backtest/plan.js';
import { writeWeek } from '../backtest/week.js';
import { has, run, runSysmon } from './sysmon.js';

const folder = mkdtempSync(join(tmpdir(), 'sysmon-excerpts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const excerpt = (
  name: string,
  day: number,
  from: number,
  until: number,
  fires: readonly string[],
  bend?: Excerpt['bend'],
) => ({ name, from: day * DAY + from * HOUR, until: day * DAY + until * HOUR, fires, ...(bend && { bend }) });

/** What there is from which minute on; as it was before them, and where nothing is said. */
const steps = (
  minute: number,
  was: number,
  ...from: readonly (readonly [number, number | undefined])[]
): number => from.findLast(([begin]) => minute >= begin)?.[1] ?? was;

/** How much has come together at so much a minute. */
const grown = (minute: number, from: number, until: number, each: number): number =>
  Math.max(0, Math.min(minute, until) - from) * each;

/** What none of the faults does, one after the other. */
const bendAll: NonNullable<Excerpt['bend']> = (name, value, minute, labels) => {
  switch (name) {
    case 'node_filesystem_files_free':
      return steps(
        minute,
        value,
        [20, value * 0.05],
        [40, value * 0.01],
        [50, value * 0.05],
        [60, undefined],
      );
    case 'node_filefd_allocated':
      return steps(minute, value, [30, 1.2e6], [50, 1.5e6], [70, 1.2e6], [90, undefined]);
    case 'node_nf_conntrack_entries':
      return steps(minute, value, [35, 2.1e5], [55, 2.5e5], [75, 2.1e5], [95, undefined]);
    case 'node_memory_SwapFree_bytes':
      return steps(minute, value, [100, 0.2e9], [115, 0.05e9], [125, 0.6e9], [140, undefined]);
    case 'node_load15':
      return steps(minute, value, [20, 12], [150, 7.5], [175, undefined]);
    case 'node_filesystem_readonly':
      return labelOf(labels, 'mountpoint') === '/' ? steps(minute, value, [130, 1], [200, undefined]) : value;
    case 'node_network_receive_errs_total':
      return value + grown(minute, 60, 100, 9000);
    case 'node_cpu_seconds_total':
      if (labelOf(labels, 'mode') === 'steal') return value + grown(minute, 60, 100, 60);
      return labelOf(labels, 'mode') === 'iowait' ? value + grown(minute, 80, 180, 120) : value;
    default:
      return value;
  }
};

const OTHERS = [
  'NodeConntrack',
  'NodeFiles',
  'NodeInodes',
  'NodeIowait',
  'NodeLoad',
  'NodeNetworkErrors',
  'NodeReadOnly',
  'NodeSteal',
  'NodeSwap',
];

/** Hours of days, Monday first. */
const EXCERPTS = [
  excerpt('oom kill', 0, 14.25, 15.5, ['NodeOomKills']),
  excerpt('dead interface', 1, 9.75, 11.25, ['NodeLink']),
  excerpt('runaway process', 1, 19.25, 21.25, ['NodeCpu']),
  excerpt('end of a runaway process', 1, 23.75, 26, ['NodeCpu']),
  excerpt('reboot', 2, 3.75, 4.75, []),
  excerpt('build', 2, 11, 12.75, []),
  excerpt('disk filling', 3, 14.25, 17.25, ['NodeDisk', 'NodeDiskFullIn']),
  excerpt('builds in little memory', 4, 16, 17.5, ['NodeMemory']),
  excerpt('end of a memory leak', 5, 5, 6.5, ['NodeMemory']),
  excerpt('I-O stall', 5, 12.25, 13.5, ['NodeDiskStall']),
  excerpt('swap storm', 6, 10.75, 12.25, ['NodeMemory', 'NodeMemoryStall', 'NodeMajorFaults']),
  excerpt('silent log', 6, 16.5, 18.25, ['NodeLog']),
  excerpt('what happens in no week', 2, 11, 14.75, OTHERS, bendAll),
];

/** One evaluation more than there was, or where no alert was, another value of a recording rule. */
const spoiled = (text: string): string => {
  const at = text.lastIndexOf('value: ');
  return (
    text.slice(0, at) + text.slice(at).replace(/^value: (.*)/, (_, value) => `value: ${Number(value) + 1}`)
  );
};

/** Runs promtool to its end, beside others. */
const judge = (file: string) =>
  new Promise<{ readonly code: unknown; readonly said: string }>((resolve) => {
    execFile('promtool', ['test', 'rules', file], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, said: stdout + stderr });
    });
  });

const fileOf = (name: string, kind: 'good' | 'spoiled'): string =>
  join(folder, `${name.replaceAll(' ', '-')}-${kind}.yml`);

describe.runIf(has('promtool'))('the default rules', () => {
  const ruleFile = join(folder, 'defaults.yml');
  let groups: readonly RuleGroup[];
  const tests = new Map<string, UnitTest>();
  beforeAll(async () => {
    const rules = formatRuleFile(DEFAULT_RULES, new Map([...GROUPS, ...OUTSIDE]));
    writeFileSync(ruleFile, rules);
    ({ groups } = await loadRules(rules, 'defaults.yml'));
    const log = join(folder, 'week.log');
    await writeWeek(log, 1);
    const times = { since: WEEK_BEGINS * 1000, until: (WEEK_BEGINS + 7 * DAY) * 1000 };
    const set = await openLogSeries(log, GROUPS).load(selectionsOfGroups(groups, times));
    for (const one of EXCERPTS) {
      const test = unitTestOf(set, groups, 'defaults.yml', one);
      tests.set(one.name, test);
      writeFileSync(fileOf(one.name, 'good'), test.text);
      writeFileSync(fileOf(one.name, 'spoiled'), spoiled(test.text));
    }
  }, 120_000);

  it('are a good rule file', () => {
    expect(run('promtool', ['check', 'rules', ruleFile])).toMatchObject({ status: 0 });
    expect(runSysmon('rules', 'lint', ruleFile)).toMatchObject({ status: 0 });
  });

  it('all fire in one of the excerpts', () => {
    const alerts = groups.flatMap(({ rules }) => rules).filter(({ kind }) => kind === 'alert');
    const fired = new Set([...tests.values()].flatMap(({ firing }) => [...firing]));
    expect(fired).toEqual(new Set(alerts.map(({ name }) => name)));
  });

  it.each(EXCERPTS)('say to promtool what they say to us: $name', async ({ name, fires }) => {
    const { firing, looks } = tests.get(name) as UnitTest;
    expect([...firing]).toEqual(fires.length === 0 ? [] : expect.arrayContaining([...fires]));
    expect(looks).toBeGreaterThanOrEqual(20);
    const [good, bad] = await Promise.all([judge(fileOf(name, 'good')), judge(fileOf(name, 'spoiled'))]);
    expect(good.code, good.said).toBe(0);
    expect(bad).toMatchObject({ code: 1, said: expect.stringContaining('FAILED') });
  });

  it('say the same to sysmon rules test', () => {
    const files = (kind: 'good' | 'spoiled') => EXCERPTS.map(({ name }) => fileOf(name, kind));
    const good = runSysmon('rules', 'test', ...files('good'));
    expect(good.status, good.stdout + good.stderr).toBe(0);
    const bad = runSysmon('rules', 'test', ...files('spoiled'));
    expect(bad.status).toBe(1);
    expect((bad.stdout + bad.stderr).match(/FAILED/g)).toHaveLength(EXCERPTS.length);
  });
});
