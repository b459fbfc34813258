/** Numbers on the screen are those of the record: read back from a terminal, over a log of this machine under some load. */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../logs/bench-log.js';
import { isPrintedAs, readPrinted } from '../screen/printed.js';
import { has, type LogRecord, run, runSysmon, SYSMON, samplesOf } from './sysmon.js';
import { openPty } from './terminal.js';

const COUNT = 8;

/** A number on the screen, and the one in the record. */
type Pair = readonly [string, printed: string | undefined, recorded: number | undefined];

const NUMBER = '(-|\\d[^\\s%!]*)[%!]*(?!\\S)';
const BAR = '[█▓▒░ ]+';

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** The numbers that stand where the pattern has `#`. */
const find = (screen: string, pattern: string): readonly (string | undefined)[] =>
  (new RegExp(pattern.replaceAll('#', NUMBER), 'm').exec(screen) ?? []).slice(1);

const pairsOf = (
  screen: string,
  { cpu, core, memory, load, pressure, filesystem, disk, network, top }: LogRecord,
): readonly Pair[] => {
  const loads = find(screen, 'load # # #');
  const shares = find(screen, '─ CPU ─+ # us # sy # wa #');
  const whole = find(screen, `memory${BAR}# +of #`);
  const parts = find(screen, 'used # +cached # +free #');
  const [available] = find(screen, ' # available');
  const pressures = (name: string) => find(screen, `^${name}${BAR}# +#`);
  return [
    ...[load.load1, load.load5, load.load15].map((value, at): Pair => ['load', loads[at], value]),
    ...['used', 'user', 'system', 'iowait'].map(
      (name, at): Pair => [name, shares[at], cpu[`${name}_percent`]],
    ),
    ...Object.entries(core).map(([id, row]): Pair => {
      const [value] = find(screen, `(?:^|  )${id} ${BAR}#`);
      return [`core ${id}`, value, (row as Record<string, number>)['used_percent']];
    }),
    ['memory', whole[0], memory.used_percent],
    ['total', whole[1], memory.total_bytes],
    ['available', available, memory.available_bytes],
    ['used', parts[0], memory.used_bytes],
    ['cached', parts[1], memory.cached_bytes],
    ['free', parts[2], memory.free_bytes],
    ...(pressure === undefined
      ? []
      : ['io', 'memory'].flatMap((name): Pair[] => [
          [`${name} some`, pressures(name)[0], pressure[`${name}_waiting_percent`]],
          [`${name} full`, pressures(name)[1], pressure[`${name}_stalled_percent`]],
        ])),
    ...['/'].flatMap((name): Pair[] => {
      const [used, left, size] = find(screen, `(?:^|  )${literal(name)} +${BAR}# +# +#`);
      const row = filesystem[name];
      return [
        ['space used', used, row.used_percent],
        ['space left', left, row.available_bytes],
        ['size', size, row.size_bytes],
      ];
    }),
    ...Object.keys(disk).flatMap((name): Pair[] => {
      const [busy, read, written] = find(screen, `(?:^|  )${literal(name)} +# +# +#`);
      const row = disk[name];
      return busy === undefined
        ? []
        : [
            ['busy', busy, row.busy_percent],
            ['read', read, row.read_bytes_per_second],
            ['written', written, row.written_bytes_per_second],
          ];
    }),
    ...Object.keys(network).flatMap((name): Pair[] => {
      const [received, sent] = find(screen, `(?:^|  )${literal(name)} +# +#`);
      const row = network[name];
      return received === undefined
        ? []
        : [
            ['received', received, row.receive_bytes_per_second],
            ['sent', sent, row.transmit_bytes_per_second],
          ];
    }),
    ...(top as readonly Record<string, number>[]).slice(0, 5).flatMap((row): Pair[] => {
      const [share, bytes, time] = find(screen, `^ *${row['pid']} \\S+ +# +# +#`);
      return [
        ['process cpu', share, row['cpu_percent']],
        ['process memory', bytes, row['memory_bytes']],
        ['process time', time, row['cpu_seconds']],
      ];
    }),
  ];
};

/** Keeps a core and a disk busy. */
const load = (folder: string): (() => void) => {
  const script = `const fs = require('fs'); setInterval(() => { for (const end = Date.now() + 70; Date.now() < end;);
    fs.writeFileSync(${JSON.stringify(join(folder, 'junk'))}, Buffer.alloc(3e6, Math.random().toString()), { flush: true }); }, 100);`;
  const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
  return () => child.kill();
};

test.skipIf(!has('python3'))('every number is the recorded one, as far as it is printed', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'sysmon.log');
  const stop = load(folder);
  const { status } = runSysmon('log', '--file', file, '--interval', '1', '--count', `${COUNT}`);
  stop();
  expect(status).toBe(0);
  const samples = samplesOf(readFileSync(file, 'utf8'));
  expect(samples).toHaveLength(COUNT);
  const pty = await openPty([process.execPath, SYSMON, 'watch', '--file', file], {
    size: [120, 44],
    env: { TZ: 'UTC' },
  });
  let compared = 0;
  for (const sample of samples.toReversed()) {
    const time = new Date(sample.time).toISOString().slice(11, 19);
    await pty.shows(new RegExp(`REPLAY .*${time}`));
    const screen = await pty.settled();
    for (const [what, printed, recorded] of pairsOf(screen, sample)) {
      if (recorded === undefined) {
        expect(printed === undefined || readPrinted(printed) === undefined, `${what} ${printed}`).toBe(true);
        continue;
      }
      compared++;
      expect(printed, `${what} on\n${screen}`).toBeDefined();
      expect(
        isPrintedAs(recorded, printed as string),
        `${what}: ${printed} is ${recorded} on\n${screen}`,
      ).toBe(true);
    }
    pty.type('\x1b[D');
  }
  expect(compared).toBeGreaterThan(COUNT * 30);
  pty.type('q');
  expect(await pty.ended).toBe(0);
});

/** What a machine's memory does in a second or two. */
const MOMENT = 48 * 1024 ** 2;

test.skipIf(!has('free'))('used memory is what free has in total less what is available', () => {
  const screen = runSysmon('watch', '--once').stdout;
  const [, total, , , , , available] = (/^Mem:.*$/m.exec(run('free', ['-b']).stdout)?.[0] ?? '').split(/\s+/);
  const [used] = find(screen, 'used # +cached');
  const printed = readPrinted(used ?? '');
  expect(printed).toBeDefined();
  const { value, slack } = printed as { value: number; slack: number };
  expect(Math.abs(value - (Number(total) - Number(available)))).toBeLessThan(MOMENT + slack);
});
