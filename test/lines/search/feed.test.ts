import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { chainFeeds, type Feed, gzipFeed, isGzip, streamFeed } from '../../../src/lines/search/feed.js';
import { chunkFeed } from './reference.js';

const folder = mkdtempSync(join(tmpdir(), 'sysmon-feed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readAll = async (feed: Feed, room = 7): Promise<string> => {
  const buffer = Buffer.alloc(room);
  let text = '';
  for (;;) {
    const count = await feed.fill(buffer, 0);
    if (count === 0) return text;
    text += buffer.toString('utf8', 0, count);
  }
};

const fileWith = (bytes: Uint8Array): number => {
  const path = join(folder, 'x.gz');
  writeFileSync(path, bytes);
  return openSync(path, 'r');
};

describe('feeds', () => {
  test('a stream is given whole, whatever its chunks', async () => {
    expect(await readAll(streamFeed(Readable.from(['one\ntw', 'o\n', 'three']), true))).toBe(
      'one\ntwo\nthree',
    );
  });

  test('a chain ends the last line of each part, and adds nothing after the last', async () => {
    const parts = ['one\n', 'two', '', 'three'].map((text) => () => chunkFeed(Buffer.from(text), [2]));
    expect(await readAll(chainFeeds(parts, 10))).toBe('one\ntwo\nthree');
  });

  test('all members of a gzip file are read', async () => {
    const fd = fileWith(Buffer.concat([gzipSync('one\n'), gzipSync('two\n')]));
    expect(isGzip(fd)).toBe(true);
    const feed = gzipFeed(fd);
    expect(await readAll(feed)).toBe('one\ntwo\n');
    feed.close();
  });

  test('a gzip file that was cut gives what is whole, and then says so', async () => {
    const text = Array.from({ length: 5000 }, (_, index) => `line ${index * 7919}\n`).join('');
    const packed = gzipSync(text);
    const feed = gzipFeed(fileWith(packed.subarray(0, packed.length - 9)));
    const buffer = Buffer.alloc(200_000);
    let used = 0;
    await expect(async () => {
      for (;;) {
        const count = await feed.fill(buffer, used);
        if (count === 0) return;
        used += count;
      }
    }).rejects.toThrow('unexpected end of file');
    expect(text.startsWith(buffer.toString('utf8', 0, used))).toBe(true);
  });
});
