/** A check that tells what began and ended since the one before. */

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES, useTank } from './tank-log.js';

const { rules, state, check } = useTank();

describe('--on-change', () => {
  test('tells what began and what ended, once', async () => {
    const told = async (minute: number): Promise<readonly (string | number | undefined)[]> => {
      const { code, stdout } = await check(minute, '--on-change');
      return [code, stdout.split('\n')[2]];
    };
    expect(await told(10)).toEqual([0, undefined]);
    expect(await told(26)).toEqual([
      2,
      'CRITICAL  TankFull (instance test-host, job node, side left) is 0.876, for 1m: The left tank is 87.6% full',
    ]);
    expect(await told(28)).toEqual([2, undefined]);
    expect(await told(35)).toEqual([
      0,
      'ended     TankFull (instance test-host, job node, side left) is 0.4, was 0.875, lasted 5m',
    ]);
    expect(await told(36)).toEqual([0, undefined]);
  });

  test('tells what fired and ended between two runs', async () => {
    await check(10, '--on-change');
    const { stdout } = await check(40, '--on-change');
    expect(stdout).toMatch(/^ended {5}TankFull .* is 0\.4, was 0\.875, lasted 5m$/m);
  });

  test('says once that the log has ended, and remembers what fired until it goes on', async () => {
    await check(56, '--on-change');
    expect((await check(200, '--on-change')).stdout).toMatch(/^UNKNOWN - the newest sample is/);
    expect((await check(201, '--on-change')).stdout).toBe('');
    const again = await check(58, '--on-change', '--json');
    expect(JSON.parse(again.stdout).alerts.changes).toEqual([]);
  });

  test('says once that of all rules no metric is known', async () => {
    writeFileSync(rules, 'groups: [{ name: g, rules: [{ alert: A, expr: nothing_here > 1 }] }]');
    expect((await check(10, '--on-change')).stdout).toMatch(/^UNKNOWN - of the one rule no metric is known/);
    expect(await check(11, '--on-change')).toMatchObject({ code: 3, stdout: '' });
    writeFileSync(rules, RULES);
    expect(await check(12, '--on-change')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^OK - /),
    });
  });

  test('refuses a memory that is none', async () => {
    const { stdout } = await check(10, '--on-change', '--json');
    expect(stdout).toBe('');
    const [file = ''] = readdirSync(state());
    writeFileSync(join(state(), file), '{}');
    const { code, stderr } = await check(10, '--on-change');
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/is not what this version of sysmon remembers alerts in/),
    ]);
  });
});
