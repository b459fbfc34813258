import { appendFileSync, existsSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gauge, group } from '../../src/core/group.js';
import { rowsIn } from '../../src/core/sample.js';
import { type Moment, openReplay, type Replay } from '../../src/logs/replay.js';
import { archivesOf, temporaryFolder } from './bench-log.js';
import { GROUPS as LOAD, type LogFolder, lineOf, makeFolder, pack, sampleLine } from './log-folder.js';
import { alert, GROUPS, readAll, samplesIn, writeLog } from './replay-log.js';

const seqOf = (moment: Moment | undefined): number | undefined => moment?.sample.seq;
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const lines = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => sampleLine((first + index) * 1000, first + index));
const walk = (replay: Replay): unknown[] => {
  const seqs: unknown[] = [];
  for (let one = replay.first(); one !== undefined; one = replay.next(one)) seqs.push(one.sample.seq);
  return seqs;
};
const upTo = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('files as they can be', () => {
  let folder: LogFolder;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => folder.remove());

  it('has nothing where there is no log', async () => {
    const replay = openReplay(folder.path, LOAD);
    expect([replay.span(), replay.first(), replay.last(), replay.at(5)]).toEqual(Array(4).fill(undefined));
  });

  it('says that a directory is no log', () => {
    expect(() => openReplay(dirname(folder.path), LOAD)).toThrow('is a directory');
  });

  it('goes through archives of every form as one row', () => {
    folder.archive(10_000, 1, lines(1, 10), 'gzip', 3);
    folder.archive(20_000, 2, lines(11, 10), 'plain');
    folder.archive(30_000, 3, lines(21, 10), 'one gzip');
    folder.live(text(lines(31, 5)));
    const replay = openReplay(folder.path, LOAD);
    expect(walk(replay)).toEqual(upTo(1, 35));
    expect(replay.span()).toEqual({ first: 1000, last: 35_000 });
    for (const time of [1000, 12_000, 12_999, 25_500, 30_000, 31_000, 99_000])
      expect(seqOf(replay.at(time))).toBe(Math.min(35, Math.floor(time / 1000)));
    expect(seqOf(replay.at(0))).toBe(1);
  });

  it('decompresses only the members it stands on', () => {
    // Farther apart than any detail is looked for.
    const apart = Array.from({ length: 30 }, (_, index) => sampleLine((index + 1) * 400_000, index + 1));
    const name = folder.archive(12_000_000, 1, apart, 'gzip', 5);
    const bytes = readFileSync(folder.at(name));
    const size = bytes.length / 6;
    // Damages all but the fourth and, with a sample before it, the third.
    for (const member of [0, 1, 4, 5])
      bytes.fill(0xff, Math.floor(member * size) + 60, Math.floor(member * size) + 70);
    writeFileSync(folder.at(name), bytes);
    const problems: string[] = [];
    const replay = openReplay(folder.path, LOAD, (problem) => problems.push(problem));
    const moment = replay.at(18 * 400_000) as Moment;
    expect(seqOf(moment)).toBe(18);
    expect(replay.window(moment, { count: 3 }).map(({ seq }) => seq)).toEqual([16, 17, 18]);
    // The head is asked for its schema.
    expect(problems).toEqual([expect.stringMatching(/: \d+ bytes from offset 0 are damaged: /)]);
    expect(replay.next(replay.at(20 * 400_000) as Moment)).toBeUndefined();
    expect(problems.length).toBe(3);
  });

  it('goes on where an archive cannot be read, and says so once', () => {
    const name = folder.archive(10_000, 1, lines(1, 5), 'gzip');
    folder.archive(20_000, 2, lines(11, 5), 'gzip');
    folder.live(text(lines(21, 5)));
    // What is no file at all cannot be read by root either.
    unlinkSync(folder.at(name));
    symlinkSync('.', folder.at(name));
    const problems: string[] = [];
    const replay = openReplay(folder.path, LOAD, (problem) => problems.push(problem));
    expect(walk(replay)).toEqual([...upTo(11, 15), ...upTo(21, 25)]);
    expect(seqOf(replay.at(3000))).toBe(11);
    expect(problems).toEqual([`${name}: is a directory`]);
  });

  it('follows a link to the file, and looks beside it for the archives', () => {
    folder.archive(10_000, 1, lines(1, 5), 'gzip');
    folder.live(text(lines(6, 2)));
    const link = join(temporaryFolder(), 'link.log');
    symlinkSync(folder.path, link);
    expect(walk(openReplay(link, LOAD))).toEqual(upTo(1, 7));
  });

  it('reads a record whose time stands elsewhere, and passes over what is none', () => {
    const moved = JSON.stringify(
      Object.fromEntries(Object.entries(JSON.parse(sampleLine(2000, 2))).reverse()),
    );
    folder.live(
      text([
        sampleLine(1000, 1),
        'text',
        moved,
        '{"level":30,"time":2500,"msg":"sample"}',
        '{}',
        sampleLine(3000, 3),
      ]),
    );
    const replay = openReplay(folder.path, LOAD);
    expect(walk(replay)).toEqual([1, 2, 3]);
    expect(seqOf(replay.at(2900))).toBe(2);
  });

  it('leaves out a last line that is not finished', () => {
    folder.live(text(lines(1, 2)) + sampleLine(3000, 3));
    const replay = openReplay(folder.path, LOAD);
    expect(seqOf(replay.last())).toBe(2);
    appendFileSync(folder.path, '\n');
    expect(seqOf(replay.next(replay.last() as Moment))).toBe(3);
  });

  it('finds what has a time though the clock was set back', () => {
    folder.archive(20_000, 1, lines(1, 20), 'gzip');
    folder.archive(
      15_000,
      2,
      [...lines(21, 5), ...lines(10, 5).map((line) => line.replace('"seq":1', '"seq":101'))],
      'gzip',
    );
    folder.live(text(lines(15, 3)));
    const replay = openReplay(folder.path, LOAD);
    expect(seqOf(replay.at(24_000))).toBe(24);
    // Of equal times the one written last.
    expect(seqOf(replay.at(12_000))).toBe(1012);
    expect(seqOf(replay.at(16_000))).toBe(16);
    expect(seqOf(replay.at(19_500))).toBe(19);
    expect(replay.span()).toEqual({ first: 1000, last: 17_000 });
    // A window has no later times before earlier ones.
    const window = replay.window(replay.last() as Moment, { count: 9 });
    expect(window.map(({ time }) => time / 1000)).toEqual([10, ...upTo(10, 17)]);
  });

  it('finds what was labelled before the beginning of the file that is written', () => {
    folder.archive(100_000, 1, lines(1, 5), 'gzip');
    folder.archive(200_000, 2, lines(101, 5), 'gzip');
    folder.archive(300_000, 3, lines(201, 5), 'gzip');
    folder.live(text([...lines(301, 5), ...lines(20, 5).map((line) => line.replace('"seq":2', '"seq":92'))]));
    expect(seqOf(openReplay(folder.path, LOAD).at(22_000))).toBe(922);
  });

  it('looks in older files where those of the time hold no samples', () => {
    folder.archive(10_000, 1, lines(1, 5), 'gzip');
    for (const serial of [2, 3, 4, 5, 6]) folder.archive(serial * 10_000, serial, ['no record'], 'plain');
    folder.live(text(lines(61, 2)));
    const replay = openReplay(folder.path, LOAD);
    expect(seqOf(replay.at(45_000))).toBe(5);
  });

  it('reads each file by its own schema, and groups that are not known here', () => {
    const other = group({
      name: 'gpu',
      help: 'GPU',
      identity: ['card'],
      fields: { busy: gauge('percent', 'Busy') },
    });
    const readings = new Map([
      ['gpu', { group: other, rows: [{ id: ['0'], numbers: { busy: 7 }, texts: {} }] }],
    ]);
    const common = { time: 2000, host: 'other', seq: 2 };
    const schema = lineOf({ kind: 'schema', ...common, seq: 1, v: 1, groups: [other] });
    const sample = lineOf({ kind: 'sample', ...common, sample: { ...common, boot: 'b', readings } });
    folder.archive(5000, 1, [schema, sample], 'gzip', 1);
    folder.live(text(lines(6, 2)));
    const replay = openReplay(folder.path, LOAD);
    const moment = replay.at(2000) as Moment;
    expect(moment.sample.host).toBe('other');
    expect(rowsIn(moment.sample, 'gpu')[0]?.numbers).toEqual({ busy: 7 });
    expect(replay.next(moment)?.sample.readings.has('gpu')).toBe(false);
  });
});

describe('what a moment shows', () => {
  it('has the detail of the newest sample with it, of the same boot and not too old', async () => {
    const log = await writeLog();
    for (let count = 0; count < 6; count++) log.sample();
    log.sample(290);
    log.sample(10);
    log.sample(5, { boot: 'b2' });
    await log.close();
    const replay = openReplay(log.path, GROUPS);
    const slow = (index: number): unknown => {
      let moment = replay.first();
      for (let step = 0; step < index && moment !== undefined; step++) moment = replay.next(moment);
      return rowsIn((moment as Moment).sample, 'load')[0]?.numbers['slow'];
    };
    // The first one of the file has it.
    expect([slow(0), slow(5), slow(6), slow(8)]).toEqual([0, 0, undefined, undefined]);
    const samples = samplesIn(readAll(log.path));
    expect(replay.at(samples[3]?.time ?? 0)?.sample.readings.has('memory')).toBe(true);
  });

  it('tells the gap before it', async () => {
    const log = await writeLog();
    log.sample();
    log.sample();
    log.record({ kind: 'gap', reason: 'suspend', seconds: 3600, missed: 719 });
    log.sample(3605);
    log.record({ kind: 'stop', reason: 'SIGTERM' });
    log.sample(60);
    log.record({ kind: 'start', boot: 'b1', version: '1', pid: 1 });
    log.sample(5);
    log.sample(600, { boot: 'b2' });
    log.sample(100, { boot: 'b2' });
    log.record({ kind: 'lost', count: 4, reason: 'no space left on device' });
    log.sample(25, { boot: 'b2' });
    log.record({ kind: 'gap', reason: 'clock', seconds: -60, missed: 0 });
    log.sample(-55, { boot: 'b2' });
    log.sample(-10, { boot: 'b2' });
    await log.close();
    const replay = openReplay(log.path, GROUPS);
    const gaps: unknown[] = [];
    for (let one = replay.first(); one !== undefined; one = replay.next(one)) gaps.push(one.gap);
    expect(gaps).toEqual([
      undefined,
      undefined,
      { kind: 'gap', seconds: 3605, reason: 'suspend' },
      { kind: 'stop', seconds: 60, reason: 'SIGTERM' },
      undefined,
      { kind: 'reboot', seconds: 600, reason: '' },
      { kind: 'silence', seconds: 100, reason: '' },
      { kind: 'lost', seconds: 25, reason: 'no space left on device' },
      { kind: 'gap', seconds: -60, reason: 'clock' },
      { kind: 'gap', seconds: -10, reason: 'clock' },
    ]);
  });

  it('decodes only the groups asked for in a window', async () => {
    const log = await writeLog();
    log.sample();
    log.sample();
    await log.close();
    const replay = openReplay(log.path, GROUPS);
    const only = new Set(['load']);
    const [first] = replay.window(replay.last() as Moment, { only });
    expect([...(first?.readings.keys() ?? [])]).toEqual(['load']);
    expect([...(replay.window(replay.last() as Moment)[0]?.readings.keys() ?? [])]).toEqual([
      'load',
      'memory',
    ]);
  });
});

describe('alerts', () => {
  it('goes to where a rule began to hold, or became critical', async () => {
    const log = await writeLog(1500);
    for (const [alerts, count] of [
      [[], 3],
      [[alert('cpu')], 20],
      [[alert('cpu', 'critical')], 5],
      [[alert('cpu'), alert('memory')], 5],
      [[alert('memory')], 5],
      [[], 5],
    ] as const)
      for (let index = 0; index < count; index++) log.sample(5, alerts.length > 0 ? { alerts } : {});
    await log.close();
    expect(archivesOf(log.path).length).toBeGreaterThan(2);
    const seqs = samplesIn(readAll(log.path)).map(({ seq }) => seq);
    const replay = openReplay(log.path, GROUPS);
    const forwards: unknown[] = [];
    for (
      let one = await replay.nextAlert(replay.first() as Moment);
      one !== undefined;
      one = await replay.nextAlert(one)
    )
      forwards.push(one.sample.seq);
    expect(forwards).toEqual([seqs[3], seqs[23], seqs[28]]);
    const backwards: unknown[] = [];
    for (
      let one = await replay.previousAlert(replay.last() as Moment);
      one !== undefined;
      one = await replay.previousAlert(one)
    )
      backwards.unshift(one.sample.seq);
    expect(backwards).toEqual(forwards);
  });

  it('ends a search when it is told to, and says how far it came', async () => {
    const log = await writeLog(1500);
    for (let count = 0; count < 50; count++) log.sample();
    await log.close();
    const replay = openReplay(log.path, GROUPS);
    const abort = new AbortController();
    const times: number[] = [];
    const onProgress = (time: number): void => {
      times.push(time);
      if (times.length === 2) abort.abort();
    };
    const last = replay.last() as Moment;
    expect(await replay.previousAlert(last, { signal: abort.signal, onProgress })).toBeUndefined();
    expect(times.length).toBe(2);
    expect(times[0]).toBeGreaterThan(times[1] as number);
  });
});

describe('a log that is written meanwhile', () => {
  it('meets the newest at the end, through rotations and compression', async () => {
    const log = await writeLog(3000);
    log.sample();
    const replay = openReplay(log.path, GROUPS);
    const seen: unknown[] = [];
    let moment = replay.first() as Moment;
    seen.push(moment.sample.seq);
    for (let round = 0; round < 30; round++) {
      for (let count = 0; count <= round % 7; count++) log.sample();
      // Lets the compressor go on by a step.
      await new Promise((resolve) => setImmediate(resolve));
      for (let one = replay.next(moment); one !== undefined; one = replay.next(one)) {
        expect(seqOf(replay.previous(one))).toBe(moment.sample.seq);
        moment = one;
        seen.push(one.sample.seq);
      }
    }
    await log.close();
    expect(archivesOf(log.path).length).toBeGreaterThan(3);
    expect(seen).toEqual(samplesIn(readAll(log.path)).map(({ seq }) => seq));
  });

  it('knows a moment again in a file that was compressed, and goes on where it was given up', async () => {
    const log = await writeLog(3000, false);
    for (let count = 0; count < 60; count++) log.sample();
    const replay = openReplay(log.path, GROUPS);
    const samples = samplesIn(readAll(log.path));
    const moment = replay.at(samples[3]?.time ?? 0) as Moment;
    const [first, second] = archivesOf(log.path).map(({ name = '' }) => join(dirname(log.path), name));
    const content = readFileSync(first as string, 'utf8')
      .trim()
      .split('\n');
    writeFileSync(`${first}.gz`, pack(content, 2));
    unlinkSync(first as string);
    expect(seqOf(replay.next(moment))).toBe(samples[4]?.seq);
    expect(replay.window(moment).map(({ seq }) => seq)).toEqual(samples.slice(0, 4).map(({ seq }) => seq));
    unlinkSync(`${first}.gz`);
    replay.refresh();
    const next = replay.next(moment);
    expect(next?.sample.seq).toBe(
      Number(/"msg":"sample".*?"seq":(\d+)/.exec(readFileSync(second as string, 'utf8'))?.[1]),
    );
    expect(replay.previous(moment)).toBeUndefined();
    await log.close(false);
  });

  it('reads an archive that was compressed since it was listed', async () => {
    const folder = makeFolder();
    const name = folder.archive(10_000, 1, lines(1, 5), 'plain');
    folder.live(text(lines(11, 3)));
    const [jumping, searching] = [openReplay(folder.path, LOAD), openReplay(folder.path, LOAD)];
    const last = searching.last() as Moment;
    folder.archive(10_000, 1, lines(1, 5), 'gzip');
    unlinkSync(folder.at(name));
    expect(seqOf(jumping.at(3000))).toBe(3);
    expect(await searching.previousAlert(last)).toBeUndefined();
    expect(seqOf(searching.previous(last))).toBe(12);
    folder.remove();
  });

  it('searches anew where the log was looked at anew meanwhile', async () => {
    const folder = makeFolder();
    folder.archive(10_000, 1, lines(1, 5), 'gzip');
    const held = `"alerts":${JSON.stringify([alert('cpu')])},"boot"`;
    const began = sampleLine(12_000, 12).replace('"boot"', held);
    const second = folder.archive(20_000, 2, [...lines(11, 1), began, ...lines(13, 2)], 'gzip');
    folder.live(text(lines(21, 3)));
    const replay = openReplay(folder.path, LOAD);
    const last = replay.last() as Moment;
    expect(seqOf(await replay.previousAlert(last))).toBe(12);
    const search = replay.previousAlert(last);
    unlinkSync(folder.at(second));
    replay.refresh();
    expect(await search).toBeUndefined();
    expect(seqOf(replay.next(replay.at(5000) as Moment))).toBe(21);
    folder.remove();
  });

  it('tells samples of one time apart after a rotation', () => {
    const folder = makeFolder();
    folder.live(text([1, 2, 3].map((seq) => sampleLine(1000, seq))));
    const replay = openReplay(folder.path, LOAD);
    const first = replay.first() as Moment;
    folder.rotate(1000, 1, text(lines(5, 1)));
    replay.refresh();
    expect(seqOf(replay.next(first))).toBe(2);
    folder.remove();
  });

  it('begins anew with a file that was cut', async () => {
    const folder = makeFolder();
    folder.live(text(lines(1, 5)));
    const replay = openReplay(folder.path, LOAD);
    const last = replay.last() as Moment;
    folder.live(text(lines(11, 2)));
    expect(seqOf(replay.next(last))).toBe(11);
    folder.live(text(lines(21, 9)));
    replay.refresh();
    expect(replay.span()).toEqual({ first: 21_000, last: 29_000 });
    unlinkSync(folder.path);
    replay.refresh();
    expect(replay.last()).toBeUndefined();
    expect(existsSync(folder.path)).toBe(false);
    folder.remove();
  });
});
