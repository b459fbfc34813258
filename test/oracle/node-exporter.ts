/** Our log held against a real node_exporter that is scraped at the same moment. Needs Debian's prometheus-node-exporter. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Bounds,
  type Comparison,
  compareExpositions,
  type Exposition,
  familyOf,
  readExposition,
} from './compare-expositions.js';

const EXPORTER = 'prometheus-node-exporter';
const SYSMON = new URL('../../bin/sysmon.js', import.meta.url).pathname;

/** What is about the scrape, or the exporter's own process, is nothing that a log can know. */
const isAsked = (family: string): boolean => family.startsWith('node_') && !family.startsWith('node_scrape_');

/** Why a family is missing, by the beginning of its name. */
export const REASONS: readonly (readonly [prefix: string, reason: string])[] = [
  ['node_timex_', 'needs the system call adjtimex(2), which Node does not offer'],
  ['node_udp_queues', 'the kernel only tells it socket by socket, which costs more than the rest together'],
  ['node_exporter_build_info', 'about the exporter itself'],
  ['node_textfile_', 'about the exporter’s own text files'],
  ['node_processes_threads_state', 'needs a file for every thread of every process'],
  ['node_processes_max_', 'a setting of the kernel, not a vital'],
  ['node_schedstat_', 'not read: pressure says the same of waiting for a CPU'],
];

/** Why we give a series that it does not, of a family that both have. */
const EXTRAS: readonly (readonly [series: RegExp, reason: string])[] = [
  [
    /^node_network_(receive|transmit)_\w+_total\{device="lo"\}$/,
    'Debian’s package leaves lo out of netdev; its authors do not',
  ],
  [
    /^node_processes_state\{state="\w"\}$/,
    'node_processes_state: it leaves out a state that no process is in; we say 0, which is known',
  ],
];

const explanationOf = (series: string): string | undefined =>
  EXTRAS.find(([pattern]) => pattern.test(series))?.[1];

export const reasonOf = (series: string): string | undefined =>
  REASONS.find(([prefix]) => series.startsWith(prefix))?.[1];

const MIB = 1024 ** 2;

/**
 * Gauges that can leave the range between two readings a tenth of a second apart and come back, and by how much a scrape and
 * two readers can move them. All others must lie between.
 */
const MOVING: readonly (readonly [RegExp, number])[] = [
  // A process that starts or ends meanwhile (another Node takes 50 MiB, and reserves far more address space) moves all of these;
  // and the kernel adds them up from each CPU in batches.
  [/^node_memory_Committed_AS_bytes$/, 256 * MIB],
  [/^node_memory_(MemFree|MemAvailable|Cached|Mapped|Dirty)_bytes$/, 64 * MIB],
  [/^node_memory_(Active|Inactive)(_anon|_file)?_bytes$/, 64 * MIB],
  [/^node_memory_(AnonPages|AnonHugePages)_bytes$/, 64 * MIB],
  [/^node_memory_(Buffers|Shmem|Writeback)_bytes$/, 4 * MIB],
  [/^node_memory_(Slab|SReclaimable|KReclaimable|SUnreclaim|PageTables|KernelStack)_bytes$/, 4 * MIB],
  [/^node_memory_(Percpu|VmallocUsed|Unevictable|Mlocked)_bytes$/, MIB],
  [/^node_filesystem_(avail|free)_bytes$/, 4 * MIB],
  [/^node_filesystem_files_free$/, 64],
  // The scrape is itself a connection, some sockets and some open files.
  [/^node_filefd_allocated$/, 256],
  [/^node_sockstat_.*_(inuse|alloc|orphan|tw|used|mem)$/, 16],
  [/^node_sockstat_.*_mem_bytes$/, MIB],
  [/^node_netstat_Tcp_CurrEstab$/, 4],
  [/^node_nf_conntrack_entries$/, 64],
  [/^node_(procs_running|procs_blocked|disk_io_now|processes_.*)$/, 16],
  [/^node_(hwmon_temp_celsius|thermal_zone_temp)$/, 20],
];

/** How fast a core runs can have changed altogether since a moment ago, but not beyond what it may. */
const FREQUENCY = /^node_cpu_scaling_frequency(?=_hertz\{)/;

export const tolerance = (series: string, { series: values }: Exposition): number | Bounds => {
  if (FREQUENCY.test(series)) {
    const limit = (name: string): number | undefined => values.get(series.replace(FREQUENCY, `$&_${name}`));
    const [low, high] = [limit('min'), limit('max')];
    return low === undefined || high === undefined ? 0 : { low, high };
  }
  return MOVING.find(([pattern]) => pattern.test(familyOf(series)))?.[1] ?? 0;
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

const patiently = async <T>(
  what: string,
  attempt: () => T | undefined | Promise<T | undefined>,
): Promise<T> => {
  for (const until = Date.now() + 20_000; Date.now() < until; await sleep(50)) {
    const found = await attempt();
    if (found !== undefined) return found;
  }
  throw new Error(`${what}: not within 20 s`);
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
};

const scrape = async (url: string): Promise<string | undefined> => {
  try {
    const answer = await fetch(url);
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
};

/** Whole lines of the log as it is now. */
const linesOf = (file: string): string[] => {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
};

/** Times of the samples in these lines, ms. */
const timesIn = (lines: readonly string[]): number[] =>
  lines
    .map((line) => JSON.parse(line) as { msg: string; time: number })
    .filter(({ msg }) => msg === 'sample')
    .map(({ time }) => time);

/** What a log of these lines gives as the newest values. */
const exportLast = (file: string, lines: readonly string[]): string => {
  writeFileSync(file, `${lines.join('\n')}\n`);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [SYSMON, 'export', file, '--format', 'prometheus', '--last'],
    { encoding: 'utf8', maxBuffer: 64 * MIB },
  );
  if (status !== 0) throw new Error(`sysmon export ended with ${status}: ${stderr}`);
  return stdout;
};

/** Runs both, and compares. Throws where one of them does not come up. */
export const compareWithNodeExporter = async (flags: readonly string[] = []): Promise<Comparison> => {
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-oracle-'));
  const log = join(folder, 'log');
  const port = await freePort();
  const children: ChildProcess[] = [];
  try {
    children.push(spawn(EXPORTER, [`--web.listen-address=127.0.0.1:${port}`, ...flags], { stdio: 'ignore' }));
    const words = ['log', '--file', log, '--interval', '100ms', '--detail-interval', '100ms'];
    const ours = spawn(process.execPath, [SYSMON, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
    children.push(ours);
    for (const child of children) child.on('error', () => {});
    const url = `http://127.0.0.1:${port}/metrics`;
    // The first answer is slow, and the files it opens are its own: only the second one counts.
    await patiently(`${EXPORTER} (is it installed?)`, () => scrape(url));
    await patiently('sysmon log', () => (timesIn(linesOf(log)).length > 2 ? true : undefined));
    const before = linesOf(log);
    const text = await patiently('the scrape', () => scrape(url));
    const scraped = Date.now();
    const after = await patiently('a sample after the scrape', () => {
      const lines = linesOf(log);
      const index = lines.findIndex((line) => (timesIn([line])[0] ?? 0) > scraped);
      return index < 0 ? undefined : lines.slice(0, index + 1);
    });
    await stop(ours);
    const [first, last] = [
      exportLast(join(folder, 'before'), before),
      exportLast(join(folder, 'after'), after),
    ];
    return compareExpositions(
      readExposition(first, isAsked),
      readExposition(text, isAsked),
      readExposition(last, isAsked),
      tolerance,
      (series) => explanationOf(series) !== undefined,
    );
  } finally {
    await Promise.all(children.map(stop));
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The result as a person reads it. */
export const formatComparison = ({ asked, given, missing, wrong, extra }: Comparison): string => {
  const share = asked === 0 ? 0 : (given.length / asked) * 100;
  const lines = [`${given.length} of ${asked} series of node_exporter are given: ${share.toFixed(1)} %`];
  const section = (title: string, items: readonly string[]): void => {
    if (items.length > 0) lines.push('', `${title} (${items.length}):`, ...items.map((item) => `  ${item}`));
  };
  section(
    'missing',
    missing.map((series) => `${series}: ${reasonOf(series) ?? 'NO REASON IS KNOWN'}`),
  );
  section('wrong', wrong);
  const others = extra.map((series) => explanationOf(series) ?? `${familyOf(series)}: not by default there`);
  section('only given by sysmon', [...new Set(others)]);
  return `${lines.join('\n')}\n`;
};
