import { expect, it } from 'vitest';
import { openHistory } from '../../src/core/history.js';
import { judgeAll } from '../../src/core/judge.js';
import type { Sample } from '../../src/core/sample.js';
import { row } from '../../src/core/sample.js';
import { summarize } from '../../src/core/summary.js';
import type { Typed } from '../../src/core/threshold.js';
import { thresholdRules, withDefaults } from '../../src/core/threshold.js';
import { disk, sample } from './judging.js';

const summary = (now: Sample, ...options: Typed[]): string => {
  const rules = thresholdRules({ options });
  const history = openHistory(rules);
  history.add(now);
  return summarize(judgeAll(rules, { now, history }), now);
};

const cpu = { name: 'cpu', value: '80,95' };
const memory = { name: 'memory', value: '80,95' };
const all = { name: 'disk', value: '80,90' };

const top = [
  row(['1'], { cpu_percent: 2, memory_bytes: 3 * 1024 ** 3 }, { name: 'java' }),
  row(['2'], { cpu_percent: 142, memory_bytes: 1e6 }, { name: 'postgres' }),
  row(['3'], { memory_bytes: 1e6 }, { name: 'idle' }),
];

it('says who, as a share of all CPUs', () => {
  expect(summary(sample(1, { cpu: { used_percent: 96, cores: 2 }, top }), cpu)).toBe(
    'cpu 96 %: postgres 71 %',
  );
  expect(summary(sample(1, { cpu: { used_percent: 96, cores: 1 }, top: [] }), cpu)).toBe('cpu 96 %');
});

it('says who holds most memory', () => {
  const of = (total_bytes: number) =>
    summary(sample(1, { memory: { used_percent: 96, total_bytes }, top }), memory);
  expect(of(8 * 1024 ** 3)).toBe('memory 96 %: java 3 GiB');
  expect(of(16 * 1024 ** 3)).toBe('memory 96 %');
});

it('names nobody who does not explain it', () => {
  const of = (cpu_percent: number) =>
    summary(
      sample(1, { cpu: { used_percent: 96, cores: 2 }, top: [row(['2'], { cpu_percent }, { name: 'sh' })] }),
      cpu,
    );
  expect(of(64)).toBe('cpu 96 %: sh 32 %');
  expect(of(63)).toBe('cpu 96 %');
});

it('says that an average is of another time than the processes', () => {
  const rules = thresholdRules({ options: [cpu], over: 10 });
  const history = openHistory(rules);
  const samples = [5, 10, 15].map((at) => sample(at, { cpu: { used_percent: 96, cores: 2 }, top }));
  for (const one of samples) history.add(one);
  const now = samples.at(-1) as Sample;
  expect(summarize(judgeAll(rules, { now, history }), now)).toBe('cpu 96 %: postgres 71 % now');
});

it('names the worst first, and no more than three', () => {
  const filesystem = ['/a', '/b', '/c', '/d'].map((at, index) => disk(at, { used_percent: 82 + 3 * index }));
  expect(summary(sample(1, { filesystem }), cpu, all)).toBe(
    'disk /d 91 %; disk /a 82 %; disk /b 85 %; and 2 more',
  );
});

it('says how full things are when all is well', () => {
  const now = sample(1, {
    cpu: { used_percent: 12 },
    memory: { used_percent: 41.24 },
    filesystem: [disk('/', { used_percent: 22 }), disk('/var', { used_percent: 33 })],
  });
  expect(summary(now, cpu, memory, all)).toBe(
    'all 4 judged are fine: cpu 12 %, memory 41.2 %, disk /var 33 %',
  );
  expect(summary(now, cpu)).toBe('the one thing judged is fine: cpu 12 %');
});

it('says how each of a few things is, even where there is no number', () => {
  const now = sample(1, { memory: { used_percent: 41 }, swap: { total_bytes: 0 } });
  const swap = { name: 'swap' };
  expect(summary(now, swap)).toBe('the one thing judged is fine: swap: there is no swap');
  expect(summary(now, memory, swap)).toBe('both judged are fine: memory 41 %, swap: there is no swap');
  const own = sample(1, { filesystem: [disk('/', { used_percent: 22 })] });
  expect(summary(own, { name: 'disk', value: '/var=90' })).toBe(
    'the one thing judged is fine: disk /var (on /) 22 %',
  );
});

it('says of the rows of a rule the one that is nearest to its limits', () => {
  const filesystem = [disk('/a', { available_bytes: 8e9 }), disk('/b', { available_bytes: 6e9 })];
  const of = (range: string) => {
    const rules = thresholdRules({ options: [], warning: [`filesystem.available_bytes=${range}`] });
    const now = sample(1, { filesystem });
    return summarize(judgeAll(rules, { now, history: openHistory(rules) }), now);
  };
  expect(of('5e9:')).toBe('both judged are fine: filesystem[/b].available_bytes 6 GB');
  expect(of('9e9')).toBe('both judged are fine: filesystem[/a].available_bytes 8 GB');
});

it('counts what is not judged yet, and not what is not there', () => {
  const rules = withDefaults([]);
  const now = sample(1, { cpu: { used_percent: 99 }, memory: { used_percent: 41 } });
  const history = openHistory(rules);
  history.add(now);
  expect(summarize(judgeAll(rules, { now, history }), now)).toBe(
    'the one thing judged is fine: memory 41 %; 1 not judged yet',
  );
});

it('does not call fine what is not there', () => {
  const rules = thresholdRules({ options: [{ name: 'temperature' }], missingIsFine: true });
  const now = sample(1, {});
  expect(summarize(judgeAll(rules, { now, history: openHistory(rules) }), now)).toBe(
    'nothing to judge: temperature: there is no temperature sensor here',
  );
});

it('says so when nothing was judged', () => {
  expect(summarize([], sample(1, {}))).toBe('nothing could be judged');
});
