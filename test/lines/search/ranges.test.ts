import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openRange, RANGE, rangeCount } from '../../../src/lines/search/ranges.js';

const folder = mkdtempSync(join(tmpdir(), 'sysmon-ranges-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readAll = (feed: ReturnType<typeof openRange>['feed']): Buffer => {
  const buffer = Buffer.alloc(3 * RANGE);
  let used = 0;
  for (;;) {
    const count = feed.fill(buffer, used) as number;
    if (count === 0) return buffer.subarray(0, used);
    used += count;
  }
};

test('every line is in exactly one range, whole, where it begins', () => {
  const path = join(folder, 'text');
  const filler = (length: number): string => 'x'.repeat(length);
  // A line end just before an edge, one just after it, one line across a whole range, and a last line that has no end.
  const text = `${filler(RANGE - 1)}\n${filler(RANGE)}\n${filler(RANGE + 5)}\nshort\n${filler(RANGE / 2)}`;
  writeFileSync(path, text);
  const file = { fd: openSync(path, 'r'), start: 0, size: text.length, eol: 10 };
  let at = 0;
  for (let index = 0; index < rangeCount(file); index++) {
    const { feed, origin } = openRange(file, index);
    const bytes = readAll(feed);
    if (bytes.length > 0) expect(origin).toBe(at);
    expect(at === 0 || bytes.length === 0 || text[at - 1] === '\n').toBe(true);
    expect(bytes.equals(Buffer.from(text.slice(at, at + bytes.length)))).toBe(true);
    at += bytes.length;
  }
  expect(at).toBe(text.length);
});
