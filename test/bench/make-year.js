/**
 * Makes a log as long as nobody waits for: one day as make-log.js makes it, laid out again and again with other times and numbers.
 *
 *     node test/bench/make-year.js FILE [DAYS]
 *
 * The last day is in FILE, each day before in a compressed archive beside it. Once a fortnight a rule holds for ten minutes.
 * A year at 5 s is 6.3 million samples: 22 GB, 4 GB compressed, three minutes on two cores.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { archiveName, makeLog, makeMember, membersOf } from './make-log.js';

const DAY = 86_400_000;
/** Enough digits for the numbers of a year's lines to be written over one another. */
const FIRST_SEQ = 10_000_000;
const ALERT_EVERY = 14;
const ALERT_LINES = 120;
/** Days in work: zlib has a thread for each of its four calls at once. */
const AT_ONCE = 4;

const pack = promisify(gzip);

/** A line with a fixed place for its time and number: bytes, and where these stand. */
const templateOf = (lines) => {
  const texts = lines.map((line, index) => {
    const record = JSON.parse(line);
    const { level, time, host, msg, v, seq: _, ...rest } = record;
    return `${JSON.stringify({ level, time, host, msg, v, seq: FIRST_SEQ + index, ...rest })}\n`;
  });
  return membersOf(texts).map((piece) => {
    const text = Buffer.from(piece.join(''));
    let start = 0;
    const places = piece.map((line) => {
      const bytes = Buffer.from(line);
      const place = {
        time: start + bytes.indexOf('"time":') + 7,
        at: JSON.parse(line).time,
        seq: start + bytes.indexOf('"seq":') + 6,
      };
      start += bytes.length;
      return place;
    });
    return { text, places };
  });
};

/** The lines with an alert that begins in the middle of the day and ends ten minutes later, as sysmon writes it. */
const withAlert = (lines) => {
  const begin = Math.floor(lines.length / 2);
  const since = JSON.parse(lines[begin]).time;
  const alert = { rule: 'cpu', path: 'cpu.used_percent', state: 'warning', since };
  return lines.flatMap((line, index) => {
    if (index < begin || index > begin + ALERT_LINES) return [line];
    const { level, time, host, v, boot, interval, detail, ...rest } = JSON.parse(line);
    const isOver = index === begin + ALERT_LINES;
    if (isOver || index === begin) {
      const [state, before] = isOver ? ['ok', 'warning'] : ['warning', 'ok'];
      const event = { ...alert, state, before, value: 90, text: 'CPU 90 %' };
      const head = { level: isOver ? 30 : 40, time, host, msg: 'alert', v, seq: 0 };
      const own = isOver
        ? line
        : JSON.stringify({ level, time, host, v, boot, interval, detail, alerts: [alert], ...rest });
      return [own, JSON.stringify({ ...head, ...event })];
    }
    return [JSON.stringify({ level, time, host, v, boot, interval, detail, alerts: [alert], ...rest })];
  });
};

/** The piece so many ms earlier and with numbers from `seq` on; times of the first and last line with it. */
const shift = ({ text, places }, back, seq) => {
  const copy = Buffer.from(text);
  for (const [index, place] of places.entries()) {
    copy.latin1Write(String(place.at - back), place.time);
    copy.latin1Write(String(seq + index), place.seq);
  }
  const times = places.map(({ at }) => at - back);
  return { copy, earliest: times[0], latest: times.at(-1) };
};

/** Writes the log; resolves to the times of its oldest and newest sample. */
export const makeYear = async (file, days = 365) => {
  await makeLog(file, 1);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const quiet = templateOf(lines);
  const alerted = templateOf(withAlert(lines));
  const [begin, end] = [lines[0], lines.at(-1)].map((line) => JSON.parse(line).time);
  const count = (template) => template.reduce((sum, { places }) => sum + places.length, 0);
  const longest = count(alerted);

  const archive = async (day) => {
    const back = (days - 1 - day) * DAY;
    let seq = FIRST_SEQ + day * longest;
    const members = [];
    for (const piece of day % ALERT_EVERY === ALERT_EVERY - 1 ? alerted : quiet) {
      const { copy, ...times } = shift(piece, back, seq);
      members.push(makeMember(await pack(copy, { level: 1 }), copy.length, times));
      seq += piece.places.length;
    }
    const name = archiveName('', { time: begin + DAY - back, serial: day + 1, form: 'gzip' }).slice(1);
    writeFileSync(`${file}.${name}`, Buffer.concat(members));
  };

  let next = 0;
  const work = async () => {
    while (next < days - 1) await archive(next++);
  };
  rmSync(file);
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const live = quiet.map((piece) => shift(piece, 0, FIRST_SEQ + (days - 1) * longest).copy);
  writeFileSync(file, Buffer.concat(live));
  return { first: begin - (days - 1) * DAY, last: end };
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [file, days] = process.argv.slice(2);
  if (file === undefined) throw new Error('usage: make-year.js FILE [DAYS]');
  const { first, last } = await makeYear(file, Number(days ?? 365));
  process.stdout.write(`${file}: ${new Date(first).toISOString()} to ${new Date(last).toISOString()}\n`);
}
