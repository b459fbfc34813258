/** CPU, disks and network under load, against what sysstat's programs say of the same seconds. Needs sysstat and stress-ng. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { has, type LogRecord, SYSMON, samplesOf } from './sysmon.js';

/** Both sides look at these windows, s each. They end on the clock's multiples of it, where the log's ticks are. */
const SECONDS = 5;
const WINDOWS = 2;

const start = (
  command: string,
  ...words: readonly string[]
): { readonly child: ChildProcess; readonly out: Promise<string> } => {
  const child = spawn(command, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LC_ALL: 'C', S_COLORS: 'never' },
  });
  return { child, out: child.stdout.toArray().then((chunks) => Buffer.concat(chunks).toString()) };
};

/** Traffic through lo at a steady pace, until the given function is called. */
const makeTraffic = async (): Promise<() => void> => {
  const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = createConnection((server.address() as AddressInfo).port, '127.0.0.1');
  const block = Buffer.alloc(32 * 1024);
  const timer = setInterval(() => socket.write(block), 5);
  return () => {
    clearInterval(timer);
    socket.destroy();
    server.close();
  };
};

interface Measured {
  /** Ours, one for each window. */
  readonly samples: readonly LogRecord[];
  readonly mpstat: readonly Readonly<Record<string, number>>[];
  /** By device. */
  readonly iostat: readonly Readonly<Record<string, Readonly<Record<string, number>>>>[];
  readonly sar: readonly Readonly<Record<string, Readonly<Record<string, number>>>>[];
}

/** The rows of a table after each of its headings. */
const parseSar = (text: string): Measured['sar'] => {
  const windows: Record<string, Record<string, number>>[] = [];
  let names: readonly string[] = [];
  for (const line of text.split('\n')) {
    const [time, device = '', ...columns] = line.trim().split(/\s+/);
    if (device === 'IFACE') {
      names = columns;
      if (time !== 'Average:') windows.push({});
    } else if (/^\d\d:/.test(time ?? '') && names.length > 0)
      (windows.at(-1) as Record<string, unknown>)[device] = Object.fromEntries(
        columns.map((column, index) => [names[index], Number(column)]),
      );
  }
  return windows;
};

type Named = Readonly<Record<string, number>> & { readonly disk_device: string };

const measure = async (): Promise<Measured> => {
  // On a disk: the usual place for what is temporary is often memory.
  const folder = mkdtempSync(join('/var/tmp', 'sysmon-load-'));
  const loads = [
    ['--cpu', '1', '--cpu-load', '40'],
    ['--hdd', '1', '--hdd-bytes', '32m', '--hdd-opts', 'fsync', '--temp-path', folder],
  ].map((words) => start('stress-ng', '--timeout', '60', '--quiet', ...words));
  loads.push(
    start('nice', '-n', '10', 'stress-ng', '--timeout', '60', '--quiet', '--cpu', '1', '--cpu-load', '20'),
  );
  const stopTraffic = await makeTraffic();
  try {
    return await compare();
  } finally {
    stopTraffic();
    const ended = loads.map(({ child }) => once(child, 'exit'));
    for (const { child } of loads) child.kill('SIGTERM');
    await Promise.all(ended);
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Ours and theirs side by side, over the same ticks. */
const compare = async (): Promise<Measured> => {
  const pace = `${SECONDS}s`;
  const words = ['--interval', pace, '--detail-interval', pace, '--interfaces', '*', '--disks', '*'];
  const ours = start(process.execPath, SYSMON, 'log', '--file', '-', ...words);
  // Late enough for it to have taken its first sample; then all begin together.
  const tick = Math.ceil((Date.now() + 1500) / (SECONDS * 1000)) * SECONDS * 1000;
  await sleep(tick - Date.now());
  const [every, times] = [String(SECONDS), String(WINDOWS)];
  const theirs = [
    start('mpstat', '-o', 'JSON', every, times),
    start('iostat', '-x', '-y', '-o', 'JSON', every, times),
    start('sar', '-n', 'DEV', every, times),
  ].map(({ out }) => out);
  const [mpstat, iostat, sar] = await Promise.all(theirs);
  // They are ahead of it when the machine is.
  await sleep(300);
  ours.child.kill('SIGTERM');
  const statistics = (text: string | undefined) => JSON.parse(text ?? '').sysstat.hosts[0].statistics;
  const ends = (index: number): number => tick + (index + 1) * SECONDS * 1000;
  const samples = samplesOf(await ours.out);
  return {
    samples: Array.from({ length: WINDOWS }, (_, index) =>
      samples.find(({ time }) => Math.abs(time - ends(index)) < 200),
    ).filter((sample) => sample !== undefined),
    mpstat: statistics(mpstat).map((one: { 'cpu-load': unknown[] }) => one['cpu-load'][0]),
    iostat: statistics(iostat).map(({ disk }: { disk: Named[] }) =>
      Object.fromEntries(disk.map(({ disk_device, ...numbers }) => [disk_device, numbers])),
    ),
    sar: parseSar(sar ?? ''),
  };
};

type Pairs = readonly (readonly [name: string, ours: number, theirs: number])[];

/** Those that are further apart than `slack` allows, as `name ours theirs`. */
const differing = (pairs: Pairs, slack: (theirs: number) => number): readonly string[] =>
  pairs
    // What is not there differs too.
    .filter(([, ours, theirs]) => !(Math.abs(ours - theirs) <= slack(theirs)))
    .map((pair) => pair.join(' '));

/** Percentage points. */
const points = (): number => 2;

/** The two sides begin a window some milliseconds apart, and a disk is never steady. */
const share =
  (most: number, least: number) =>
  (theirs: number): number =>
    Math.max(most * theirs, least);

const KIB = 1024;

const installed = process.platform === 'linux' && ['mpstat', 'iostat', 'sar', 'stress-ng'].every(has);

describe.skipIf(!installed)('under load', () => {
  let found: Measured;
  beforeAll(async () => {
    found = await measure();
  }, 60_000);

  test('both sides have all windows', () => {
    const { samples, mpstat, iostat, sar } = found;
    expect([samples, mpstat, iostat, sar].map(({ length }) => length)).toEqual(Array(4).fill(WINDOWS));
  });

  test('CPU by mode as mpstat', () => {
    const pairs = found.mpstat.flatMap((theirs, index): Pairs => {
      const cpu = found.samples[index]?.['cpu'];
      const at = (mode: string): number => theirs[mode] as number;
      return [
        ['user', cpu.user_percent, at('usr') + at('guest')],
        ['nice', cpu.nice_percent, at('nice') + at('gnice')],
        ['system', cpu.system_percent, at('sys')],
        ['iowait', cpu.iowait_percent, at('iowait')],
        ['irq', cpu.irq_percent, at('irq')],
        ['softirq', cpu.softirq_percent, at('soft')],
        ['steal', cpu.steal_percent, at('steal')],
        // With a limit it is the share of that.
        ...(cpu.limited_by === undefined
          ? [['used', cpu.used_percent, 100 - at('idle') - at('iowait')] as const]
          : []),
      ];
    });
    expect(differing(pairs, points)).toEqual([]);
    // There was something to differ in.
    for (const mode of ['user', 'nice', 'system'])
      expect(pairs.some(([name, ours]) => name === mode && ours > 2)).toBe(true);
  });

  test('disks as iostat', () => {
    const disks = found.iostat.flatMap((window, index) =>
      Object.entries(window).map(([name, theirs]) => [found.samples[index]?.['disk'][name], theirs] as const),
    );
    const pairs = (fields: Readonly<Record<string, readonly [theirs: string, scale: number]>>): Pairs =>
      disks.flatMap(([ours, theirs]) =>
        Object.entries(fields).map(
          ([field, [name, scale]]) => [field, ours[field], (theirs[name] as number) * scale] as const,
        ),
      );
    expect(disks.some(([, theirs]) => (theirs['w/s'] as number) > 50)).toBe(true);
    expect(differing(pairs({ busy_percent: ['util', 1] }), points)).toEqual([]);
    const operations = pairs({ reads_per_second: ['r/s', 1], writes_per_second: ['w/s', 1] });
    expect(differing(operations, share(0.05, 2))).toEqual([]);
    const bytes = pairs({ read_bytes_per_second: ['rkB/s', KIB], written_bytes_per_second: ['wkB/s', KIB] });
    expect(differing(bytes, share(0.05, 100 * KIB))).toEqual([]);
    expect(differing(pairs({ queue: ['aqu-sz', 1] }), share(0.05, 0.05))).toEqual([]);
    const busy = disks.filter(([, theirs]) => (theirs['w/s'] as number) > 50);
    const awaits = busy.map(
      ([ours, theirs]) => ['await', ours.write_await_seconds, (theirs['w_await'] as number) / 1000] as const,
    );
    // iostat has two decimals of a millisecond.
    expect(differing(awaits, share(0.05, 0.00001))).toEqual([]);
  });

  test('network as sar', () => {
    const pairs = found.sar.flatMap((window, index) =>
      Object.entries(window).flatMap(([name, theirs]): Pairs => {
        const ours = found.samples[index]?.['network'][name];
        const at = (column: string, scale: number): number => (theirs[column] as number) * scale;
        return [
          [`${name} received`, ours.receive_bytes_per_second, at('rxkB/s', KIB)],
          [`${name} sent`, ours.transmit_bytes_per_second, at('txkB/s', KIB)],
          [`${name} packets received`, ours.receive_packets_per_second * KIB, at('rxpck/s', KIB)],
          [`${name} packets sent`, ours.transmit_packets_per_second * KIB, at('txpck/s', KIB)],
        ];
      }),
    );
    // A few packets more or less are what passes while one side reads and the other does not yet.
    expect(differing(pairs, share(0.03, 5 * KIB))).toEqual([]);
    expect(pairs.some(([name, ours]) => name === 'lo received' && ours > 1e6)).toBe(true);
  });
});
