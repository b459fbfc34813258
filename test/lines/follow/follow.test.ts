/** A real folder, in event mode and in polling mode: the same must come out. */

import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seenBefore } from '../../../src/lines/follow/index.js';
import { type Collected, collect, type Wanted } from './collect.js';

let folder: string;
let log: string;
const running: Collected[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sysmon-follow-'));
  log = join(folder, 'app.log');
});

afterEach(async () => {
  for (const each of running.splice(0)) await each.abort();
  rmSync(folder, { recursive: true, force: true });
});

const start = (files: Parameters<typeof collect>[0], wanted: Wanted = {}): Collected => {
  const collected = collect(files, wanted);
  running.push(collected);
  return collected;
};

/** Writes, and waits until all of it came. */
const write = async (collected: Collected, path: string, text: string, named = path): Promise<void> => {
  const before = collected.text(named);
  appendFileSync(path, text);
  await collected.until(() => collected.text(named) === before + text);
};

describe.each([
  ['events', { events: true, sweepSeconds: 60 }],
  ['polling', { events: false, pollSeconds: 0.01 }],
])('by name, with %s', (_, mode) => {
  const what = (collected: Collected) => collected.happenings.map((each) => each.what);

  it('gives lines as they are appended', async () => {
    writeFileSync(log, 'one\n');
    const seen = start([log], mode);
    await seen.until(() => seen.text(log) === 'one\n');
    await write(seen, log, 'two\n');
    await write(seen, log, 'three\nfour\n');
    expect(seen.happenings).toEqual([]);
  });

  it('begins at the offset', async () => {
    writeFileSync(log, 'one\ntwo\n');
    const seen = start([{ path: log, fd: openSync(log, 'r'), offset: 4 }], mode);
    await seen.until(() => seen.text(log) === 'two\n');
  });

  it('finds what was truncated, and has grown again, after it was read and before it is followed', async () => {
    writeFileSync(log, 'one\ntwo\n');
    const fd = openSync(log, 'r');
    const seen = seenBefore(fd, 8);
    appendFileSync(log, 'three\n');
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    appendFileSync(log, 'four is long enough\n');
    const collected = start([{ path: log, fd, offset: 8, seen }], mode);
    await collected.until(() => collected.text(log) === 'three\nfour is long enough\n');
    expect(what(collected)).toEqual(['truncated', 'found']);
  });

  it('holds a line back until it is finished, cut anywhere', async () => {
    const text = Buffer.from('grün \u{1f600}\r\n', 'utf8');
    writeFileSync(log, '');
    const seen = start([log], mode);
    for (const byte of text) appendFileSync(log, Buffer.of(byte));
    await seen.until(() => seen.text(log) === text.toString('latin1'));
    appendFileSync(log, 'unfin');
    await write(seen, join(folder, 'app.log'), '', log);
    expect(seen.text(log)).toBe(text.toString('latin1'));
    appendFileSync(log, 'ished\n');
    await seen.until(() => seen.text(log).endsWith('unfinished\n'));
  });

  it('drains what was renamed before it goes on to the new file', async () => {
    writeFileSync(log, 'a\n');
    const seen = start([log], mode);
    await seen.until(() => seen.text(log) === 'a\n');
    const old = openSync(log, 'a');
    renameSync(log, `${log}.1`);
    writeSync(old, 'b\n');
    writeFileSync(log, '');
    writeSync(old, 'c\n');
    appendFileSync(log, 'd\n');
    await seen.until(() => seen.text(log) === 'a\nb\nc\nd\n');
    // A second writer that has not noticed.
    writeSync(old, 'late\n');
    await seen.until(() => seen.text(log) === 'a\nb\nc\nd\nlate\n');
    expect(what(seen)).toEqual(['replaced']);
  });

  it('reads on under the new name as long as there is no other', async () => {
    writeFileSync(log, 'a\n');
    const seen = start([log], mode);
    await seen.until(() => seen.text(log) === 'a\n');
    renameSync(log, `${log}.1`);
    await seen.until(() => seen.happenings.length === 1);
    await write(seen, `${log}.1`, 'b\n', log);
    writeFileSync(log, 'c\n');
    await seen.until(() => seen.text(log) === 'a\nb\nc\n');
    expect(seen.happenings).toEqual([
      { what: 'inaccessible', code: 'ENOENT', givenUp: false },
      { what: 'appeared', same: false },
    ]);
  });

  it('goes on where it was when the file comes back', async () => {
    writeFileSync(log, 'a\n');
    const seen = start([log], mode);
    await seen.until(() => seen.text(log) === 'a\n');
    renameSync(log, `${log}.1`);
    await seen.until(() => seen.happenings.length === 1);
    renameSync(`${log}.1`, log);
    await write(seen, log, 'b\n');
    expect(seen.happenings[1]).toEqual({ what: 'appeared', same: true });
  });

  it('reads a truncated file from its beginning', async () => {
    writeFileSync(log, 'a\nb\n');
    const seen = start([log], mode);
    await seen.until(() => seen.text(log) === 'a\nb\n');
    writeFileSync(log, 'c\n');
    await seen.until(() => seen.text(log) === 'a\nb\nc\n');
    expect(what(seen)).toEqual(['truncated']);
  });

  it.each(['same length', 'longer'])('notices a file rewritten at the %s', async (how) => {
    writeFileSync(log, 'aaaa\nbbbb\n');
    const seen = start([log], mode);
    await seen.until(() => seen.text(log) === 'aaaa\nbbbb\n');
    const text = how === 'longer' ? 'cccc\ndddd\neeee\n' : 'cccc\ndddd\n';
    writeFileSync(log, text);
    await seen.until(() => seen.text(log) === `aaaa\nbbbb\n${text}`);
    expect(what(seen)).toEqual(['truncated']);
  });

  it('reads on from the new end when a torn line is cut off', async () => {
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i}\n`).join('');
    writeFileSync(log, `${lines}torn`);
    const seen = start([log], mode);
    await seen.until(() => seen.text(log) === lines);
    truncateSync(log, lines.length);
    await seen.until(() => seen.happenings.length === 1);
    await write(seen, log, 'whole\n');
    expect(seen.happenings).toEqual([{ what: 'truncated', how: 'cut', offset: lines.length + 4 }]);
  });

  it('takes what a copy has that was truncated before it was read', async () => {
    writeFileSync(log, 'a\nb\n');
    const seen = start([log], mode);
    await seen.until(() => seen.text(log) === 'a\nb\n');
    for (const text of ['c\npart', 'd\n']) {
      appendFileSync(log, text);
      renameIfThere(`${log}.1`, `${log}.2`);
      copyFileSync(log, `${log}.1`);
      truncateSync(log, 0);
    }
    appendFileSync(log, 'e\n');
    await seen.until(() => seen.text(log).endsWith('e\n'));
    expect(seen.text(log)).toBe('a\nb\nc\npartd\ne\n');
  });

  it('says nothing of a copy that was read already, and reads no copy twice, whatever its number', async () => {
    writeFileSync(log, 'a\nb\n');
    const seen = start([log], mode);
    await seen.until(() => seen.text(log) === 'a\nb\n');
    for (const [number, text] of [
      [1, 'c\n'],
      [2, 'd\n'],
    ] as const) {
      copyFileSync(log, `${log}.${number}`);
      truncateSync(log, 0);
      await seen.until(() => what(seen).length === number);
      await write(seen, log, text);
    }
    expect(seen.text(log)).toBe('a\nb\nc\nd\n');
    expect(what(seen)).toEqual(['truncated', 'truncated']);
  });

  it('leaves out the hole of a writer that goes on at its old place', async () => {
    const writer = openSync(log, 'w');
    writeSync(writer, 'a\nb\n');
    const seen = start([log], mode);
    await seen.until(() => seen.text(log) === 'a\nb\n');
    truncateSync(log, 0);
    writeSync(writer, 'c\n');
    await seen.until(() => seen.text(log).endsWith('c\n'));
    expect(seen.text(log)).toBe('a\nb\nc\n');
  });

  it('finds what came and went between two looks', async () => {
    writeFileSync(log, 'a\n');
    const seen = start([log], mode);
    await seen.until(() => seen.text(log) === 'a\n');
    for (const text of ['b\n', 'c\n', 'd\n']) {
      appendFileSync(log, text);
      renameIfThere(`${log}.2`, `${log}.3`);
      renameIfThere(`${log}.1`, `${log}.2`);
      renameSync(log, `${log}.1`);
    }
    writeFileSync(log, 'e\n');
    await seen.until(() => seen.text(log).endsWith('e\n'));
    expect(seen.text(log)).toBe('a\nb\nc\nd\ne\n');
    expect(what(seen)).toEqual(['found', 'found', 'replaced']);
  });

  it('says which files between two looks it could not read', async () => {
    writeFileSync(log, 'a\n');
    const seen = start([log], mode);
    await seen.until(() => seen.text(log) === 'a\n');
    renameSync(log, `${log}.2`);
    writeFileSync(`${log}.1.gz`, 'not looked into');
    writeFileSync(log, 'c\n');
    await seen.until(() => seen.text(log) === 'a\nc\n');
    expect(seen.happenings).toEqual([{ what: 'missed', path: `${log}.1.gz` }, { what: 'replaced' }]);
  });

  it('waits for a directory, and for it again', async () => {
    const directory = join(folder, 'x', 'y');
    const path = join(directory, 'app.log');
    const seen = start([path], mode);
    await seen.until(() => seen.happenings.length === 1);
    mkdirSync(join(folder, 'x'));
    await pause(20);
    mkdirSync(directory);
    await pause(20);
    writeFileSync(path, 'a\n');
    await seen.until(() => seen.text(path) === 'a\n');
    renameSync(directory, join(folder, 'moved'));
    await seen.until(() => what(seen).at(-1) === 'inaccessible');
    mkdirSync(directory);
    await pause(20);
    writeFileSync(path, 'b\n');
    await seen.until(() => seen.text(path) === 'a\nb\n');
    rmSync(directory, { recursive: true });
    await seen.until(() => what(seen).at(-1) === 'inaccessible');
    mkdirSync(directory);
    writeFileSync(path, 'c\n');
    await seen.until(() => seen.text(path) === 'a\nb\nc\n');
    await write(seen, path, 'd\n');
  });

  it('follows a symbolic link that moves, and one in the path', async () => {
    for (const name of ['one', 'two']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'app.log'), `${name}\n`);
    }
    const link = join(folder, 'current');
    symlinkSync('one', link);
    const path = join(link, 'app.log');
    symlinkSync(join('one', 'app.log'), log);
    const seen = start([path, log], mode);
    await seen.until(() => seen.text(path) === 'one\n' && seen.text(log) === 'one\n');
    await write(seen, join(folder, 'one', 'app.log'), 'more\n', log);
    for (const [target, at] of [
      ['two', link],
      [join('two', 'app.log'), log],
    ] as const) {
      symlinkSync(target, `${at}.new`);
      renameSync(`${at}.new`, at);
    }
    const all = 'one\nmore\ntwo\n';
    await seen.until(() => seen.text(path) === all && seen.text(log) === all);
    await write(seen, join(folder, 'two', 'app.log'), 'x\n', log);
    await seen.until(() => seen.text(path) === `${all}x\n`);
  });

  it('says when a directory is in the way, and goes on after', async () => {
    writeFileSync(log, 'a\n');
    const seen = start([log], mode);
    await seen.until(() => seen.text(log) === 'a\n');
    unlinkSync(log);
    mkdirSync(log);
    await seen.until(() => what(seen).at(-1) === 'untailable');
    rmSync(log, { recursive: true });
    writeFileSync(log, 'b\n');
    await seen.until(() => seen.text(log) === 'a\nb\n');
    expect(['appeared', 'accessible']).toContain(what(seen).at(-1));
  });

  it('ends when nothing is left, without retry', async () => {
    writeFileSync(log, 'a\nb');
    const seen = start([log], { ...mode, retry: false });
    await seen.until(() => seen.text(log) === 'a\n');
    unlinkSync(log);
    await seen.ended;
    expect(seen.happenings).toEqual([{ what: 'inaccessible', code: 'ENOENT', givenUp: true }]);
    expect(seen.text(log)).toBe('a\nb');
    expect(seen.unfinished).toEqual(['b']);
  });

  it('takes a last look when it is told to finish', async () => {
    writeFileSync(log, 'a\n');
    const seen = start([log], mode);
    await seen.until(() => seen.text(log) === 'a\n');
    appendFileSync(log, 'b\nc');
    await seen.finish();
    expect(seen.text(log)).toBe('a\nb\nc');
    expect(seen.unfinished).toEqual(['c']);
  });

  it('shows an unfinished line after its time, and its rest when it comes', async () => {
    writeFileSync(log, 'unfin');
    const seen = start([log], { ...mode, unfinishedAfter: 0.02 });
    await seen.until(() => seen.text(log) === 'unfin');
    expect(seen.unfinished).toEqual(['unfin']);
    await write(seen, log, 'ished\n');
  });

  it('gives lines of many megabytes whole', async () => {
    const long = `${'x'.repeat(700_000)}\n`;
    writeFileSync(log, long);
    const seen = start([log], mode);
    await seen.until(() => seen.text(log).length === long.length);
    await write(seen, log, long);
    expect(seen.unfinished).toEqual([]);
  });
});

describe.each([
  ['events', { events: true, sweepSeconds: 60 }],
  ['polling', { events: false, pollSeconds: 0.01 }],
])('by descriptor, with %s', (_, mode) => {
  it('stays with the file wherever it goes', async () => {
    writeFileSync(log, 'a\n');
    const seen = start([log], { ...mode, by: 'descriptor', retry: false });
    await seen.until(() => seen.text(log) === 'a\n');
    const writer = openSync(log, 'a');
    mkdirSync(join(folder, 'away'));
    renameSync(log, join(folder, 'away', 'b'));
    writeFileSync(log, 'other\n');
    await pause(20);
    writeSync(writer, 'b\n');
    await seen.until(() => seen.text(log) === 'a\nb\n');
    unlinkSync(join(folder, 'away', 'b'));
    writeSync(writer, 'c\n');
    await seen.until(() => seen.text(log) === 'a\nb\nc\n');
    expect(seen.happenings).toEqual([]);
  });

  it('passes bytes as they come, raw', async () => {
    writeFileSync(log, 'a\nb');
    const seen = start([log], { ...mode, by: 'descriptor', pass: 'raw', retry: false });
    await seen.until(() => seen.text(log) === 'a\nb');
    await write(seen, log, 'c\0');
    expect(seen.unfinished).toEqual([]);
  });

  it('waits for the file with retry, and ends at once without', async () => {
    const seen = start([{ path: log, error: 'ENOENT' }], { ...mode, by: 'descriptor', retry: true });
    await pause(20);
    writeFileSync(log, 'a\n');
    await seen.until(() => seen.text(log) === 'a\n');
    expect(seen.happenings).toEqual([{ what: 'appeared', same: false }]);
    const none = start([{ path: log, error: 'ENOENT' }], { ...mode, by: 'descriptor', retry: false });
    await none.ended;
    expect(none.happenings).toEqual([]);
  });
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const renameIfThere = (from: string, to: string): void => {
  try {
    renameSync(from, to);
  } catch {}
};
