/** Both sources on this machine at the same moments, and what happens when one of the questions hangs. */

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row, Sample } from '../../src/core/sample.js';
import { rowsIn } from '../../src/core/sample.js';
import { Sampler } from '../../src/core/sampler.js';
import { WANT_DEFAULTS } from '../../src/core/vital.js';
import { openVitals } from '../../src/vitals/index.js';
import { openPortable } from '../../src/vitals/portable.js';
import { TREE_DEFAULTS, Tree } from '../../src/vitals/tree.js';
import { realWorld } from '../../src/world.js';
import { openScripts } from './script.js';

const { clock } = realWorld(process);
const scripts = openScripts();
const LINUX = process.platform === 'linux';

afterAll(() => scripts.remove());

const samplerOf = (source: Parameters<typeof openVitals>[0]) =>
  new Sampler({
    vitals: openVitals(source),
    wanted: { ...WANT_DEFAULTS, top: 500 },
    clock,
    host: 'here',
    boot: 'now',
    patience: 10_000,
  });

describe.runIf(LINUX)('both sources on this machine', () => {
  let native: readonly [Sample, Sample];
  let portable: Sample;
  let after: Sample;

  beforeAll(async () => {
    const script = await scripts.bundle('src/vitals/portable-child.ts');
    const source = openPortable({ platform: 'linux', bootTime: 0, script, deadline: 10_000 });
    const samplers = { native: samplerOf(new Tree(TREE_DEFAULTS)), portable: samplerOf(source) };
    const take = (sampler: Sampler) => sampler.take({ time: clock.now(), detail: true });
    await take(samplers.portable);
    // Its first answer is slow; the second pair of readings is taken over the same window.
    await take(samplers.portable);
    await take(samplers.native);
    const busyUntil = clock.monotonic() + 0.4;
    while (clock.monotonic() < busyUntil);
    await clock.sleep(300);
    const before = await take(samplers.native);
    portable = await take(samplers.portable);
    after = await take(samplers.native);
    native = [before, after];
    source.close();
    samplers.native.close();
  }, 30_000);

  const one = (sample: Sample, group: string): Row['numbers'] => rowsIn(sample, group)[0]?.numbers ?? {};
  const named = (sample: Sample, group: string) =>
    new Map(rowsIn(sample, group).map((row) => [row.id[0], row]));

  test('nothing failed', () => {
    for (const reading of portable.readings.values()) expect(reading).not.toHaveProperty('failed');
    for (const group of [
      'cpu',
      'core',
      'memory',
      'swap',
      'load',
      'filesystem',
      'network',
      'processes',
      'top',
      'system',
    ])
      expect(portable.readings.has(group), group).toBe(true);
  });

  /** Node's ticks are the kernel's, of the modes that Node tells, so they lie between two native readings of them. */
  test('cpu: the same seconds by mode', () => {
    for (const mode of ['user', 'nice', 'system', 'idle', 'irq']) {
      const name = `${mode}_seconds`;
      const low = (one(native[0], 'cpu')[name] as number) - 0.05;
      const high = (one(native[1], 'cpu')[name] as number) + 0.05;
      expect(one(portable, 'cpu')[name], name).toBeGreaterThanOrEqual(low);
      expect(one(portable, 'cpu')[name], name).toBeLessThanOrEqual(high);
    }
    expect(one(portable, 'cpu')['cores']).toBe(one(after, 'cpu')['cores']);
  });

  /** It has neither iowait nor softirq nor steal: what they took is missing from the whole as well as from the busy part. */
  test('cpu: only what Node does not tell is missing', () => {
    for (const mode of ['iowait', 'softirq', 'steal'])
      for (const kind of ['seconds', 'percent'])
        expect(one(portable, 'cpu')).not.toHaveProperty(`${mode}_${kind}`);
    expect(one(portable, 'cpu')['used_percent']).toBeGreaterThan(0);
    expect(one(portable, 'cpu')['used_percent']).toBeLessThanOrEqual(100);
  });

  test('memory: the same total, and as much available', () => {
    const theirs = one(portable, 'memory');
    // The container's limit, where there is one, is a thing of the native source.
    const limited = 'limited_by' in (rowsIn(after, 'memory')[0]?.texts ?? {});
    const meminfo = one(after, 'meminfo');
    expect(theirs['total_bytes']).toBe(meminfo['MemTotal_bytes']);
    expect(one(portable, 'swap')['total_bytes']).toBe(one(after, 'swap')['total_bytes']);
    const available = meminfo['MemAvailable_bytes'] as number;
    expect(Math.abs((theirs['available_bytes'] as number) / available - 1)).toBeLessThan(0.02);
    if (!limited) {
      const difference =
        (theirs['used_percent'] as number) - (one(after, 'memory')['used_percent'] as number);
      expect(Math.abs(difference)).toBeLessThan(2);
    }
  });

  test('filesystem: the same mounts with the same sizes', () => {
    const theirs = named(portable, 'filesystem');
    // df leaves out what has no device and tmpfs, and of the rest what is mounted over.
    const ours = rowsIn(after, 'filesystem').filter((row) => row.texts['device']?.startsWith('/dev/'));
    expect(ours.length).toBeGreaterThan(0);
    for (const { id, numbers, texts } of ours.filter((row) => row.texts['aside'] === undefined)) {
      const row = theirs.get(id[0]);
      expect(row?.texts).toEqual(texts);
      expect(
        Math.abs((row?.numbers['size_bytes'] as number) - (numbers['size_bytes'] as number)),
      ).toBeLessThan(1024);
      const difference = (row?.numbers['used_percent'] as number) - (numbers['used_percent'] as number);
      expect(Math.abs(difference)).toBeLessThan(1);
    }
  });

  test('network: counters between those read before and after', () => {
    const [before, theirs] = [named(native[0], 'network'), named(portable, 'network')];
    let compared = 0;
    for (const { id, numbers } of rowsIn(after, 'network')) {
      const found = theirs.get(id[0])?.numbers;
      const low = before.get(id[0])?.numbers;
      if (found === undefined || low === undefined) continue;
      for (const name of Object.keys(found).filter((key) => key in low && !/per_second|percent/.test(key))) {
        compared++;
        expect(found[name], `${id[0]} ${name}`).toBeGreaterThanOrEqual(low[name] as number);
        expect(found[name], `${id[0]} ${name}`).toBeLessThanOrEqual(numbers[name] as number);
      }
    }
    expect(compared).toBeGreaterThan(0);
  });

  test('processes: as many, with the same names and start', () => {
    const counts = [one(native[0], 'processes'), one(after, 'processes')].map(({ total }) => total as number);
    const total = one(portable, 'processes')['total'] as number;
    expect(total).toBeGreaterThanOrEqual(Math.min(...counts) - 10);
    expect(total).toBeLessThanOrEqual(Math.max(...counts) + 10);
    const self = String(process.pid);
    const [ours, theirs] = [named(after, 'top').get(self), named(portable, 'top').get(self)];
    expect(theirs?.texts['user']).toBe(ours?.texts['user']);
    const start = (theirs?.numbers['start_time'] as number) - (ours?.numbers['start_time'] as number);
    expect(Math.abs(start)).toBeLessThanOrEqual(3);
    const memory = (theirs?.numbers['memory_bytes'] as number) / (ours?.numbers['memory_bytes'] as number);
    expect(memory).toBeGreaterThan(0.7);
    expect(memory).toBeLessThan(1.4);
    expect(theirs?.numbers['cpu_percent']).toBeGreaterThan(0);
  });

  test('load and uptime: the same', () => {
    for (const name of ['load1', 'load5', 'load15'])
      expect(
        Math.abs((one(portable, 'load')[name] as number) - (one(after, 'load')[name] as number)),
      ).toBeLessThan(1);
    const uptime = one(portable, 'system')['uptime_seconds'] as number;
    expect(uptime).toBeGreaterThanOrEqual((one(native[0], 'system')['uptime_seconds'] as number) - 0.1);
    expect(uptime).toBeLessThanOrEqual((one(after, 'system')['uptime_seconds'] as number) + 0.1);
  });
});

/** Writes down what it is asked; hangs, crashes or answers. */
const stubborn = (heard: string): string => `
import { appendFileSync } from 'node:fs';
process.on('disconnect', () => process.exit());
process.on('message', ({ id, message }) => {
  appendFileSync(${JSON.stringify(heard)}, message + '\\n');
  if (message === 'fsSize') return;
  if (message === 'networkStats') throw new Error('crash');
  setTimeout(() => process.send({ id, value: { pid: process.pid } }), 50);
});
`;

describe('a question that hangs or crashes', () => {
  const open = (deadline: number, rest = 60_000) => {
    const heard = scripts.write('heard', '');
    const script = scripts.write('stubborn.js', stubborn(heard));
    const portable = openPortable({ platform: 'linux', bootTime: 0, script, deadline, rest });
    const timesAsked = (name: string): number => readFileSync(heard, 'utf8').split(name).length - 1;
    return { portable, timesAsked };
  };

  test('takes those beside it along once, and then only itself', async () => {
    const { portable } = open(5000);
    const first = await Promise.allSettled([portable.ask('networkStats'), portable.ask('mem')]);
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    for (let round = 0; round < 2; round++) {
      const [crashed, answered] = await Promise.allSettled([
        portable.ask('networkStats'),
        portable.ask('mem'),
      ]);
      expect(crashed).toMatchObject({ reason: new Error('the reader ended with code 1') });
      expect(answered?.status).toBe('fulfilled');
    }
    portable.close();
  });

  test('fails with a reason while the others go on, and is left alone after the second time', async () => {
    const { portable, timesAsked } = open(1500);
    const sampler = new Sampler({
      vitals: openVitals(portable),
      wanted: { ...WANT_DEFAULTS, top: 0 },
      clock,
      host: 'here',
      boot: 'now',
      patience: 10_000,
      groups: (name) => ['cpu', 'memory', 'filesystem'].includes(name),
    });
    const pidOf = async () => ((await portable.ask('mem')) as { pid: number }).pid;
    const pids = new Set([await pidOf()]);
    for (let round = 0; round < 3; round++) {
      const sample = await sampler.take({ time: clock.now(), detail: false });
      expect(sample.readings.get('filesystem')).toMatchObject({ failed: 'no answer within 1.5 s' });
      expect(sample.readings.get('cpu')).toHaveProperty('rows');
      expect(sample.readings.get('memory')).toHaveProperty('rows');
      pids.add(await pidOf());
    }
    // The first child was killed for what hung; the second one has nothing to do with it.
    expect(pids.size).toBe(2);
    expect(timesAsked('fsSize')).toBe(2);
    portable.close();
  });

  test('is asked again after its rest', async () => {
    const { portable, timesAsked } = open(1000, 1);
    for (let round = 0; round < 3; round++) {
      await expect(portable.ask('fsSize')).rejects.toThrow('no answer within 1 s');
      await clock.sleep(50);
    }
    expect(timesAsked('fsSize')).toBe(3);
    portable.close();
  });

  test('two who ask at once share one answer', async () => {
    const { portable, timesAsked } = open(5000);
    const [a, b] = await Promise.all([portable.ask('mem'), portable.ask('mem')]);
    expect(a).toBe(b);
    expect(timesAsked('mem')).toBe(1);
    await portable.ask('mem');
    expect(timesAsked('mem')).toBe(2);
    portable.close();
  });
});
