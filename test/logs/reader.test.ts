import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { counter, group } from '../../src/core/group.js';
import { row, rowsIn } from '../../src/core/sample.js';
import { UserError } from '../../src/exit.js';
import { type Log, openLog, type ReadOptions } from '../../src/logs/reader.js';
import type { LogRecord } from '../../src/logs/record.js';
import {
  type Form,
  GROUPS,
  type LogFolder,
  lineOf,
  load,
  makeFolder,
  pack,
  sampleLine,
} from './log-folder.js';

let folder: LogFolder;
let problems: string[];
const opened: Log[] = [];

beforeEach(() => {
  folder = makeFolder();
  problems = [];
});

afterEach(() => {
  for (const log of opened.splice(0)) log.close();
  folder.remove();
});

const open = (path = folder.path): Log => {
  const log = openLog(path, GROUPS, (text) => problems.push(text));
  opened.push(log);
  return log;
};

const seqs = (records: Iterable<{ readonly seq?: number }>): (number | undefined)[] =>
  Array.from(records, ({ seq }) => seq);

const samplesOf = (log: Log, options?: ReadOptions) => seqs(log.samples(options));

const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Samples every 10 ms from `first` on, their number as their time / 10. */
const run = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => sampleLine((first + i) * 10, first + i));

const numbers = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => first + i);

const isStart = (record: LogRecord) => record.kind === 'start';

/** Four archives of every form and the live file: samples 1 to 60. */
const fillAll = (): void => {
  folder.archive(105, 1, run(1, 10), 'gzip');
  folder.archive(205, 2, run(11, 10), 'one gzip');
  folder.archive(405, 4, run(21, 20), 'plain');
  folder.archive(505, 5, run(41, 10), 'gzip');
  folder.live(text(...run(51, 10)));
};

describe('a log', () => {
  it('is one row of records over archives of every form and the live file', () => {
    fillAll();
    const log = open();
    expect(samplesOf(log)).toEqual(numbers(1, 60));
    expect(samplesOf(log)).toEqual(numbers(1, 60));
    expect(seqs(log.newestFirst())).toEqual(numbers(1, 60).reverse());
    expect(problems).toEqual([]);
  });

  it('gives any range of times exactly', () => {
    fillAll();
    const log = open();
    const time = fc.integer({ min: -10, max: 620 });
    fc.assert(
      fc.property(time, time, fc.boolean(), fc.boolean(), (since, until, noSince, noUntil) => {
        const wanted = numbers(1, 60).filter(
          (seq) => (noSince || seq * 10 >= since) && (noUntil || seq * 10 <= until),
        );
        const options = { ...(noSince ? {} : { since }), ...(noUntil ? {} : { until }) };
        expect(samplesOf(log, options)).toEqual(wanted);
      }),
      { numRuns: 200 },
    );
  });

  it('opens no archive whose name tells that it has nothing of these times', () => {
    fillAll();
    writeFileSync(folder.at('sysmon.log.19700101T000000105Z.000001.gz'), 'no gzip at all');
    const log = open();
    expect(samplesOf(log, { since: 330 })).toEqual(numbers(33, 28));
    expect(problems).toEqual([]);
    expect(samplesOf(log, { since: 0 })).toEqual(numbers(11, 50));
    expect(problems).toEqual([expect.stringContaining('000001.gz: 14 bytes from offset 0 are damaged')]);
  });

  it('decompresses no member whose header tells the same, and loses no other when one is damaged', () => {
    const name = folder.archive(905, 1, run(1, 90), 'gzip', 30);
    const bytes = readFileSync(folder.at(name));
    const second = bytes.readUInt32LE(16);
    bytes.fill(0xff, second + 60, second + 90);
    writeFileSync(folder.at(name), bytes);
    expect(samplesOf(open(), { since: 610, until: 700 })).toEqual(numbers(61, 10));
    expect(problems).toEqual([]);
    expect(samplesOf(open())).toEqual([...numbers(1, 30), ...numbers(61, 30)]);
    expect(problems).toHaveLength(1);
  });

  it('says that a line is too long to be one, and goes on behind it', () => {
    writeFileSync(folder.path, text(...run(1, 3)));
    // Zeros, as a crash leaves them.
    truncateSync(folder.path, 70 * 1024 ** 2);
    appendFileSync(folder.path, `\n${text(...run(5, 2))}`);
    const said = [`${basename(folder.path)}: a line of more than 64 MiB is left out`];
    expect(samplesOf(open())).toEqual([1, 2, 3, 5, 6]);
    expect(problems).toEqual(said);
    expect(seqs(open().newestFirst())).toEqual([6, 5, 3, 2, 1]);
    expect(problems).toEqual([...said, ...said]);
    expect(seqs(open().recent(0, undefined, { detailSince: -1 }))).toEqual([1, 2, 3, 5, 6]);
  });

  it('gives what there is of an archive that was cut off', () => {
    const name = folder.archive(405, 1, run(1, 40), 'gzip', 10);
    truncateSync(folder.at(name), readFileSync(folder.at(name)).length - 30);
    const found = samplesOf(open());
    expect(found.slice(0, 30)).toEqual(numbers(1, 30));
    const other = folder.archive(805, 2, run(41, 200), 'one gzip');
    truncateSync(folder.at(other), 900);
    const more = samplesOf(open(), { since: 410 });
    expect(more.length).toBeGreaterThan(5);
    expect(more).toEqual(numbers(41, more.length));
  });

  it('goes on behind members of ours with what another gzip appended', () => {
    const name = folder.archive(405, 1, run(1, 10), 'gzip');
    const other = folder.archive(405, 2, run(11, 10), 'one gzip');
    appendFileSync(folder.at(name), readFileSync(folder.at(other)));
    unlinkSync(folder.at(other));
    expect(samplesOf(open(), { since: 90, until: 120 })).toEqual([9, 10, 11, 12]);
  });

  it('is read through a link', () => {
    fillAll();
    symlinkSync(folder.path, folder.at('here.log'));
    expect(samplesOf(open(folder.at('here.log')))).toEqual(numbers(1, 60));
  });

  it('takes no notice of other files and of leftovers', () => {
    fillAll();
    const plain = 'sysmon.log.19700101T000000105Z.000001';
    writeFileSync(folder.at(plain), text(...run(1, 10)));
    writeFileSync(folder.at(`${plain}.gz.tmp`), pack(run(1, 3)));
    writeFileSync(folder.at('sysmon.log.bak'), text(...run(1, 3)));
    writeFileSync(folder.at('other-sysmon.log'), text(...run(1, 3)));
    expect(samplesOf(open())).toEqual(numbers(1, 60));
  });
});

describe('lines that are not whole records', () => {
  it('are passed over, wherever they stand', () => {
    const strange = [
      '',
      'Nov 21 kernel: hello',
      '{"level":30,"time":155,"pid":1,"hostname":"h","msg":"other"}',
    ].concat(['{"level":30,"time":15', '\u0000\u0000\u0000', '[1]', '{}', `\u0000${sampleLine(1, 1)}`]);
    const [a, b, c] = [run(1, 20), run(21, 20), run(41, 20)];
    const mix = (lines: string[]): string[] =>
      lines.flatMap((line, i) => [line, strange[i % strange.length] as string]);
    folder.archive(205, 1, mix(a), 'gzip');
    folder.archive(405, 2, mix(b), 'plain');
    folder.live(text(...strange, ...mix(c), ...strange) + sampleLine(610, 61).slice(0, -5));
    const log = open();
    expect(samplesOf(log)).toEqual(numbers(1, 60));
    expect(samplesOf(log, { since: 195, until: 455 })).toEqual(numbers(20, 26));
    expect(seqs(log.newestFirst())).toEqual(numbers(1, 60).reverse());
    expect(log.state()).toBe('ours');
  });

  it('hold back a last line until its newline is there', () => {
    folder.live(text(...run(1, 2)) + sampleLine(30, 3));
    expect(samplesOf(open())).toEqual([1, 2]);
    expect(open().last(() => true)?.seq).toBe(2);
    appendFileSync(folder.path, '\n');
    expect(samplesOf(open())).toEqual([1, 2, 3]);
  });

  it('may be another writer’s records with their keys in another order', () => {
    const swapped = JSON.stringify({ msg: 'sample', ...JSON.parse(sampleLine(150, 15)) });
    folder.live(text(...run(1, 5), swapped, ...run(30, 5)));
    expect(samplesOf(open(), { since: 145, until: 155 })).toEqual([15]);
  });
});

describe('a clock that was set', () => {
  /** An hour back, forth and back, in the middle of files and between them. Times in s. */
  const HOUR = 3600;
  const walk: readonly (readonly [from: number, to: number])[] = [
    [10_000, 12_000],
    [12_000 - HOUR, 10_000],
    [30_000, 31_000],
    [10_000, 14_000],
    [14_000 - HOUR, 16_000],
  ];
  const times = walk.flatMap(([from, to]) =>
    Array.from({ length: (to - from) / 100 }, (_, i) => from + i * 100),
  );

  for (const form of ['plain', 'gzip', 'one gzip'] satisfies Form[]) {
    it(`loses nothing that was labelled with these times (${form})`, () => {
      const lines = times.map((time, i) => sampleLine(time * 1000, i, undefined, 20_000));
      const cut = Math.floor(lines.length / 2);
      folder.archive((times[cut - 1] as number) * 1000, 1, lines.slice(0, cut), form);
      folder.live(text(...lines.slice(cut)));
      const log = open();
      fc.assert(
        fc.property(fc.integer({ min: 8_000, max: 32_000 }), fc.nat(3000), (since, length) => {
          const wanted = times.flatMap((time, i) => (time >= since && time <= since + length ? [i] : []));
          expect(samplesOf(log, { since: since * 1000, until: (since + length) * 1000 })).toEqual(wanted);
        }),
        { numRuns: 25 },
      );
    });
  }

  it('between two rotations does not hide an archive', () => {
    folder.archive(10_000, 1, [sampleLine(9_000, 1)], 'plain');
    folder.archive(90_000, 2, [sampleLine(50_000, 2)], 'plain');
    folder.archive(20_000, 3, [sampleLine(95_000, 3), sampleLine(15_000, 4)], 'plain');
    folder.archive(30_000, 4, [sampleLine(25_000, 5)], 'plain');
    folder.archive(40_000, 5, [sampleLine(35_000, 6)], 'plain');
    folder.live(text(sampleLine(45_000, 7)));
    expect(samplesOf(open(), { since: 94_000 })).toEqual([3]);
    expect(samplesOf(open(), { since: 49_000 })).toEqual([2, 3]);
    expect(samplesOf(open(), { since: 14_000, until: 26_000 })).toEqual([4, 5]);
  });

  it('ends what is recent', () => {
    const line = (time: number, seq: number): string => sampleLine(time, seq);
    folder.live(text(line(1000, 1), line(2000, 2), line(3000, 3), line(1500, 4), line(1600, 5)));
    expect(seqs(open().recent(0))).toEqual([4, 5]);
  });
});

describe('the newest', () => {
  it('record of a kind is found, in the archives when it must be', () => {
    const start: LogRecord = { kind: 'start', time: 5, host: 'h', seq: 0, boot: 'b', version: '1', pid: 7 };
    folder.archive(405, 1, [lineOf(start), ...run(1, 40)], 'gzip');
    folder.live(
      text(...run(41, 3), lineOf({ kind: 'stop', time: 440, host: 'h', seq: 44, reason: 'SIGTERM' })),
    );
    const log = open();
    expect(log.last(() => true)?.kind).toBe('stop');
    expect(log.last((one) => one.kind === 'sample')?.seq).toBe(43);
    expect(log.last(isStart)).toEqual(start);
    expect(log.last((one) => one.kind === 'lost')).toBeUndefined();
  });

  it('samples are those since a moment, oldest first, through a rotation', () => {
    folder.archive(205, 1, run(1, 20), 'gzip');
    folder.archive(405, 2, run(21, 20), 'plain');
    folder.live(text(...run(41, 5)));
    const log = open();
    expect(seqs(log.recent(440))).toEqual([44, 45]);
    expect(seqs(log.recent(195))).toEqual(numbers(20, 26));
    expect(seqs(log.recent(999))).toEqual([]);
    expect(seqs(log.recent(0, new Set()))).toEqual(numbers(1, 45));
    expect(log.recent(450, new Set())[0]?.readings.size).toBe(0);
    expect(rowsIn(log.recent(450)[0] as never, 'load')).toEqual([row([], { load1: 45 })]);
  });
});

describe('the past that a check needs', () => {
  const MINUTE = 60_000;
  /** Every 5 s from 0:00 on; the third of each minute has the detail. */
  const times = Array.from({ length: 360 }, (_, i) => i * 5000);
  const lines = times.map((time, i) => sampleLine(time, i, i % 12 === 2 ? true : undefined));
  const stop = lineOf({ kind: 'stop', time: 600_000, host: 'h', reason: 'x'.repeat(5000) });
  const other = `{"level":30,"time":1,"hostname":"h","msg":"${'.'.repeat(5000)}"}`;

  it('is all of the last minutes, and before that one with detail in five minutes', () => {
    folder.archive(600_000, 1, lines.slice(0, 121), 'gzip', 50);
    folder.live(
      text(...lines.slice(121, 300), stop.replace('600000', '1499000'), other, ...lines.slice(300)),
    );
    const log = open();
    const near = numbers(300, 60);
    const all = { since: 300 * 5000, sparse: 4 * MINUTE };
    const lastOfFive = [4, 9, 14, 19, 24].map((minute) => minute * 12 + 2);
    expect(seqs(log.recent(all.since, undefined, { sparseSince: all.sparse }))).toEqual([
      ...lastOfFive,
      ...near,
    ]);
    expect(seqs(log.recent(all.since, undefined, { sparseSince: all.since }))).toEqual(near);
    const detail = { detailSince: 20 * MINUTE, sparseSince: all.sparse };
    const everyOther = [21, 23].map((minute) => minute * 12 + 2);
    expect(seqs(log.recent(all.since, undefined, detail))).toEqual([
      ...lastOfFive.slice(0, -1),
      ...everyOther,
      ...near,
    ]);
    expect(seqs(log.recent(all.since, undefined, { sparseSince: 5 * MINUTE }))).toEqual([
      ...lastOfFive.slice(1),
      ...near,
    ]);
  });

  it('has all that is asked for in the newest five minutes, and before them what matters there', () => {
    folder.live(text(...lines));
    const detailSince = 20 * MINUTE;
    const found = open().recent(345 * 5000, undefined, { detailSince, sparseSince: 0, reach: new Map() });
    const sizes = found.map(({ seq, readings }) => [seq, readings.size > 0]);
    const far = [4, 9, 14, 19, 21, 23].map((minute) => [minute * 12 + 2, false]);
    const near = [25 * 12 + 2, 27 * 12 + 2, ...numbers(345, 15)].map((seq) => [seq, true]);
    // The first of all, so that it is known since when there is a log.
    expect(sizes).toEqual([[2, false], ...far, ...near]);
  });

  it('has the newest detail, wherever in its minutes a check falls', () => {
    for (let end = 250; end < 275; end++) {
      folder.live(text(...lines.slice(0, end)));
      const found = open().recent(end * 5000, undefined, { detailSince: 10 * MINUTE, sparseSince: 0 });
      const newest = lines.slice(0, end).findLastIndex((_, i) => i % 12 === 2);
      expect(seqs(found)).toContain(newest);
    }
  });

  it('begins with the first of a run, where there was none for long before', () => {
    folder.live(text(...lines.slice(0, 12), ...lines.slice(123, 160)));
    const recent = (sparse: number) =>
      seqs(open().recent(159 * 5000, undefined, { sparseSince: sparse * MINUTE }));
    expect(recent(9)).toEqual([134, 158, 159]);
    expect(recent(0)).toEqual([2, 134, 158, 159]);
  });

  it('does not end at what was said late', () => {
    const gap = (time: number): string =>
      lineOf({ kind: 'gap', time, host: 'h', reason: 'late', seconds: 1, missed: 1 });
    folder.live(text(...lines.slice(0, 5), gap(7000), ...lines.slice(5, 70), gap(0)));
    expect(seqs(open().recent(15_000))).toEqual(numbers(3, 67));
    expect(seqs(open().recent(345_000, undefined, { sparseSince: 5000 }))).toEqual([2, 50, 62, 69]);
  });

  it('ends where the clock was set back, in the sparse part as well', () => {
    const back = lines.map((line, i) =>
      line.replace(`"time":${i * 5000}`, `"time":${i * 5000 + (i < 100 ? 9e6 : 0)}`),
    );
    folder.live(text(...back));
    const lastOfFive = [9, 14, 19, 24].map((minute) => minute * 12 + 2);
    expect(seqs(open().recent(350 * 5000, undefined, { sparseSince: 0 }))).toEqual([
      ...lastOfFive,
      ...numbers(350, 10),
    ]);
  });
});

describe('what a file says of itself', () => {
  const tape = group({
    name: 'tape',
    help: 'Tapes',
    identity: ['drive'],
    fields: { rewinds: counter('count', 'Times') },
  });
  const schema: LogRecord = { kind: 'schema', time: 1, host: 'h', v: 1, groups: [tape, load] };
  const tapeLine = (time: number, seq: number): string =>
    `{"level":30,"time":${time},"host":"h","msg":"sample","v":1,"seq":${seq},"boot":"b","tape":{"st0":{"rewinds":${seq}}}}`;

  it('describes groups that are not known here, from wherever reading begins', () => {
    const lines = [lineOf(schema), ...numbers(1, 40).map((seq) => tapeLine(seq * 10, seq))];
    folder.archive(405, 1, lines, 'gzip');
    folder.live(
      text('left by another program', ...lines.map((line) => line.replace(/"time":/, '"time":100'))),
    );
    const log = open();
    const rewinds = (samples: Iterable<Parameters<typeof rowsIn>[0]>) =>
      Array.from(samples, (sample) => rowsIn(sample, 'tape')[0]?.numbers['rewinds']);
    expect(rewinds(log.samples({ since: 350, until: 400 }))).toEqual([35, 36, 37, 38, 39, 40]);
    const newest = log.last((one) => one.kind === 'sample');
    if (newest?.kind !== 'sample') throw new Error('no sample');
    expect(rewinds([newest.sample])).toEqual([40]);
    expect(newest.sample.readings.get('tape')?.group).toEqual(tape);
  });

  it('holds for that file, and a later word in it for what follows', () => {
    folder.archive(5, 1, [tapeLine(1, 1)], 'plain');
    folder.live(text(tapeLine(10, 2), ...run(2, 30), lineOf({ ...schema, time: 400 }), tapeLine(500, 3)));
    const seen = Array.from(open().samples(), ({ seq, readings }) =>
      readings.has('tape') ? seq : undefined,
    );
    expect(seen.filter((seq) => seq !== undefined)).toEqual([3]);
  });
});

describe('whose file it is', () => {
  const states: readonly (readonly [string, string | undefined, string])[] = [
    ['missing', undefined, 'no file'],
    ['empty', '', 'nothing'],
    ['empty', 'torn', 'not a whole line'],
    ['foreign', 'Nov 21 hello\n{"level":30,"time":1,"msg":"sample"}\n', 'lines of others'],
    ['newer', '{"level":30,"time":1,"host":"h","msg":"sample","v":9,"boot":"b"}\n', 'a later version'],
    ['ours', text(sampleLine(1, 1)), 'a record'],
    [
      'ours',
      text(...Array.from({ length: 3000 }, () => 'hello'), sampleLine(1, 1)),
      'a record behind others',
    ],
  ];
  for (const [state, content, what] of states) {
    it(`is ${state}: ${what}`, () => {
      if (content !== undefined) folder.live(content);
      expect(open().state()).toBe(state);
    });
  }

  it('is ours between the rename of a rotation and the new file', () => {
    folder.archive(205, 1, run(1, 20), 'plain');
    const log = open();
    expect(log.state()).toBe('ours');
    expect(samplesOf(log)).toEqual(numbers(1, 20));
  });

  it('is said in one line where it cannot be read', () => {
    mkdirSync(folder.path);
    expect(() => open()).toThrow(UserError);
    expect(() => open()).toThrow(`cannot read the log ${folder.path}: is a directory`);
    expect(() => open('/dev/null')).toThrow('cannot read the log /dev/null: not a file');
    const pipe = folder.at('pipe');
    execFileSync('mkfifo', [pipe]);
    expect(() => open(pipe)).toThrow(`cannot read the log ${pipe}: not a file`);
  });
});

describe('the way to the newest sample', () => {
  it('loads no zlib, which costs as much as all the rest', () => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      // Types are gone when it runs.
      const imports = readFileSync(file, 'utf8').matchAll(/^import (?!type)[^;]*?from '([^']+)';/gm);
      for (const [, target = ''] of imports) {
        if (target.startsWith('.')) visit(join(dirname(file), target.replace(/\.js$/, '.ts')));
        else seen.add(target);
      }
    };
    visit('src/logs/reader.ts');
    const packages = [...seen].filter((one) => !one.endsWith('.ts')).sort();
    expect(packages).toEqual(['node:fs', 'node:module', 'node:path']);
    expect(seen.size).toBeGreaterThan(10);
  });
});
