/** A day's queries beside a Prometheus that has the same samples, asked over HTTP; one moment beside a Node that does nothing. */

import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { load, makeLog } from './make-log.js';
import { isInstalled, median, memoryOf, SYSMON, withFolder } from './process.js';
import { race } from './start-up.js';

/** One for each way in which a query can be hard. */
const QUERIES = [
  'node_memory_MemAvailable_bytes',
  'rate(node_cpu_seconds_total[5m])',
  'avg by (mode) (rate(node_cpu_seconds_total[5m]))',
  'sum without (cpu) (rate(node_cpu_seconds_total{mode!~"idle|iowait"}[5m])) / on () group_left node_load1',
  'predict_linear(node_filesystem_avail_bytes[6h], 24 * 3600)',
  'quantile_over_time(0.95, node_load1[1h])',
  'max_over_time(rate(node_network_receive_bytes_total[1m])[30m:1m])',
  'histogram_quantile(0.5, sum by (le) (label_replace(node_load1, "le", "1", "", "") or label_replace(node_load5, "le", "+Inf", "", "")))',
  '{__name__=~"node_(cpu|memory)_.+"}',
];

const STEP = 60;
const DAY = 86_400;
/** How many hours are in each file: all but the last are archives. */
const FILE_HOURS = 6;
/** s: longer than the first runs take. */
const AHEAD = 300;
const RATIO_BOUND = 3;
const MS_BOUND = 400;
const MEMORY_BOUND = 200e6;
/** Of the values that Prometheus gives, how many there may be more or less: its windows are closed at both ends. */
const OTHERS = 0.02;

const BARE = [process.execPath, '-e', '0'];
const sysmon = (...words) => [process.execPath, SYSMON, 'query', ...words];

const exportLog = async (log, file) => {
  const child = spawn(process.execPath, [SYSMON, 'export', '--format', 'openmetrics', '--file', log], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await pipeline(child.stdout, createWriteStream(file));
};

/** A Prometheus with all that is in the log. */
const startPeer = async (folder, log) => {
  if (!isInstalled('prometheus', '--version') || !isInstalled('promtool', '--version')) return undefined;
  const { startPrometheus } = await load('test/oracle/prometheus.ts');
  const samples = join(folder, 'samples.om');
  await exportLog(log, samples);
  const words = ['tsdb', 'create-blocks-from', 'openmetrics', samples, join(folder, 'data')];
  const { status, stderr } = spawnSync('promtool', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`promtool took no samples: ${stderr}`);
  return startPrometheus(folder);
};

const timed = async (act) => {
  const started = process.hrtime.bigint();
  const result = await act();
  return { result, ms: Number(process.hrtime.bigint() - started) / 1e6 };
};

const valuesIn = ({ data }) => data.result.reduce((sum, { values }) => sum + values.length, 0);

const askPeer = async ({ url }, query, moments) => {
  const form = new URLSearchParams({ query, ...moments, step: STEP });
  const answer = await fetch(`${url}/api/v1/query_range`, { method: 'POST', body: form });
  return answer.text();
};

const askOurs = (words) => {
  const [program, ...args] = words;
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1e9 });
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  return stdout;
};

const measureQuery = async (query, { log, peer, end, runs }) => {
  const iso = (seconds) => new Date(seconds * 1000).toISOString();
  const range = ['--since', iso(end - DAY), '--until', iso(end), '--step', `${STEP}s`];
  const words = sysmon(query, ...range, '--format', 'json', '--file', log);
  const pairs = [];
  for (let run = -1; run < runs; run++) {
    const mine = await timed(() => askOurs(words));
    const theirs = peer && (await timed(() => askPeer(peer, query, { start: end - DAY, end })));
    if (run < 0 && theirs) {
      const [count, wanted] = [mine, theirs].map(({ result }) => valuesIn(JSON.parse(result)));
      if (wanted === 0 || Math.abs(count - wanted) > wanted * OTHERS)
        throw new Error(`${query}: ${count} values, and Prometheus has ${wanted}`);
    }
    if (run >= 0) pairs.push([mine.ms, theirs?.ms]);
  }
  const own = median(pairs.map(([ms]) => ms));
  const row = { what: `query, a day at 1 m: ${query.replaceAll('|', '\\|')}`, ours: `${own.toFixed(0)} ms` };
  const bytes = await memoryOf(words);
  if (peer === undefined) return { row: { ...row, peer: 'not installed' }, bytes };
  const other = median(pairs.map(([, ms]) => ms));
  return {
    row: {
      ...row,
      peer: `${other.toFixed(0)} ms`,
      ratio: median(pairs.map(([mine, theirs]) => mine / theirs)),
      bound: `${RATIO_BOUND}, or ${MS_BOUND} ms`,
      holds: own <= Math.max(MS_BOUND, other * RATIO_BOUND),
    },
    bytes,
  };
};

export const measureQueries = ({ quick }) =>
  withFolder(async (folder) => {
    const log = join(folder, 'sysmon.log');
    await makeLog(log, 1, FILE_HOURS, AHEAD);
    const moment = race(sysmon('node_load1', '--file', log), BARE, quick ? 11 : undefined);
    const peer = await startPeer(folder, log);
    // Off the seconds at which samples were taken.
    const end = Math.floor(Date.now() / 1000 / STEP) * STEP - 2.5;
    const found = [];
    try {
      for (const query of QUERIES)
        found.push(await measureQuery(query, { log, peer, end, runs: quick ? 3 : 11 }));
    } finally {
      await peer?.stop();
    }
    const bytes = Math.max(...found.map((one) => one.bytes));
    return [
      { what: 'query node_load1, against node -e 0', ...moment },
      ...found.map(({ row }) => row),
      {
        what: 'query, resident memory, the most of these',
        ours: `${(bytes / 1e6).toFixed(0)} MB`,
        bound: `${MEMORY_BOUND / 1e6} MB`,
        holds: bytes <= MEMORY_BOUND,
      },
    ];
  });
