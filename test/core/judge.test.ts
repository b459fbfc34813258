import { describe, expect, it } from 'vitest';
import { worst } from '../../src/core/judge.js';
import { above, parseRange } from '../../src/core/range.js';
import type { Measure, Rule, State, Verdict } from '../../src/core/rule.js';
import type { Sample } from '../../src/core/sample.js';
import { row } from '../../src/core/sample.js';
import { sentence } from '../../src/core/words.js';
import { defaultRule, disk, judgeSamples, sample } from './judging.js';

const NOW = 100_000;

const explicit = (measure: Measure = { kind: 'value' }): Rule => ({
  name: 'cpu',
  title: 'CPU in use',
  path: { group: 'cpu', field: 'used_percent' },
  measure,
  limits: { warning: above(80), critical: above(95) },
  missing: 'unknown',
  tooShort: 'unknown',
});

/** One sample every `interval` seconds up to NOW, with these CPU values; undefined is a sample that is missing. */
const cpus = (values: readonly (number | undefined)[], interval = 5): Sample[] =>
  values.flatMap((value, index) =>
    value === undefined
      ? []
      : sample(NOW - (values.length - 1 - index) * interval, { cpu: { used_percent: value } }, { interval }),
  );

const one = (verdicts: readonly Verdict[]): Verdict => {
  expect(verdicts).toHaveLength(1);
  return verdicts[0] as Verdict;
};

const states = (verdicts: readonly Verdict[]): Record<string, State> =>
  Object.fromEntries(verdicts.map(({ path, state }) => [(path.id ?? []).join(), state]));

describe('the newest value', () => {
  it.each([
    [80, 'ok', 'CPU in use: 80 %, warning above 80 %, critical above 95 %'],
    [80.1, 'warning', 'CPU in use: 80.1 %, above 80 %'],
    [95, 'warning', 'CPU in use: 95 %, above 80 %'],
    [99, 'critical', 'CPU in use: 99 %, above 95 %'],
  ])('%d %% is %s', (value, state, text) => {
    const verdict = one(judgeSamples(explicit(), cpus([10, value])));
    expect([verdict.state, sentence(verdict)]).toEqual([state, text]);
  });

  it('is unknown where it is not a number, whatever the range', () => {
    for (const range of ['~:', '@10:20', '10'])
      expect(
        one(judgeSamples({ ...explicit(), limits: { warning: parseRange(range) } }, cpus([Number.NaN])))
          .state,
      ).toBe('unknown');
  });

  it('of a field recorded once a minute stands for five', () => {
    const rule: Rule = { ...explicit(), path: { group: 'vmstat', field: 'pgmajfault' } };
    const at = (seconds: number, boot = 'b1'): State =>
      one(
        judgeSamples(rule, [
          sample(NOW - seconds, { vmstat: { pgmajfault: 99 } }, { boot }),
          sample(NOW, { cpu: { used_percent: 1 } }),
        ]),
      ).state;
    expect([at(300), at(301), at(60, 'b0')]).toEqual(['critical', 'unknown', 'unknown']);
  });

  it('of a field recorded at every tick stands for that tick only', () => {
    const samples = [...cpus([99]).map((s) => ({ ...s, time: s.time - 5000 })), sample(NOW, { memory: {} })];
    expect(one(judgeSamples(explicit(), samples)).state).toBe('unknown');
  });
});

describe('what is not there', () => {
  const nothing = [sample(NOW, { memory: { used_percent: 1 } })];
  const failed = [sample(NOW, { cpu: 'permission denied' })];

  it.each([
    ['unknown', nothing, 'unknown', 'there is no "cpu" here'],
    ['ok', nothing, 'ok', 'there is no "cpu" here'],
    ['not judged', nothing, 'not judged', 'there is no "cpu" here'],
    ['unknown', failed, 'unknown', 'cpu could not be read: permission denied'],
    ['not judged', failed, 'unknown', 'cpu could not be read: permission denied'],
    ['ok', failed, 'ok', 'cpu could not be read: permission denied'],
  ] as const)('with missing %s', (missing, samples, state, reason) => {
    expect(one(judgeSamples({ ...explicit(), missing }, samples))).toMatchObject({ state, reason });
  });

  it('names the row or the field', () => {
    const disks = [sample(NOW, { filesystem: [disk('/', { used_percent: 1 })] })];
    const rule = (path: Rule['path']): Rule => ({ ...explicit(), path });
    expect(
      one(judgeSamples(rule({ group: 'filesystem', id: ['/var'], field: 'used_percent' }), disks)).reason,
    ).toBe('there is no such directory');
    const named = { ...rule({ group: 'filesystem', id: ['/var'], field: 'used_percent' }), nearest: true };
    const none = [sample(NOW, { filesystem: [] })];
    expect(one(judgeSamples(named, none)).reason).toBe('there is no filesystem[/var]');
    expect(one(judgeSamples(rule({ group: 'filesystem', field: 'used' }), disks)).reason).toBe(
      '"filesystem" has no field "used"',
    );
    expect(
      one(judgeSamples(rule({ group: 'filesystem', field: 'inodes_used_percent' }), disks)),
    ).toMatchObject({ state: 'unknown', reason: 'filesystem[/].inodes_used_percent is not known' });
  });

  it('is no alarm where there is no swap', () => {
    const samples = [sample(NOW, { swap: { total_bytes: 0 } })];
    for (const missing of ['unknown', 'not judged'] as const)
      expect(one(judgeSamples({ ...defaultRule('swap'), missing }, samples))).toMatchObject({
        state: 'ok',
        reason: 'there is no swap',
      });
  });
});

describe('a share of counters', () => {
  /** Counters once a minute, of so many seconds of work in each; the last minute ends now. */
  const minutes = (work: readonly number[], boot: (minute: number) => string = () => 'b1'): Sample[] => {
    let [busy, all] = [1000, 5000];
    return work.map((seconds, index) => {
      busy = boot(index) === boot(index - 1) ? busy + seconds : seconds;
      all = boot(index) === boot(index - 1) ? all + 60 : 60;
      const numbers = { used_percent: 1, busy_seconds: busy, capacity_seconds: all };
      return sample(NOW - (work.length - 1 - index) * 60, { cpu: numbers }, { boot: boot(index) });
    });
  };

  it('is exact over the window, whatever single samples say', () => {
    const verdict = one(judgeSamples(defaultRule('cpu', 600), minutes([60, ...Array(10).fill(54)])));
    expect(verdict).toMatchObject({ state: 'warning', value: 90 });
    expect(sentence(verdict)).toBe('CPU in use: 90 %, above 85 % on average over 10m');
  });

  it('does not look further back than the window', () => {
    const loud = [...Array(30).fill(60), ...Array(11).fill(6)];
    expect(one(judgeSamples(defaultRule('cpu', 600), minutes(loud)))).toMatchObject({
      state: 'ok',
      value: 10,
    });
  });

  it('is not judged where the log is too short, but shows what is now', () => {
    expect(one(judgeSamples(defaultRule('cpu', 600), minutes(Array(8).fill(60))))).toMatchObject({
      state: 'not judged',
      newest: 1,
      needs: 600,
    });
  });

  it('counts from 0 after a boot', () => {
    const booted = minutes([60, ...Array(5).fill(60), ...Array(5).fill(30)], (minute) =>
      minute < 6 ? 'b1' : 'b2',
    );
    expect(one(judgeSamples(defaultRule('cpu', 600), booted))).toMatchObject({ value: 75 });
  });
});

describe('an average', () => {
  const rule = explicit({ kind: 'average', seconds: 100 });

  it('is the mean of the samples of the window, which is open on its left', () => {
    // 21 samples: the first stands exactly 100 s ago, and counts no more.
    const verdict = one(judgeSamples(rule, cpus([1000, ...Array(10).fill(80), ...Array(10).fill(90)])));
    expect(verdict.value).toBe(85);
    expect(sentence(verdict)).toBe('CPU in use: 85 %, above 80 % on average over 1m40s');
  });

  it.each([
    [16, 'critical'],
    [15, 'unknown'],
  ])('with %d of 20 samples is %s', (count, state) => {
    const values = Array.from({ length: 20 }, (_, index) => (index >= 20 - count ? 99 : undefined));
    expect(one(judgeSamples(rule, cpus(values))).state).toBe(state);
  });

  it('needs 80 of 100 samples', () => {
    const last = (count: number): State =>
      one(judgeSamples(explicit({ kind: 'average', seconds: 500 }), cpus(Array(count).fill(99)))).state;
    expect([last(80), last(79)]).toEqual(['critical', 'unknown']);
  });

  it('counts holes in the middle as missing', () => {
    const values = Array.from({ length: 20 }, (_, index) => (index % 3 === 1 ? undefined : 99));
    const verdict = one(judgeSamples(rule, cpus(values)));
    expect(verdict).toMatchObject({ state: 'unknown', needs: 100 });
  });

  it('is not made of samples that say they are not a number', () => {
    const values = Array.from({ length: 20 }, (_, index) => (index < 5 ? Number.NaN : 99));
    expect(one(judgeSamples(rule, cpus(values))).state).toBe('unknown');
  });

  it('is not judged by default where the log is too short', () => {
    expect(one(judgeSamples(defaultRule('cpu', 600), cpus([99])))).toMatchObject({
      state: 'not judged',
      needs: 600,
    });
  });

  it('does not count a sample twice that two writers wrote', () => {
    const ten = cpus(Array(10).fill(99));
    expect(
      one(
        judgeSamples(
          rule,
          ten.flatMap((s) => [s, { ...s, time: s.time + 1 }]),
        ),
      ).state,
    ).toBe('unknown');
  });

  it('takes cron’s samples, which know no interval, as far apart as they are', () => {
    const samples = (count: number): Sample[] =>
      Array.from({ length: count }, (_, index) => {
        const { interval: _none, ...rest } = sample(NOW - (count - 1 - index) * 60, {
          cpu: { used_percent: 99 },
        });
        return rest;
      });
    const hour = explicit({ kind: 'average', seconds: 600 });
    expect(one(judgeSamples(hour, samples(10))).state).toBe('critical');
    expect(one(judgeSamples(hour, samples(7))).state).toBe('unknown');
    expect(one(judgeSamples(hour, samples(1))).state).toBe('unknown');
  });

  it('is exact however near samples are, and keeps few of them', () => {
    const count = 20_000;
    const samples = Array.from({ length: count }, (_, index) =>
      sample(NOW - (count - 1 - index) * 0.005, { cpu: { used_percent: index % 100 } }, { interval: 0.005 }),
    );
    const verdict = one(judgeSamples(rule, samples));
    expect(verdict.value).toBeCloseTo(49.5, 1);
  });

  it('forgets what the clock, set back, is to see again', () => {
    const before = cpus(Array(20).fill(99)).map((s) => ({ ...s, time: s.time + 3_600_000 }));
    expect(one(judgeSamples(rule, [...before, ...cpus([10])])).state).toBe('unknown');
    expect(one(judgeSamples(rule, [...before, ...cpus(Array(20).fill(10))])).value).toBe(10);
  });
});

describe('a limit passed throughout', () => {
  const rule = explicit({ kind: 'throughout', seconds: 50 });

  it.each([
    [Array(10).fill(99), 'critical'],
    [[99, 99, 99, 99, 81, 99, 99, 99, 99, 99], 'warning'],
    [[99, 99, 99, 99, 80, 99, 99, 99, 99, 99], 'ok'],
    [[...Array(3).fill(undefined), ...Array(7).fill(99)], 'unknown'],
    [[...Array(2).fill(undefined), ...Array(8).fill(99)], 'critical'],
  ])('%j is %s', (values, state) => {
    expect(one(judgeSamples(rule, cpus(values))).state).toBe(state);
  });
});

describe('growth of a counter', () => {
  const rule = defaultRule('oom-kills');
  const minutes = (values: readonly number[], boots: readonly string[] = []): Sample[] =>
    values.flatMap((value, index) => {
      const time = NOW - (values.length - 1 - index) * 60;
      const boot = boots[index] ?? 'b1';
      return [
        sample(time, { vmstat: { oom_kill: value } }, { boot }),
        sample(time + 5, { cpu: { used_percent: 1 } }, { boot }),
      ];
    });

  it('is none for half an hour without', () => {
    expect(one(judgeSamples(rule, minutes(Array(31).fill(7))))).toMatchObject({ state: 'ok', value: 0 });
  });

  it('sums over resets and boots, which begin at 0', () => {
    const values = [...Array(28).fill(5), 6, 2, 3];
    expect(one(judgeSamples(rule, minutes(values)))).toMatchObject({ state: 'warning', value: 1 + 2 + 1 });
    const boots = Array.from({ length: 31 }, (_, index) => (index < 29 ? 'b1' : 'b2'));
    expect(one(judgeSamples(rule, minutes([...Array(29).fill(5), 9, 9], boots))).value).toBe(9);
  });

  it('is enough in a part of the window, if it is too much already', () => {
    expect(one(judgeSamples(rule, minutes([0, 0, 1])))).toMatchObject({ state: 'warning', value: 1 });
    expect(one(judgeSamples(rule, minutes([1, 1, 1])))).toMatchObject({ state: 'not judged' });
  });

  it('is over after half an hour', () => {
    expect(one(judgeSamples(rule, minutes([0, ...Array(32).fill(1)]))).state).toBe('ok');
  });
});

describe('a disk that fills', () => {
  const rule = { ...defaultRule('disk-full-in', 3600) };
  const GB = 1e9;
  const free = (at: (minute: number) => number, minutes = 60): Sample[] =>
    Array.from({ length: minutes * 2 + 1 }, (_, index) =>
      sample(
        NOW - (minutes * 2 - index) * 30,
        { filesystem: [disk('/', { available_bytes: at(index / 2) })] },
        { interval: 30 },
      ),
    );

  it.each([
    ['falls by 10 GB an hour to 50 GB', (m: number) => 60 * GB - (m / 6) * GB, 'warning', 18_000],
    ['falls by 10 GB an hour to 10 GB', (m: number) => 20 * GB - (m / 6) * GB, 'critical', 3600],
    ['falls by 1 GB an hour to 50 GB', (m: number) => 51 * GB - (m / 60) * GB, 'ok', 180_000],
    ['does not fall', () => 50 * GB, 'ok', Infinity],
    ['grows', (m: number) => m * GB, 'ok', Infinity],
    ['lost 10 GB at once', (m: number) => (m < 30 ? 20 : 10) * GB, 'ok', Infinity],
  ])('%s', (_, at, state, seconds) => {
    const verdict = one(judgeSamples(rule, free(at)));
    expect(verdict.state).toBe(state);
    if (seconds === Infinity) expect(verdict.value).toBe(Infinity);
    else expect(verdict.value).toBeCloseTo(seconds, -2);
  });

  it('says so in words', () => {
    expect(
      sentence(
        one(
          judgeSamples(
            rule,
            free((m) => 20 * GB - (m / 6) * GB),
          ),
        ),
      ),
    ).toBe('time until full /: 1h, below 2h at the pace of the last 1h');
  });

  it('is not judged before an hour has shown its pace', () => {
    expect(
      one(
        judgeSamples(
          rule,
          free((m) => 20 * GB - m * GB * 0.4, 40),
        ),
      ).state,
    ).toBe('not judged');
  });
});

describe('a disk that became read-only', () => {
  const rule = defaultRule('read-only');
  const hour = (readonly: (minute: number) => number): Sample[] =>
    Array.from({ length: 62 }, (_, minute) =>
      sample(NOW - (61 - minute) * 60, { filesystem: [disk('/', { readonly: readonly(minute) })] }),
    );

  it.each([
    ['is not', () => 0, 'ok'],
    ['always was', () => 1, 'ok'],
    ['is since a while', (m: number) => (m > 40 ? 1 : 0), 'critical'],
    ['was, and is writable again', (m: number) => (m > 40 ? 0 : 1), 'ok'],
  ])('%s', (_, readonly, state) => {
    expect(one(judgeSamples(rule, hour(readonly))).state).toBe(state);
  });

  it('stays an alarm when the log has forgotten that it was otherwise, until it is', () => {
    const held = [
      { rule: 'read-only', path: 'filesystem[/].readonly', state: 'critical' as const, since: 1 },
    ];
    expect(
      one(
        judgeSamples(
          rule,
          hour(() => 1),
          held,
        ),
      ).state,
    ).toBe('critical');
    expect(
      one(
        judgeSamples(
          rule,
          hour(() => 0),
          held,
        ),
      ).state,
    ).toBe('ok');
  });
});

describe('rows', () => {
  const rule = defaultRule('disk');
  const full = { used_percent: 99, available_bytes: 1e9 };

  it('that count are judged one by one, others not at all', () => {
    const rows = [
      disk('/', { used_percent: 50, available_bytes: 5e10 }),
      disk('/var', full),
      disk('/big', { used_percent: 99, available_bytes: 6e9 }),
      disk('/snap/core', full, { aside: 'image' }),
      disk('/media/cd', { ...full, readonly: 1 }),
    ];
    expect(states(judgeSamples(rule, [sample(NOW, { filesystem: rows })]))).toEqual({
      '/': 'ok',
      '/var': 'critical',
      '/big': 'warning',
      '/media/cd': 'ok',
    });
  });

  it('that could not be read are unknown', () => {
    const rows = [disk('/', full), row(['/nfs'], { readonly: 0, device_error: 1 })];
    expect(states(judgeSamples(rule, [sample(NOW, { filesystem: rows })]))).toEqual({
      '/': 'critical',
      '/nfs': 'unknown',
    });
  });

  it('that lack the field are passed over where others have it', () => {
    const rows = [disk('/', { inodes_used_percent: 95 }), disk('/boot/efi', { used_percent: 3 })];
    const inodes: Rule = { ...defaultRule('inodes'), missing: 'unknown' };
    expect(states(judgeSamples(inodes, [sample(NOW, { filesystem: rows })]))).toEqual({ '/': 'warning' });
  });

  it('a path lies on are found; the rule about all leaves out those with a rule of their very own', () => {
    const rows = [disk('/', full), disk('/var', full), disk('/variable', full)];
    const at = (id: string): Rule => ({
      ...rule,
      path: { group: 'filesystem', id: [id], field: 'used_percent' },
      nearest: true,
    });
    const now = [sample(NOW, { filesystem: rows })];
    const found = (id: string): string | undefined => one(judgeSamples(at(id), now)).path.id?.[0];
    expect(['/var', '/var/lib', '/varx', '/srv/data'].map(found)).toEqual(['/var', '/var', '/', '/']);
    const rest: Rule = { ...rule, rows: { counted: true, except: [['/srv'], ['/var']] } };
    expect(Object.keys(states(judgeSamples(rest, now)))).toEqual(['/', '/variable']);
    const none: Rule = { ...rest, rows: { except: [['/'], ['/var'], ['/variable']] } };
    expect(judgeSamples(none, now)).toEqual([]);
  });
});

describe('a state that is held', () => {
  const rule = defaultRule('memory');
  const held = (state: 'warning' | 'critical', name = 'memory') => [
    { rule: name, path: 'memory.used_percent', state, since: 1 },
  ];
  it.each([
    [85, undefined, 'ok'],
    [85, 'warning', 'warning'],
    [80, 'warning', 'ok'],
    [95, 'warning', 'warning'],
    [98.5, 'warning', 'critical'],
    [95, 'critical', 'critical'],
    [90, 'critical', 'warning'],
    [80, 'critical', 'ok'],
  ] as const)('at %d %% with %s is %s', (value, before, state) => {
    const samples = [sample(NOW, { memory: { used_percent: value } })];
    expect(one(judgeSamples(rule, samples, before ? held(before) : [])).state).toBe(state);
    const plain = one(judgeSamples(rule, samples)).state;
    if (before) expect(one(judgeSamples(rule, samples, held(before, 'other'))).state).toBe(plain);
  });

  it('says that it still is', () => {
    const samples = [sample(NOW, { memory: { used_percent: 85 } })];
    expect(sentence(one(judgeSamples(rule, samples, held('warning'))))).toBe(
      'memory in use: 85 %, still above 80 %',
    );
  });
});

describe('quiet after boot', () => {
  const rule = { ...defaultRule('cpu'), measure: { kind: 'value' } as const };
  it.each([
    [599, 'not judged'],
    [600, 'critical'],
  ])('up for %d s: %s', (uptime_seconds, state) => {
    const samples = [sample(NOW, { cpu: { used_percent: 99 }, system: { uptime_seconds } })];
    expect(one(judgeSamples(rule, samples)).state).toBe(state);
  });
});

describe('the worst', () => {
  const all = (...list: State[]): Verdict[] => list.map((state) => ({ state }) as Verdict);
  it.each([
    [['ok', 'critical', 'unknown', 'warning'], 'critical'],
    [['ok', 'unknown', 'warning'], 'warning'],
    [['ok', 'unknown', 'not judged'], 'unknown'],
    [['not judged', 'ok'], 'ok'],
    [['not judged'], 'unknown'],
    [[], 'unknown'],
  ] as [State[], State][])('%j is %s', (list, state) => {
    expect(worst(all(...list))).toBe(state);
  });
});

describe('growth for each of another', () => {
  const rule: Rule = {
    ...defaultRule('cpu'),
    measure: { kind: 'each', seconds: 600, of: ['busy_seconds'], per: ['capacity_seconds'] },
    limits: { warning: above(1) },
  };
  const judged = (busy: number, capacity: number) =>
    judgeSamples(
      rule,
      Array.from({ length: 12 }, (_, minute) =>
        sample(minute * 60, {
          cpu: { used_percent: 1, busy_seconds: 5 + minute * busy, capacity_seconds: 7 + minute * capacity },
        }),
      ),
    )[0];

  it.each([
    [30, 60, 'ok', 0.5],
    [90, 60, 'warning', 1.5],
    [60, 0, 'warning', Number.POSITIVE_INFINITY],
    [0, 0, 'ok', 0],
  ])('%d for %d a minute is %s', (busy, capacity, state, value) => {
    expect(judged(busy, capacity)).toMatchObject({ state, value });
  });
});

describe('the lowest of a while', () => {
  const rule: Rule = {
    ...defaultRule('cpu'),
    measure: { kind: 'lowest', seconds: 600 },
    limits: { warning: above(50) },
    leave: { warning: above(50) },
  };
  const judged = (values: readonly number[]) =>
    judgeSamples(
      rule,
      values.map((used_percent, minute) => sample(minute * 60, { cpu: { used_percent } }, { interval: 60 })),
    )[0];

  it.each([
    ['one low value in the window', [90, 90, 90, 20, 90, 90, 90, 90, 90, 90, 90, 90], 'ok', 20],
    ['one before it', [20, 20, ...Array(11).fill(90)], 'warning', 90],
    ['low now, of little past', [90, 30], 'ok', 30],
  ])('%s', (_, values, state, value) => {
    expect(judged(values)).toMatchObject({ state, value });
  });

  it('says nothing of high values alone where the past is short', () => {
    expect(judged([90, 90])).toMatchObject({ state: 'not judged', newest: 90 });
  });
});
