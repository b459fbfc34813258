/**
 * Makes a long log in a moment: some real records, taken by sysmon just before, laid out over the past. Counters run back at the
 * pace they had, gauges that moved wander about, so that it compresses as a real one does.
 *
 *     node test/bench/make-log.js FILE [DAYS [HOURS]]
 *
 * The last HOURS, 24 where none are given, are in FILE; as many before that are in each of the compressed archives beside it.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { SYSMON } from './process.js';

const INTERVAL = 5;
const DAY = 86_400;
const HOUR = 3600;
const DETAIL_EVERY = 12;
const MEMBER_BYTES = 1024 * 1024;

/** A part of the source itself, as a module. */
export const load = async (path) => {
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-bench-'));
  const outfile = join(folder, 'module.mjs');
  const entry = new URL(`../../${path}`, import.meta.url).pathname;
  try {
    await build({
      entryPoints: [entry],
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      outfile,
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** The archives' own layout. */
export const { makeMember, timesIn } = await load('src/logs/member.ts');
export const { archiveName } = await load('src/logs/archive-name.ts');

/** Lines by the member they go into. */
export const membersOf = (lines) => {
  const members = [];
  for (let start = 0, end = 0; start < lines.length; start = end) {
    let size = 0;
    while (end < lines.length && size < MEMBER_BYTES) size += lines[end++].length;
    members.push(lines.slice(start, end));
  }
  return members;
};

/** Lines as the bytes of an archive. */
export const compress = (lines) =>
  Buffer.concat(
    membersOf(lines).map((member) => {
      const piece = Buffer.from(member.join(''));
      return makeMember(gzipSync(piece), piece.length, timesIn(piece));
    }),
  );

/** A schema, a start record, samples with every detail and samples of a tick. */
const recordSome = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-bench-'));
  const file = join(folder, 'sysmon.log');
  const record = (...args) => {
    const { status } = spawnSync(
      process.execPath,
      [SYSMON, 'log', '--file', file, '--interval', '250ms', ...args],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    if (status !== 0) throw new Error(`sysmon log ended with ${status}`);
    const records = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    rmSync(file);
    return records;
  };
  try {
    const detailed = record('--count', '5', '--detail-interval', '1ms');
    const ticks = record('--count', '9', '--detail-interval', '5m');
    const samples = (records) => records.filter(({ msg }) => msg === 'sample').slice(1);
    const only = (msg) => detailed.find((one) => one.msg === msg);
    return {
      schema: only('schema'),
      start: only('start'),
      details: samples(detailed),
      ticks: samples(ticks),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Changes all numbers of a group: calls back with path, field name and value. */
const mapNumbers = (value, change, path = '', name = '') => {
  if (typeof value === 'number') return change(path, name, value);
  if (Array.isArray(value))
    return value.map((one, index) => mapNumbers(one, change, `${path}/${index}`, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mapNumbers(inner, change, `${path}/${key}`, key)]),
  );
};

/** What a field is, from the schema's "gauge percent .2". */
const kindOf = (schema, group, field) => {
  const [words = ''] = schema.groups[group]?.fields[field] ?? [];
  const [kind, unit] = words.split(' ');
  return { kind, unit, digits: Number(/\.(\d+)/.exec(words)?.[1] ?? 0) };
};

const round = (value, digits) => Number(value.toFixed(digits));

/** Each number's first and last value and growth a second in the records. */
const paceOf = (records) => {
  const pace = new Map();
  for (const record of records) {
    mapNumbers(record, (path, _, value) => {
      const known = pace.get(path) ?? { first: value, from: record.time, moved: false };
      const seconds = (record.time - known.from) / 1000;
      pace.set(path, {
        ...known,
        last: value,
        moved: known.moved || value !== known.first,
        growth: seconds > 0 ? (value - known.first) / seconds : 0,
      });
      return value;
    });
  }
  return pace;
};

/** Gives the value that a number may have had `age` seconds ago. */
const historyOf = (schema, records) => {
  const pace = paceOf(records);
  const wander = new Map();
  return (group, age) => (path, field, value) => {
    const key = `/${group}${path}`;
    const { last, moved, growth } = pace.get(key) ?? {};
    const { kind, unit, digits } = kindOf(schema, group, field);
    if (field === 'uptime_seconds') return round(Math.max(0, last - age), digits);
    if (!moved || last === undefined || kind === undefined) return value;
    if (kind === 'counter') return round(Math.max(0, last - growth * age), digits);
    const step = (wander.get(key) ?? 0) * 0.95 + (Math.random() - 0.5) * 0.1;
    wander.set(key, step);
    const moving = Math.max(0, value * (1 + step));
    return round(unit === 'percent' ? Math.min(100, moving) : moving, digits);
  };
};

/**
 * Writes the log; resolves to the number of samples in it. With `ahead` it ends so many seconds from now: a log that ended a moment
 * ago says nothing about now.
 */
export const makeLog = async (file, days = 1, hours = 24, ahead = 0) => {
  const { schema, start, details, ticks } = recordSome();
  const past = { details: historyOf(schema, details), ticks: historyOf(schema, ticks) };
  const end = Math.floor(Date.now() / 1000 / INTERVAL + ahead / INTERVAL) * INTERVAL * 1000;
  const count = (DAY / INTERVAL) * days;
  const inFile = (HOUR / INTERVAL) * hours;
  let seq = 0;
  let lines = [];
  const add = (record, time) => lines.push(`${JSON.stringify({ ...record, time, seq: ++seq })}\n`);
  const sampleAt = (index, time) => {
    const form = index % DETAIL_EVERY === 0 ? 'details' : 'ticks';
    const records = form === 'details' ? details : ticks;
    const record = records[Math.floor(Math.random() * records.length)];
    const changed = Object.entries(record).map(([name, value]) => [
      name,
      Object.hasOwn(schema.groups, name) ? mapNumbers(value, past[form](name, (end - time) / 1000)) : value,
    ]);
    return { ...Object.fromEntries(changed), interval: INTERVAL };
  };
  const archive = (time, serial) => {
    writeFileSync(`${file}.${archiveName('', { time, serial, form: 'gzip' }).slice(1)}`, compress(lines));
    lines = [];
  };

  for (let index = 0; index < count; index++) {
    const time = end - (count - 1 - index) * INTERVAL * 1000;
    if (index % inFile === 0) {
      if (index > 0) archive(time, index / inFile);
      add(schema, time);
      if (index === 0) add({ ...start, interval: INTERVAL }, time);
    }
    add(sampleAt(index, time), time);
  }
  writeFileSync(file, lines.join(''));
  return count;
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [file, days, hours] = process.argv.slice(2);
  if (file === undefined) throw new Error('usage: make-log.js FILE [DAYS [HOURS]]');
  const count = await makeLog(file, Number(days ?? 1), Number(hours ?? 24));
  process.stdout.write(`${count} samples in ${file}\n`);
}
