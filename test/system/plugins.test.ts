/** The monitoring plugins side by side with `sysmon check` at the same thresholds. Needs them, and root to make machines up. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../logs/bench-log.js';
import { isRoot, run, SYSMON } from './sysmon.js';

const PLUGINS = '/usr/lib/nagios/plugins';

const check = (...words: readonly string[]): readonly string[] => [
  process.execPath,
  SYSMON,
  'check',
  ...words,
];
const plugin = (name: string, ...words: readonly string[]): readonly string[] => [
  join(PLUGINS, name),
  ...words,
];

const code = ([command = '', ...words]: readonly string[]): number | null => run(command, words).status;

/** Runs a program where a file of procfs has another text: in a mount namespace of its own. */
const seeing = (file: string, text: string) => {
  const instead = join(temporaryFolder(), 'text');
  writeFileSync(instead, text);
  const script = 'mount --bind "$1" "$2" && shift 2 && exec "$@"';
  return (words: readonly string[]): readonly string[] => [
    ...['unshare', '--mount', 'sh', '-c', script, 'sh', instead, file],
    ...words,
  ];
};

type Both = readonly [plugin: readonly string[], ours: readonly string[]];

/** What each says at each threshold: `threshold: plugin, ours`. */
const codes = <T>(thresholds: readonly T[], commands: (threshold: T) => Both): readonly string[] =>
  thresholds.map((threshold) => `${threshold}: ${commands(threshold).map(code).join(', ')}`);

describe.skipIf(!existsSync(join(PLUGINS, 'check_procs')))('beside the monitoring plugins', () => {
  describe.skipIf(!isRoot)('as root', () => {
    test('load: always the same, at the limit too', () => {
      const cores = readFileSync('/proc/stat', 'utf8').match(/^cpu\d/gm)?.length ?? 1;
      const on = seeing('/proc/loadavg', `${3 * cores}.00 ${2 * cores}.00 ${1.5 * cores} 1/100 999\n`);
      const both = ([warning, critical]: readonly [number, number]): Both => [
        on(plugin('check_load', '-r', '-w', `99,99,${warning}`, '-c', `99,99,${critical}`)),
        on(check('--load', `${warning},${critical}`)),
      ];
      const limits = [
        [1, 1.49],
        [1, 1.5],
        [1.49, 2],
        [1.5, 2],
        [1.51, 2],
      ] as const;
      expect(codes(limits, both)).toEqual([
        '1,1.49: 2, 2',
        '1,1.5: 1, 1',
        '1.49,2: 1, 1',
        '1.5,2: 0, 0',
        '1.51,2: 0, 0',
      ]);
      // The shorter averages, and those not shared out among the CPUs, by their paths.
      const short = (limit: number): Both => [
        on(plugin('check_load', '-w', `${limit},99999,99999`, '-c', '99999,99999,99999')),
        on(check('-w', `load.load1=${limit}`)),
      ];
      expect(codes([3 * cores - 0.01, 3 * cores], short).map((text) => text.replace(/.*: /, ''))).toEqual([
        '1, 1',
        '0, 0',
      ]);
    });

    /** /proc/meminfo of a machine with so much swap. */
    const withSwap = (total: number, free: number) => {
      const text = readFileSync('/proc/meminfo', 'utf8')
        .replace(/^SwapTotal:.*/m, `SwapTotal: ${total} kB`)
        .replace(/^SwapFree:.*/m, `SwapFree: ${free} kB`);
      return seeing('/proc/meminfo', text);
    };

    test('swap: the same but at the limit itself, where the plugin alerts; as a range ours can too', () => {
      const on = withSwap(1024 * 1024, 256 * 1024); // 75 % in use
      const free = (limits: string): readonly string[] => {
        const [warning, critical] = limits.split(',');
        return on(plugin('check_swap', '-w', `${warning}%`, '-c', `${critical}%`));
      };
      const used = (limits: string): readonly string[] =>
        limits.split(',').map((limit) => String(100 - Number(limit)));
      const plain = (limits: string): Both => [free(limits), on(check('--swap', used(limits).join()))];
      expect(codes(['10,5', '24,5', '26,5', '50,24', '50,26'], plain)).toEqual([
        '10,5: 0, 0',
        '24,5: 0, 0',
        '26,5: 1, 1',
        '50,24: 1, 1',
        '50,26: 2, 2',
      ]);
      expect(codes(['25,5', '50,25'], plain)).toEqual(['25,5: 1, 0', '50,25: 2, 1']);
      const range = (limits: string): Both => [
        free(limits),
        on(
          check(
            '--swap',
            used(limits)
              .map((limit) => `@${limit}:`)
              .join(),
          ),
        ),
      ];
      expect(codes(['24,5', '25,5', '26,5', '50,25', '50,26'], range)).toEqual([
        '24,5: 0, 0',
        '25,5: 1, 1',
        '26,5: 1, 1',
        '50,25: 2, 2',
        '50,26: 2, 2',
      ]);
    });

    test('no swap is critical to the plugin unless told otherwise, and fine here', () => {
      const on = withSwap(0, 0);
      const ours = on(check('--swap', '80,90'));
      expect([on(plugin('check_swap', '-w', '20%', '-c', '10%')), ours].map(code)).toEqual([2, 0]);
      expect([on(plugin('check_swap', '-n', 'ok', '-w', '20%', '-c', '10%')), ours].map(code)).toEqual([
        0, 0,
      ]);
    });

    /** A filesystem of 10 MiB and 100 inodes, half of the one and 40 of the others in use. */
    const halfFull = (): string => {
      const folder = join(temporaryFolder(), 'disk');
      mkdirSync(folder);
      expect(code(['mount', '-t', 'tmpfs', '-o', 'size=10m,nr_inodes=100', 'tmpfs', folder])).toBe(0);
      onTestFinished(() => {
        code(['umount', '-l', folder]);
      });
      writeFileSync(join(folder, 'half'), Buffer.alloc(5 * 1024 ** 2));
      // One is the folder's, one the file's.
      for (let index = 0; index < 38; index++) writeFileSync(join(folder, String(index)), '');
      return folder;
    };

    test('disk: the same but at the limit itself, where the plugin alerts; as a range ours can too', () => {
      const folder = halfFull();
      const free = (warning: number, critical: number): readonly string[] =>
        plugin('check_disk', '-w', `${warning}%`, '-c', `${critical}%`, '-p', folder);
      const plain = ([warning, critical]: readonly [number, number]): Both => [
        free(warning, critical),
        check('--disk', `${folder}=${100 - warning},${100 - critical}`),
      ];
      const limits = [
        [10, 5],
        [49, 5],
        [51, 5],
        [80, 49],
        [80, 51],
      ] as const;
      expect(codes(limits, plain)).toEqual([
        '10,5: 0, 0',
        '49,5: 0, 0',
        '51,5: 1, 1',
        '80,49: 1, 1',
        '80,51: 2, 2',
      ]);
      expect(codes([[50, 5]] as const, plain)).toEqual(['50,5: 1, 0']);
      const range = (limit: number): Both => [
        free(limit, 1),
        check('--disk', `${folder}=@${100 - limit}:,@99:`),
      ];
      expect(codes([49, 50, 51], range)).toEqual(['49: 0, 0', '50: 1, 1', '51: 1, 1']);
      // The plugin, as df, rounds up what is in use: 50.2 % are 51.
      writeFileSync(join(folder, '0'), Buffer.alloc(5 * 4096));
      const rounded = (limit: number): Both => [
        free(100 - limit, 1),
        check('--disk', `${folder}=${limit},99`),
      ];
      expect(codes([50, 51, 52], rounded)).toEqual(['50: 1, 1', '51: 1, 0', '52: 0, 0']);
      writeFileSync(join(folder, '0'), '');
      // In MiB, which is what the plugin counts in.
      const bytes = (limit: number): Both => [
        plugin('check_disk', '-w', String(limit), '-c', '1', '-p', folder),
        check('-w', `filesystem[${folder}].available_bytes=@:${limit * 1024 ** 2}`),
      ];
      expect(codes([4, 5, 6], bytes)).toEqual(['4: 0, 0', '5: 1, 1', '6: 1, 1']);
      const inodes = (limit: number): Both => [
        plugin('check_disk', '-W', `${limit}%`, '-K', '1%', '-p', folder),
        check('--inodes', `${folder}=${100 - limit},99`),
      ];
      expect(codes([59, 61], inodes)).toEqual(['59: 0, 0', '61: 1, 1']);
    });
  });

  test('the root filesystem, with what it keeps for root', () => {
    const { stdout } = run(process.execPath, [SYSMON, 'check', '--disk', '/=101', '--json']);
    const value = JSON.parse(stdout).verdicts[0].value as number;
    expect(value).toBeGreaterThan(0);
    const both = (used: number): Both => [
      plugin('check_disk', '-w', `${100 - used}%`, '-c', '0%', '-p', '/'),
      check('--disk', `/=${used},100`),
    ];
    // A point and more on either side: the plugin rounds, and other tests write meanwhile.
    const found = [Math.floor(value) - 1, Math.ceil(value) + 1.5].map((used) => both(used).map(code));
    expect(found).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });

  test('processes by name: always the same', async () => {
    const name = `sm${process.pid}`;
    const program = join(temporaryFolder(), name);
    copyFileSync('/bin/sleep', program);
    for (let index = 0; index < 3; index++) {
      const child = spawn(program, ['600'], { stdio: 'ignore' });
      await once(child, 'spawn');
      onTestFinished(() => {
        child.kill('SIGKILL');
      });
    }
    const both = (warning: string, critical: string): Both => [
      plugin('check_procs', '-C', name, '-w', warning, '-c', critical),
      check('--process', `${name}=${warning},${critical}`),
    ];
    const ranges = [
      '0',
      '2',
      '3',
      '4',
      '3:',
      '4:',
      '~:2',
      '~:3',
      '2:4',
      '4:5',
      '@3:3',
      '@2:4',
      '@4:9',
      '@~:2',
    ];
    const found = ranges.map((range) => [
      range,
      ...both(range, '0:99').map(code),
      ...both('0:99', range).map(code),
    ]);
    for (const [range, ...four] of found) {
      const [a, b, c, d] = four;
      expect([range, b, d]).toEqual([range, a, c]);
    }
    expect(new Set(found.flatMap(([, ...four]) => four))).toEqual(new Set([0, 1, 2]));
    const none = `none${process.pid}`;
    expect(
      [plugin('check_procs', '-C', none, '-c', '1:'), check('--process', `${none}=1:`)].map(code),
    ).toEqual([2, 2]);
  });
});
