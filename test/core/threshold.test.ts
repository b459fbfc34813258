import { describe, expect, it } from 'vitest';
import { formatPath } from '../../src/core/path.js';
import { formatRange } from '../../src/core/range.js';
import type { Rule } from '../../src/core/rule.js';
import { RuleError } from '../../src/core/rule.js';
import type { Typed } from '../../src/core/threshold.js';
import { thresholdRules, withDefaults } from '../../src/core/threshold.js';
import { THRESHOLD_OPTIONS } from '../../src/core/threshold-options.js';

/** `--disk=/var=90` → an option as the command line gives it. */
const typed = (text: string): Typed => {
  const [, name = '', value] = /^--([a-z-]+)(?:[ ](.*))?$/s.exec(text) ?? [];
  return value === undefined ? { name } : { name, value };
};

const show = ({ name, path, limits }: Rule): string =>
  [
    name,
    formatPath(path),
    limits.warning ? formatRange(limits.warning) : '',
    limits.critical ? formatRange(limits.critical) : '',
  ].join(' | ');

const rulesOf = (...options: string[]): readonly Rule[] => thresholdRules({ options: options.map(typed) });

describe('options', () => {
  it.each([
    ['--cpu 80,95', 'cpu | cpu.used_percent | 80 | 95'],
    ['--cpu 80%,95%', 'cpu | cpu.used_percent | 80 | 95'],
    ['--cpu', 'cpu | cpu.used_percent | 85 | 95'],
    ['--memory 85', 'memory | memory.used_percent | 85 | '],
    ['--memory ,95', 'memory | memory.used_percent |  | 95'],
    ['--memory 85,', 'memory | memory.used_percent | 85 | '],
    ['--memory 10:,@0:5', 'memory | memory.used_percent | 10: | @5'],
    ['--load 1.5,3', 'load | load.load15_per_core | 1.5 | 3'],
    ['--iowait', 'iowait | cpu.iowait_percent | 40 | '],
    ['--temperature 70,90', 'temperature | hwmon.celsius | ~:70 | ~:90'],
    ['--temperature 70C,90°C', 'temperature | hwmon.celsius | ~:70 | ~:90'],
    ['--temperature -5', 'temperature | hwmon.celsius | ~:-5 | '],
    ['--cpu 10%:20%', 'cpu | cpu.used_percent | 10:20 | '],
    ['--log-age @1m:1h', 'log-age | log.age_seconds | @60:3600 | '],
    ['--temperature 5:70', 'temperature | hwmon.celsius | 5:70 | '],
    ['--disk 80,90', 'disk | filesystem.used_percent | 80 | 90'],
    ['--disk /var=90,95', 'disk /var | filesystem[/var].used_percent | 90 | 95'],
    ['--disk /var/=90', 'disk /var | filesystem[/var].used_percent | 90 | '],
    ['--disk /=90', 'disk / | filesystem[/].used_percent | 90 | '],
    ['--disk /a=b=90', 'disk /a=b | filesystem[/a=b].used_percent | 90 | '],
    ['--disk /srv', 'disk /srv | filesystem[/srv].used_percent | 90 | 98'],
    ['--disk C:=80,90', 'disk C: | filesystem[C:].used_percent | 80 | 90'],
    ['--process nginx', 'process nginx | process[nginx].count |  | 1:'],
    ['--process nginx=1:', 'process nginx | process[nginx].count |  | 1:'],
    ['--process nginx=2:4,1:', 'process nginx | process[nginx].count | 2:4 | 1:'],
    ['--process /run/nginx.pid=1:', 'process nginx | process[nginx].count |  | 1:'],
    [
      '--file-age /var/backup/db=1d,2d',
      'file-age /var/backup/db | file[/var/backup/db].age_seconds | 86400 | 172800',
    ],
    ['--log-age 5m', 'log-age | log.age_seconds | 300 | '],
  ])('%s', (text, rule) => {
    expect(rulesOf(text).map(show)).toEqual([rule]);
  });

  it('make a rule for each kind of pressure', () => {
    expect(rulesOf('--pressure 10,20').map(show)).toEqual([
      'pressure cpu | pressure.cpu_waiting_percent | 10 | 20',
      'pressure io | pressure.io_waiting_percent | 10 | 20',
      'pressure memory | pressure.memory_waiting_percent | 10 | 20',
    ]);
  });

  it('without a value have the default limits with what belongs to them, typed ones stand alone', () => {
    const [bare] = rulesOf('--disk');
    expect(bare).toMatchObject({ leave: {}, also: {} });
    const [given] = rulesOf('--disk 80,90');
    expect(given).not.toHaveProperty('leave');
    expect(given).not.toHaveProperty('also');
    for (const rule of [bare, given]) {
      expect(rule).toMatchObject({ missing: 'unknown', tooShort: 'unknown', measure: { kind: 'value' } });
      expect(rule).not.toHaveProperty('afterBoot');
    }
  });

  it('each make a rule without a value, but for those that need one', () => {
    for (const { name, key } of THRESHOLD_OPTIONS)
      if (!key?.needed) expect(rulesOf(`--${name}`).length).toBeGreaterThan(0);
  });

  it('about one disk take it out of the rule about all', () => {
    const [all, own] = rulesOf('--disk 80,90', '--disk /var=90,95');
    expect(all?.rows).toEqual({ counted: true, except: [['/var']] });
    expect(own?.path.id).toEqual(['/var']);
  });
});

describe('mistakes', () => {
  it.each([
    ['--cpu 20:10', '--cpu: "20:10" is not a range: its start 20 is above its end 10'],
    ['--cpu ', '--cpu: "" is not a range: it is empty'],
    ['--cpu ,', '--cpu: "," has no limit'],
    ['--cpu 1,2,3', '--cpu: "1,2,3" has more than two limits'],
    ['--cpu 95,80', '--cpu: the warning limit 95 is above the critical limit 80'],
    ['--cpu abc', '--cpu: "abc" is not a range: "abc" is not a number'],
    ['--load 2%', '--load: "2%" is not a range: "2%" is not a number'],
    ['--disk =90', '--disk: "=90" has no mount point before "="'],
    ['--disk var=90', '--disk: "var" is not a mount point'],
    ['--disk /var=', '--disk: "" is not a range: it is empty'],
    ['--process', '--process needs a process name'],
    ['--process nginx=x', '--process: "x" is not a range: "x" is not a number'],
    [
      '--log-age soon',
      '--log-age: "soon" is not a range: "soon" is not a number or a time such as 90s, 10m or 2h',
    ],
    ['--log-age 2h,1h', '--log-age: the warning limit 2h is above the critical limit 1h'],
    ['--nosuch 1', 'there is no threshold --nosuch'],
  ])('%s', (text, message) => {
    const wrong = (): unknown => rulesOf(text);
    expect(wrong).toThrow(RuleError);
    expect(wrong).toThrow(message);
  });

  it('about two options', () => {
    expect(() => rulesOf('--cpu 80', '--cpu 90')).toThrow('there are two thresholds for cpu');
    expect(() => thresholdRules({ options: [], throughout: 5, over: 5 })).toThrow('exclude each other');
    expect(() => thresholdRules({ options: [], over: 0 })).toThrow('0s is not a time to look back over');
  });
});

describe('-w and -c', () => {
  it('take no swap for an alarm, as --swap does not, unless it is swap itself that is asked for', () => {
    const [used] = paths(['swap.used_percent=50'], []);
    const [total] = paths([], ['swap.total_bytes=1GB:']);
    expect(used?.fine?.map(({ reason }) => reason)).toEqual(['there is no swap']);
    expect(total?.fine).toBeUndefined();
    const [all, named] = paths(['filesystem.used_percent=90', 'filesystem[/cd].used_percent=90'], []);
    expect([all?.fine?.length, named?.fine]).toEqual([1, undefined]);
  });

  const paths = (warning: string[], critical: string[]): readonly Rule[] =>
    thresholdRules({ options: [], warning, critical });

  it('with one path make one rule', () => {
    const rules = paths(
      ['filesystem["/var"].used_percent=80', 'memory.used_percent=10:'],
      ['filesystem[/var].used_percent=~:90'],
    );
    expect(rules.map(show)).toEqual([
      'filesystem[/var].used_percent | filesystem[/var].used_percent | 80 | ~:90',
      'memory.used_percent | memory.used_percent | 10: | ',
    ]);
  });

  it.each([
    ['memory=80', '-w: expected "." and a field after "memory"'],
    ['memory.used_percent', '-w: expected "=" and a range after the path'],
    ['memory.used_percent=', '-w: "" is not a range: it is empty'],
    ['filesystem[/a.used_percent=1', '-w: expected "," or "]"'],
    ['=5', '-w: expected a group name such as "memory"'],
  ])('%s', (text, message) => {
    expect(() => paths([text], [])).toThrow(message);
  });

  it('may have the unit of what they look at', () => {
    const rules = paths(
      [
        'filesystem[/var].available_bytes=5GB:',
        'cpu.used_percent=80%',
        'network.receive_bytes_per_second=1MB/s',
      ],
      ['file[/a].age_seconds=1d'],
    );
    expect(rules.map(show)).toEqual([
      'filesystem[/var].available_bytes | filesystem[/var].available_bytes | 5000000000: | ',
      'cpu.used_percent | cpu.used_percent | 80 | ',
      'network.receive_bytes_per_second | network.receive_bytes_per_second | 1000000 | ',
      'file[/a].age_seconds | file[/a].age_seconds |  | 86400',
    ]);
    expect(() => paths(['memory.used_bytes=much'], [])).toThrow(
      '"much" is not a number or a size such as 5GB',
    );
  });

  it('twice with one path are a mistake', () => {
    expect(() => paths(['a.b=1', 'a.b=2'], [])).toThrow('there are two warning limits for a.b');
  });
});

it('looks back as it is told', () => {
  const over = thresholdRules({ options: [typed('--cpu 80')], over: 300, missingIsFine: true });
  expect(over[0]).toMatchObject({
    measure: { kind: 'average', seconds: 300 },
    missing: 'ok',
    tooShort: 'unknown',
  });
  const throughout = thresholdRules({ options: [], warning: ['a.b=1'], throughout: 60 });
  expect(throughout[0]?.measure).toEqual({ kind: 'throughout', seconds: 60 });
});

it('looks back only at what has a past', () => {
  const kinds = (more: { over?: number; throughout?: number }) =>
    thresholdRules({
      options: ['--cpu 80', '--process nginx=1:', '--file-age /x=1d', '--log-age'].map(typed),
      warning: ['log.age_seconds=1'],
      ...more,
    }).map(({ measure }) => measure.kind);
  expect(kinds({ over: 60 })).toEqual(['average', 'value', 'value', 'value', 'value']);
  expect(kinds({ throughout: 60 })).toEqual(['throughout', 'throughout', 'value', 'value', 'value']);
});

it('looks back at nothing where no threshold is given', () => {
  expect(() => thresholdRules({ options: [], throughout: 60 })).toThrow('--for needs a threshold');
  expect(() => thresholdRules({ options: [], over: 60 })).toThrow('--over needs a threshold');
});

it('adds the defaults that nothing typed is about', () => {
  const rules = withDefaults(rulesOf('--cpu 1', '--disk /var=90'));
  expect(rules.filter(({ name }) => name === 'cpu').map(show)).toEqual(['cpu | cpu.used_percent | 1 | ']);
  expect(rules.find(({ name }) => name === 'disk')?.rows?.except).toEqual([['/var']]);
  expect(rules.find(({ name }) => name === 'disk-full-in')?.rows).not.toHaveProperty('except');
});
