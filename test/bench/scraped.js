/** A day of what an application exposes: 2,000 series every 15 s. How much room it takes, and how long one of them is asked for. */

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { archiveName, compress, load } from './make-log.js';
import { memoryOf, SYSMON, withFolder } from './process.js';
import { race } from './start-up.js';

const { openScrapeWriter } = await load('src/logs/scraped/writer.ts');
const { scrapeFileName } = await load('src/logs/scraped/place.ts');

const SERIES = 2000;
const SECONDS = 15;
const DAY = 86_400;
const ROOM_BOUND = 120e6;
const PACKED_BOUND = 40e6;
const MS_BOUND = 1000;
const JOB = 'app';
const TARGET = '127.0.0.1:8000';
const BOUNDS = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '+Inf'];
const BARE = [process.execPath, '-e', '0'];

/** Always the same numbers, 0 to 1. */
const numbers = () => {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
};

/** What a web service exposes, under load: most counters move between two scrapes, sums and gauges have many digits. */
const makeService = (seriesOf) => {
  const next = numbers();
  const series = [];
  const add = (family, labels, step) => {
    if (series.length >= SERIES) return;
    series.push({ number: seriesOf(family, labels), value: 0, step });
  };
  const family = (name, type) => ({ name, type, help: `What ${name} counts.`, unit: '' });
  const durations = family('http_request_duration_seconds', 'histogram');
  const requests = family('http_requests_total', 'counter');
  const pool = family('pool_connections', 'gauge');
  const ages = family('cache_age_seconds', 'gauge');
  for (let route = 0; series.length < SERIES; route++) {
    const labels = { route: `/api/v1/resource${route}`, method: route % 3 === 0 ? 'POST' : 'GET' };
    const busy = next();
    for (const [index, le] of BOUNDS.entries())
      add(durations, { ...labels, __name__: `${durations.name}_bucket`, le }, (value) =>
        next() < busy ? value + Math.ceil(next() * 4 * (index + 1)) : value,
      );
    add(
      durations,
      { ...labels, __name__: `${durations.name}_count` },
      (value) => value + Math.ceil(next() * 40 * busy),
    );
    add(durations, { ...labels, __name__: `${durations.name}_sum` }, (value) => value + next() * busy);
    for (const code of ['200', '404', '500'])
      add(requests, { ...labels, __name__: requests.name, code }, (value) =>
        code === '200' || next() < 0.05 ? value + Math.ceil(next() * 40 * busy) : value,
      );
    add(pool, { ...labels, __name__: pool.name }, () => Math.floor(next() * 30));
    add(ages, { ...labels, __name__: ages.name }, () => next() * 100);
  }
  return series;
};

/** Writes a day up to now; gives the file. */
const makeScrapes = async (log) => {
  const path = join(dirname(log), scrapeFileName(JOB));
  const scrapes = DAY / SECONDS;
  const end = Math.floor(Date.now() / 1000 / SECONDS) * SECONDS * 1000;
  const start = end - (scrapes - 1) * SECONDS * 1000;
  let now = start;
  const writer = await openScrapeWriter({
    path,
    job: JOB,
    host: 'web-1',
    honorsLabels: false,
    limits: { maxSize: 1e12, rotate: 'never', keep: 1, maxTotal: 1e13, compress: false },
    clock: { now: () => now, monotonic: () => now / 1000, sleep: async () => {} },
    uid: process.getuid(),
    lock: { pid: process.pid, isRunning: () => true },
    say: (text) => process.stderr.write(`${text}\n`),
  });
  const target = writer.openTarget({
    name: TARGET,
    labels: { instance: TARGET, job: JOB },
    interval: SECONDS,
  });
  const series = makeService(target.seriesOf);
  const held = series.map(({ number }) => number);
  for (let scrape = 0; scrape < scrapes; scrape++) {
    now = start + scrape * SECONDS * 1000;
    for (const one of series) one.value = one.step(one.value);
    target.write({ time: now, seconds: 0.01, series: held, values: series.map(({ value }) => value) });
  }
  await writer.close();
  return path;
};

/** The first three quarters, as an archive; the rest begins with a line that says everything, as every file does. */
const archive = (path) => {
  const [job, ...lines] = readFileSync(path, 'latin1').split(/(?<=\n)/);
  const from = Math.floor(lines.length * 0.75);
  const cut = lines.findIndex((line, index) => index >= from && line.includes('"metrics":'));
  const { time } = JSON.parse(lines[cut]);
  const packed = compress([job, ...lines.slice(0, cut)]);
  writeFileSync(archiveName(path, { time, serial: 1, form: 'gzip' }), packed);
  writeFileSync(path, [job, ...lines.slice(cut)].join(''), 'latin1');
};

const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

export const measureScraped = ({ quick }) =>
  withFolder(async (folder) => {
    const log = join(folder, 'sysmon.log');
    const path = await makeScrapes(log);
    const room = statSync(path).size;
    const packed = compress(readFileSync(path, 'latin1').split(/(?<=\n)/)).length;
    const query = (expression) => [
      process.execPath,
      SYSMON,
      'query',
      expression,
      '--since',
      '24h',
      '--step',
      '1m',
      '--format',
      'json',
      '--file',
      log,
    ];
    const words = query('rate(http_requests_total{route="/api/v1/resource70",code="200"}[5m])');
    const runs = quick ? 3 : 11;
    const plain = race(words, BARE, runs);
    archive(path);
    const archived = race(words, BARE, runs);
    const bytes = await memoryOf(words);
    const asked = (what, { ours }) => ({
      what,
      ours,
      bound: `${MS_BOUND} ms`,
      holds: Number.parseFloat(ours) <= MS_BOUND,
    });
    return [
      {
        what: `log of a day of ${SERIES} scraped series at ${SECONDS} s`,
        ours: mb(room),
        bound: mb(ROOM_BOUND),
        holds: room <= ROOM_BOUND,
      },
      {
        what: 'the same, compressed',
        ours: mb(packed),
        ratio: packed / room,
        bound: mb(PACKED_BOUND),
        holds: packed <= PACKED_BOUND,
      },
      asked('query of one of them, a day at 1 m', plain),
      asked('the same, three quarters of it in archives', archived),
      { what: 'the same, resident memory', ours: mb(bytes), bound: '200 MB', holds: bytes <= 200e6 },
    ];
  });
