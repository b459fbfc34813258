import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstTime, lastSeqOf, looksLikeOurs, repairTail } from '../../src/logs/tail-repair.js';
import { temporaryFolder } from './bench-log.js';

const line = (seq: number, text = ''): string =>
  `{"level":30,"time":${1000 + seq},"host":"h","msg":"sample","v":1,"seq":${seq},"text":"${text}"}`;
const three = `${line(1)}\n${line(2)}\n${line(3)}\n`;

const onFile = <T>(content: string | Buffer, look: (fd: number) => T): { result: T; text: string } => {
  const path = join(temporaryFolder(), 'sysmon.log');
  writeFileSync(path, content);
  const fd = openSync(path, 'a+');
  try {
    const result = look(fd);
    return { result, text: readFileSync(path, 'utf8') };
  } finally {
    closeSync(fd);
  }
};

test.each([
  ['whole lines', three, three, undefined],
  ['nothing', '', '', undefined],
  ['an unfinished line', three + line(4).slice(0, 20), three, 'cut off 20 bytes of an unfinished last line'],
  ['a line without its newline', three + line(4), `${three}${line(4)}\n`, 'finished the last line'],
  ['nothing but half a line', '{"lev', '', 'cut off 5 bytes'],
  ['NULs after the last line', `${three}${'\0'.repeat(5000)}`, three, 'cut off 5000 bytes'],
  ['nothing but NULs', '\0'.repeat(300_000), '', 'cut off 300000 bytes'],
  ['NULs before a whole line', `${three}\0\0\0${line(4)}`, `${three}${line(4)}\n`, 'took 3 NUL bytes out'],
  ['NULs before half a line', `${three}\0\0\0{"level":30`, three, 'cut off 14 bytes'],
  ['a number, which is JSON but no record', `${three}12`, three, 'cut off 2 bytes'],
])('%s', (_, before, after, said) => {
  const { result, text } = onFile(before, repairTail);
  expect(text).toBe(after);
  if (said === undefined) expect(result).toBeUndefined();
  else expect(result).toContain(said);
});

test('a line cut at any byte is taken off, and only it', () => {
  const last = Buffer.from(line(4, 'größe 😀'));
  for (let length = 1; length < last.length; length++) {
    const { text } = onFile(Buffer.concat([Buffer.from(three), last.subarray(0, length)]), repairTail);
    expect(text).toBe(three);
  }
});

test('a tail longer than what is read at once is found', () => {
  const long = line(4, 'x'.repeat(200_000));
  expect(onFile(three + long.slice(0, -1), repairTail).text).toBe(three);
  expect(onFile(three + long, repairTail).text).toBe(`${three}${long}\n`);
});

test('the last number is found behind any torn end', () => {
  fc.assert(
    fc.property(fc.nat(150_000), fc.nat(100), fc.nat(5), (length, torn, nuls) => {
      const whole = `${line(7)}\n${line(8, 'x'.repeat(length))}\n`;
      const tail = '\0'.repeat(nuls) + line(9).slice(0, Math.min(torn, line(9).length - 1));
      expect(onFile(whole + tail, lastSeqOf).result).toBe(8);
    }),
    { numRuns: 30 },
  );
  expect(onFile(three + line(4), lastSeqOf).result).toBe(4);
  expect(onFile('', lastSeqOf).result).toBeUndefined();
  expect(onFile('text\nmore\n', lastSeqOf).result).toBeUndefined();
});

test.each([
  ['three lines', three, true],
  ['a torn beginning', '{"lev', true],
  ['a torn first line', line(1).slice(0, 40), true],
  ['NULs', '\0\0\0', true],
  ['NULs before a line', `\0\0\0${three}`, true],
  ['garbage that a crash left, then lines', `\0\0\0abc\n${three}`, true],
  ['prose', 'Dear diary\n', false],
  ['prose without an end', 'Dear diary', false],
  ["another program's pino log", '{"level":30,"time":1,"pid":1,"hostname":"h","msg":"hi"}\n', false],
  ['an image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 10]), false],
])('%s: ours or not', (_, content, ours) => {
  expect(onFile(content, looksLikeOurs).result).toBe(ours);
});

test('the time a file was begun', () => {
  expect(onFile(three, firstTime).result).toBe(1001);
  expect(onFile(`\0\0${three}`, firstTime).result).toBe(1001);
  expect(onFile('', firstTime).result).toBeUndefined();
});
