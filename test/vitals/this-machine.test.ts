/** All of this machine's details at once, against what other places say of it. */

import { loadavg, uptime } from 'node:os';
import { expect, test } from 'vitest';
import { Sampler } from '../../src/core/sampler.js';
import { WANT_DEFAULTS } from '../../src/core/vital.js';
import { openVitals } from '../../src/vitals/index.js';
import { TREE_DEFAULTS, Tree } from '../../src/vitals/tree.js';

const clock = {
  now: () => Date.now(),
  monotonic: () => performance.now() / 1000,
  sleep: (_ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve())),
};

test('is told whole, and as other places tell it', async () => {
  const tree = new Tree(TREE_DEFAULTS);
  const sampler = new Sampler({
    vitals: openVitals(tree),
    wanted: WANT_DEFAULTS,
    clock,
    host: 'h',
    boot: 'b',
  });
  const fileNumber = (file: string, pattern: RegExp): number => Number(pattern.exec(tree.proc(file))?.[1]);
  const faultsBefore = fileNumber('vmstat', /^pgfault (\d+)$/m);
  const sample = await sampler.take({ time: clock.now(), detail: true });
  sampler.close();
  const numbers = (group: string): Readonly<Record<string, number>> => {
    const reading = sample.readings.get(group);
    if (reading === undefined || 'failed' in reading)
      throw new Error(`${group}: ${reading?.failed ?? 'absent'}`);
    return reading.rows[0]?.numbers ?? {};
  };
  expect([...sample.readings.values()].filter((reading) => 'failed' in reading)).toEqual([]);
  expect(numbers('load')['load15']).toBeCloseTo(loadavg()[2] as number, 1);
  expect(Math.abs((numbers('system')['uptime_seconds'] ?? 0) - uptime())).toBeLessThan(5);
  expect(numbers('vmstat')['pgfault']).toBeGreaterThanOrEqual(faultsBefore);
  expect(numbers('vmstat')['pgfault']).toBeLessThanOrEqual(fileNumber('vmstat', /^pgfault (\d+)$/m));
  expect(numbers('filefd')['maximum']).toBe(fileNumber('sys/fs/file-max', /^(\d+)/));
  expect(numbers('processes')['total']).toBeLessThanOrEqual(numbers('processes')['threads'] ?? 0);
  expect(Object.keys(numbers('netstat')).length).toBeGreaterThan(20);
  expect(numbers('sockstat')['sockets_used']).toBeGreaterThanOrEqual(0);
});
