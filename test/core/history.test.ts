import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../src/core/defaults.js';
import { openHistory } from '../../src/core/history.js';
import { judge } from '../../src/core/judge.js';
import { pastNeeded } from '../../src/core/past-needed.js';
import type { Rule } from '../../src/core/rule.js';
import { thresholdRules } from '../../src/core/threshold.js';
import { defaultRule, disk, sample } from './judging.js';

const average = (seconds: number): Rule => ({ ...defaultRule('cpu'), measure: { kind: 'average', seconds } });

describe('what is kept of the past', () => {
  it('is little, however long and however often samples come', () => {
    const rules = [
      average(600),
      defaultRule('disk-full-in', 3600),
      defaultRule('oom-kills'),
      defaultRule('disk'),
    ];
    for (const interval of [0.05, 1, 60]) {
      const history = openHistory(rules);
      for (let time = 0; time < 8000; time += interval) {
        history.add(
          sample(
            time,
            {
              cpu: { used_percent: 50 },
              filesystem: [disk('/', { used_percent: 1, available_bytes: 1e9 })],
              vmstat: { oom_kill: 0 },
            },
            { interval },
          ),
        );
      }
      const [cpu, fills, kills, now] = rules.map(
        (rule) => history.points(rule, rule.path.group === 'filesystem' ? ['/'] : []).length,
      ) as [number, number, number, number];
      expect(cpu).toBeLessThan(1300);
      expect(cpu).toBeGreaterThan(Math.min(600 / interval, 600) * 0.99);
      expect(fills).toBeLessThan(170);
      expect(fills).toBeGreaterThan(55);
      expect(kills).toBeLessThan(170);
      expect(now).toBe(0);
    }
  });

  it('forgets rows that are gone', () => {
    const rule = defaultRule('disk-full-in', 3600);
    const history = openHistory([rule]);
    const add = (seconds: number, mountpoint: string): void =>
      history.add(sample(seconds, { filesystem: [disk(mountpoint, { available_bytes: 1 })] }));
    add(0, '/usb');
    add(3599, '/');
    expect(history.points(rule, ['/usb'])).toHaveLength(1);
    add(4261, '/');
    expect(history.points(rule, ['/usb'])).toHaveLength(0);
  });

  it('forgets rows of groups that come once a minute, whatever comes before them', () => {
    const rules = [average(60), defaultRule('disk-full-in', 3600)];
    const history = openHistory(rules);
    for (let time = 55; time < 8000; time += 5) {
      const mountpoint = time < 300 ? '/usb' : '/';
      history.add(
        sample(time, {
          cpu: { used_percent: 1 },
          ...(time % 60 === 0 ? { filesystem: [disk(mountpoint, { available_bytes: 1 })] } : {}),
        }),
      );
    }
    expect(history.points(rules[1] as Rule, ['/usb'])).toHaveLength(0);
    expect(history.points(rules[1] as Rule, ['/']).length).toBeGreaterThan(0);
  });

  it('tells rows apart whatever they are called', () => {
    const rule = defaultRule('disk-full-in', 3600);
    const history = openHistory([rule]);
    history.add(
      sample(0, {
        filesystem: [disk('__proto__', { available_bytes: 1 }), disk('constructor', { available_bytes: 2 })],
      }),
    );
    expect(history.points(rule, ['__proto__'])[0]?.value).toBe(1);
    expect(history.points(rule, ['constructor'])[0]?.value).toBe(2);
  });

  it('gives the same verdict as the samples it is made of', () => {
    const rule = average(600);
    const history = openHistory([rule]);
    const values: number[] = [];
    for (let index = 0; index < 2000; index++) {
      const value = (index * 7919) % 101;
      values.push(value);
      const now = sample(index, { cpu: { used_percent: value } }, { interval: 1 });
      history.add(now);
      if (index < 600 || index % 37 !== 0) continue;
      const mean = values.slice(-600).reduce((sum, one) => sum + one) / 600;
      expect(judge(rule, { now, history })[0]?.value).toBeCloseTo(mean, 9);
    }
  });
});

describe('how much of the past is asked for', () => {
  it.each([
    [
      'by default',
      DEFAULT_RULES,
      {
        every: 0,
        detail: 840,
        spread: 7860,
        groups: new Set(),
        reach: new Map([
          ['cpu', 6060],
          ['load', 6060],
          ['vmstat', 2460],
          ['filesystem', 7860],
          ['network', 1260],
          ['interface', 4260],
          ['disk', 960],
          ['pressure', 1260],
        ]),
      },
    ],
    [
      'by one value',
      thresholdRules({ options: [{ name: 'cpu' }] }),
      { every: 0, detail: 300, spread: 300, groups: new Set(), reach: new Map() },
    ],
    [
      'by --for 15m',
      thresholdRules({ options: [{ name: 'cpu' }], throughout: 900 }),
      { every: 900, detail: 300, spread: 300, groups: new Set(['cpu']), reach: new Map([['cpu', 900]]) },
    ],
  ])('%s', (_, rules, needed) => {
    expect(pastNeeded(rules)).toEqual(needed);
  });
});
