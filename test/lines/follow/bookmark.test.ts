import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bookmark, resume, takeBookmark } from '../../../src/lines/follow/bookmark.js';
import { hooked } from './hooked.js';

let folder: string;
let log: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sysmon-bookmark-'));
  log = join(folder, 'app.log');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mark = (offset: number): Bookmark => {
  const fd = openSync(log, 'r');
  const bookmark = takeBookmark(fd, offset);
  closeSync(fd);
  // It has to live in a file.
  return JSON.parse(JSON.stringify(bookmark)) as Bookmark;
};

/** What is read on after a bookmark. */
const rest = (bookmark: Bookmark) => {
  const { kind, places, missed } = resume(log, bookmark);
  const text = places
    .map(({ fd, offset }) => {
      const bytes = readFileSync(fd).subarray(offset);
      closeSync(fd);
      return bytes.toString();
    })
    .join('');
  return { kind, text, missed: missed.map((path) => path.slice(folder.length + 1)) };
};

const rotate = (): void => {
  for (const n of [3, 2, 1]) {
    try {
      renameSync(`${log}.${n}`, `${log}.${n + 1}`);
    } catch {}
  }
  renameSync(log, `${log}.1`);
};

describe('a bookmark', () => {
  it('goes on in the same file', () => {
    writeFileSync(log, 'one\ntwo\n');
    const bookmark = mark(4);
    appendFileSync(log, 'three\n');
    expect(rest(bookmark)).toEqual({ kind: 'same', text: 'two\nthree\n', missed: [] });
  });

  it('goes on in the copy of a file that is truncated while it is looked for', () => {
    writeFileSync(log, 'one\ntwo\n');
    const bookmark = mark(4);
    // Before every call that resuming makes, in one run each.
    for (let at = 0, calls = 1; at < calls; at++) {
      writeFileSync(log, 'one\ntwo\n');
      rmSync(`${log}.1`, { force: true });
      calls = 0;
      const call = (): void => {
        if (calls++ !== at) return;
        copyFileSync(log, `${log}.1`);
        writeFileSync(log, 'three is long enough\n');
      };
      const { places } = resume(log, bookmark, hooked(call));
      const [first] = places;
      for (const { fd } of places) closeSync(fd);
      // Who reads on finds by what was seen that the file holds something else by now.
      expect(first).toMatchObject({ offset: 4, seen: { before: Uint8Array.from(Buffer.from('one\n')) } });
      expect(places.map(({ path }) => path)).toEqual(first?.path === log ? [log] : [`${log}.1`, log]);
    }
  });

  it('tells nothing of what the log says', () => {
    writeFileSync(log, 'secret\n');
    expect(JSON.stringify(mark(7))).not.toContain('secret');
  });

  it('goes on in rotated files, oldest first', () => {
    writeFileSync(log, 'one\ntwo\n');
    const bookmark = mark(4);
    for (const text of ['three\n', 'four\n']) {
      rotate();
      writeFileSync(log, text);
    }
    expect(rest(bookmark)).toEqual({ kind: 'rotated', text: 'two\nthree\nfour\n', missed: [] });
  });

  it('goes on in a rotated file while there is no new one', () => {
    writeFileSync(log, 'one\ntwo\n');
    const bookmark = mark(4);
    rotate();
    expect(rest(bookmark)).toEqual({ kind: 'rotated', text: 'two\n', missed: [] });
  });

  it('finds the copy of a file that was truncated', () => {
    writeFileSync(log, 'one\ntwo\n');
    const bookmark = mark(4);
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    appendFileSync(log, 'three\nfour\n');
    expect(rest(bookmark)).toEqual({ kind: 'rotated', text: 'two\nthree\nfour\n', missed: [] });
  });

  it('begins anew where the file was rewritten, though it is longer and has the same number', () => {
    writeFileSync(log, 'one\ntwo\n');
    const bookmark = mark(8);
    writeFileSync(log, 'other\nlines\nthere\n');
    expect(rest(bookmark)).toEqual({ kind: 'new', text: 'other\nlines\nthere\n', missed: [] });
  });

  it('does not take another file with the same number for the old one', () => {
    writeFileSync(log, 'one\ntwo\n');
    const bookmark = mark(4);
    const { ino } = bookmark;
    unlinkSync(log);
    writeFileSync(log, 'new\nfile\nlonger\n');
    const again = mark(0);
    // Some file systems give the number again at once: that is the case to be seen; on others it is simulated.
    const forged: Bookmark = again.ino === ino ? bookmark : { ...bookmark, ino: again.ino };
    expect(rest(forged)).toEqual({ kind: 'new', text: 'new\nfile\nlonger\n', missed: [] });
  });

  it('names what it cannot read', () => {
    writeFileSync(log, 'one\ntwo\n');
    const bookmark = mark(4);
    rotate();
    writeFileSync(`${log}.2.gz`, '');
    renameSync(`${log}.1`, `${log}.3`);
    writeFileSync(log, 'four\n');
    expect(rest(bookmark)).toEqual({ kind: 'rotated', text: 'two\nfour\n', missed: ['app.log.2.gz'] });
    unlinkSync(`${log}.3`);
    expect(rest(bookmark)).toEqual({ kind: 'new', text: 'four\n', missed: ['app.log.2.gz'] });
  });

  it('finds siblings by date, and those that keep the end of their name', () => {
    writeFileSync(log, 'one\n');
    const bookmark = mark(0);
    renameSync(log, join(folder, 'app-20260101.log'));
    writeFileSync(join(folder, 'app-20260102.log'), 'two\n');
    writeFileSync(join(folder, 'app-other.log'), 'not this\n');
    writeFileSync(log, 'three\n');
    expect(rest(bookmark)).toEqual({ kind: 'rotated', text: 'one\ntwo\nthree\n', missed: [] });
  });

  it('gives nothing where there is nothing', () => {
    writeFileSync(log, 'one\n');
    const bookmark = mark(4);
    unlinkSync(log);
    expect(rest(bookmark)).toEqual({ kind: 'new', text: '', missed: [] });
  });
});
