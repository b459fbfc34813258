/** A search beside the programs that people use for it: GNU grep for patterns, jq, mlr and lnav for fields. */

import { spawnSync } from 'node:child_process';
import { closeSync, linkSync, mkdirSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { archiveName, makeMember, membersOf, timesIn } from './make-log.js';
import { isInstalled, median, memoryOf, SYSMON, withFolder } from './process.js';

/** One for each way in which a search can be hard or easy. */
const PATTERNS = [
  ['a rare literal', ['-c', 'checksum mismatch']],
  ['a literal in quotes', ['-c', '"statusCode":500']],
  ['a frequent literal', ['-c', 'GET']],
  ['an alternation', ['-c', 'mismatch|refused|reset by peer']],
  ['a class', ['-c', 'u[0-9]{3}"']],
  ['-i', ['-c', '-i', 'UPLOAD FINISHED']],
  ['anchored', ['-c', '^\\{"level":50']],
  ['no literal at all', ['-c', '[a-z]+@[a-z]+']],
  ['^.*zzz', ['-c', '^.*zzz']],
  ['-v', ['-v', '"level":30']],
  ['-o', ['-o', '"responseTime":29[0-9]{2}']],
  ['a tenth of all lines', ['"level":40']],
];

const MEAN_BOUND = 1;
const WORST_BOUND = 4;
const MEMORY_BOUND = 150e6;
const SINCE_BOUND = 150;

const MESSAGES = [
  'request completed',
  'user logged in',
  'cache miss',
  'connection reset by peer',
  'query took long',
  'upload finished',
];

/** Always the same numbers. */
const numbers = () => {
  let state = 1;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
};

/** Lines of a web service's log, `step` ms apart, the last one now. */
function* lines(bytes, step, end) {
  const pick = numbers();
  const start = end - (bytes / 245) * step;
  for (let at = 0, size = 0; size < bytes; at++) {
    const roll = pick(100);
    const record = {
      level: roll < 10 ? 40 : roll < 12 ? 50 : 30,
      time: Math.round(start + at * step),
      pid: 812,
      hostname: `web-${at % 5}`,
      msg: pick(1_000_000) === 0 ? 'checksum mismatch' : MESSAGES[pick(MESSAGES.length)],
      req: {
        id: `r${pick(1e9).toString(36)}`,
        method: pick(5) === 0 ? 'POST' : 'GET',
        url: `/api/v1/items/${pick(1e6)}`,
        remoteAddress: `10.0.${pick(256)}.${pick(256)}`,
      },
      res: { statusCode: pick(100) < 3 ? 500 : 200 },
      responseTime: pick(3000),
      user: pick(1000) === 0 ? 'someone@example.com' : `u${pick(1e5)}`,
    };
    const line = `${JSON.stringify(record)}\n`;
    size += line.length;
    yield line;
  }
}

const PIECE = 4 * 1024 * 1024;

const writeLog = (path, bytes, step, end) => {
  const fd = openSync(path, 'w');
  let waiting = '';
  for (const line of lines(bytes, step, end)) {
    waiting += line;
    if (waiting.length < PIECE) continue;
    writeSync(fd, waiting);
    waiting = '';
  }
  writeSync(fd, waiting);
  closeSync(fd);
};

/** Time in ms, and how many bytes were written: to a pipe that is read, since to /dev/null GNU grep stops at the first match. */
const timeOf = (words, env = {}) => {
  const started = process.hrtime.bigint();
  const { stdout, status } = spawnSync('sh', ['-c', '"$@" | wc -c', 'sh', ...words], {
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${words.join(' ')} failed`);
  return { ms: Number(process.hrtime.bigint() - started) / 1e6, bytes: Number(stdout) };
};

const race = (ours, peer, runs, sameBytes = true) => {
  const pairs = [];
  for (let run = runs === 1 ? 0 : -1; run < runs; run++) {
    const [mine, theirs] = [timeOf(ours), timeOf(peer)];
    if (sameBytes && mine.bytes !== theirs.bytes)
      throw new Error(`${ours.join(' ')}: ${mine.bytes} bytes, not ${theirs.bytes}`);
    if (run >= 0) pairs.push([mine.ms, theirs.ms]);
  }
  return {
    ours: `${median(pairs.map(([ms]) => ms)).toFixed(0)} ms`,
    peer: `${median(pairs.map(([, ms]) => ms)).toFixed(0)} ms`,
    ratio: median(pairs.map(([mine, theirs]) => mine / theirs)),
  };
};

const sysmon = (...words) => [process.execPath, SYSMON, 'grep', ...words];

const patternRows = (file, runs) => {
  const rows = PATTERNS.map(([what, words]) => ({
    what: `grep, ${what}, against GNU grep`,
    ...race(sysmon(...words, file), ['grep', '-a', '-E', ...words, file], runs),
    bound: String(WORST_BOUND),
  })).map((row) => ({ ...row, holds: row.ratio <= WORST_BOUND }));
  const mean = Math.exp(rows.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / rows.length);
  return [
    ...rows,
    {
      what: 'grep, geometric mean of these',
      ours: '',
      ratio: mean,
      bound: String(MEAN_BOUND),
      holds: mean <= MEAN_BOUND,
    },
  ];
};

/** How many times faster than jq it has to be. */
const FIELD = 'responseTime > 2990';
const PEERS = [
  ['jq', ['jq', '-c', 'select(.responseTime > 2990)'], 1 / 15],
  ['mlr', ['mlr', '--ijsonl', '--ojsonl', 'filter', '$responseTime > 2990'], 1],
  ['lnav', ['lnav', '-n', '-c', ':filter-in "responseTime":299[1-9]'], 1],
];

const fieldRows = (large, small) =>
  PEERS.map(([name, words, bound]) => {
    const what = `grep --where '${FIELD}', against ${name}`;
    if (!isInstalled(name, '--version')) return { what, ours: '', peer: 'not installed' };
    // Miller takes a second for ten megabytes.
    const file = name === 'mlr' ? small : large;
    const result = race(sysmon('--where', FIELD, file), [...words, file], 1, name === 'jq');
    return { what, ...result, bound: bound.toFixed(2), holds: result.ratio <= bound };
  });

const memoryRow = async (what, words) => {
  const bytes = await memoryOf(words);
  return {
    what: `grep, resident memory, ${what}`,
    ours: `${(bytes / 1e6).toFixed(0)} MB`,
    bound: `${MEMORY_BOUND / 1e6} MB`,
    holds: bytes <= MEMORY_BOUND,
  };
};

/** Archives of a log of sysmon's own: one, under as many names as make up the size. */
const makeArchives = (log, bytes, each, end) => {
  const all = [...lines(each, 10, end)];
  const members = membersOf(all).map((some) => {
    const plain = Buffer.from(some.join(''));
    return makeMember(gzipSync(plain), plain.length, timesIn(plain));
  });
  const name = (serial, time) => `${log}${archiveName('', { time, serial, form: 'gzip' })}`;
  const count = Math.max(1, Math.round(bytes / each));
  const newest = name(count, end);
  writeFileSync(newest, Buffer.concat(members));
  for (let serial = 1; serial < count; serial++)
    linkSync(newest, name(serial, end - (count - serial) * 3_600_000));
};

const sinceRow = (folder, live, quick) => {
  const log = join(folder, 'live', 'sysmon.log');
  const now = Date.now();
  makeArchives(log, quick ? 1e9 : 9e9, 100e6, now - 3_600_000);
  linkSync(live, log);
  const words = sysmon('--since', '5m', '-c', '');
  const runs = Array.from({ length: 7 }, () => timeOf(words, { SYSMON_LOG: log }).ms);
  const ms = median(runs.slice(1));
  return {
    what: `grep --since 5m, ${quick ? '1' : '10'} GB in archives and live file`,
    ours: `${ms.toFixed(0)} ms`,
    bound: `${SINCE_BOUND} ms`,
    holds: ms <= SINCE_BOUND,
  };
};

export const measureGrep = ({ quick }) =>
  withFolder(async (folder) => {
    const file = join(folder, 'app.log');
    mkdirSync(join(folder, 'live'));
    const bytes = quick ? 2e8 : 1e9;
    writeLog(file, bytes, (3_600_000 * 245) / bytes, Date.now());
    const small = join(folder, 'small.log');
    writeLog(small, 1e8, 10, Date.now());
    const long = join(folder, 'long.log');
    writeFileSync(long, `${`${'x'.repeat(1_000_000)}needle\n`.repeat(200)}`);
    if (statSync(file).size < bytes) throw new Error('the log is too short');
    return [
      ...patternRows(file, quick ? 3 : 5),
      ...fieldRows(file, small),
      await memoryRow('counting', sysmon('-c', 'upload', file)),
      await memoryRow('printing a tenth', sysmon('"level":40', file)),
      await memoryRow('printing lines of 1 MB', sysmon('needle', long)),
      sinceRow(folder, file, quick),
    ];
  });
