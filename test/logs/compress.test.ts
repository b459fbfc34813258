import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCompressor } from '../../src/logs/compress.js';
import { MEMBER_HEADER_BYTES, type Member, makeMember, readMember, timesIn } from '../../src/logs/member.js';
import { handClock, temporaryFolder } from './bench-log.js';

const archive = 'sysmon.log.20261121T045531123Z.000001';

const lines = (count: number, time: (index: number) => number = (index) => 1000 + index): string =>
  Array.from(
    { length: count },
    (_, index) => `{"level":30,"time":${time(index)},"seq":${index},"text":"${'ü'.repeat(index % 90)}"}\n`,
  ).join('');

/** Hops through an archive by its headers alone. */
const members = (bytes: Buffer): (Member & { text: string })[] => {
  const found = [];
  for (let at = 0; at < bytes.length; ) {
    const member = readMember(bytes.subarray(at, at + MEMBER_HEADER_BYTES));
    if (member === undefined) throw new Error(`no member at ${at}`);
    found.push({ ...member, text: gunzipSync(bytes.subarray(at, at + member.bytes)).toString() });
    at += member.bytes;
  }
  return found;
};

const compressAll = async (path: string): Promise<string[]> => {
  const said: string[] = [];
  const compressor = createCompressor({ path, clock: handClock(), say: (message) => said.push(message) });
  compressor.start();
  await compressor.close(true);
  return said;
};

test('an archive becomes members of whole lines that say what is in them', async () => {
  const folder = temporaryFolder();
  const text = lines(40_000);
  writeFileSync(join(folder, archive), text);
  chmodSync(join(folder, archive), 0o640);
  expect(await compressAll(join(folder, 'sysmon.log'))).toEqual([]);
  expect(readdirSync(folder)).toEqual([`${archive}.gz`]);
  const target = join(folder, `${archive}.gz`);
  expect(statSync(target).mode & 0o777).toBe(0o640);

  const found = members(readFileSync(target));
  expect(found.length).toBeGreaterThan(3);
  expect(found.map((member) => member.text).join('')).toBe(text);
  for (const { text: part, plainBytes, earliest, latest } of found) {
    expect(part.endsWith('\n')).toBe(true);
    expect(Buffer.byteLength(part)).toBe(plainBytes);
    expect(plainBytes).toBeLessThanOrEqual(1024 * 1024 + 300);
    const times = [...part.matchAll(/"time":(\d+)/g)].map(([, time]) => Number(time));
    expect([earliest, latest]).toEqual([times[0], times.at(-1)]);
  }
});

test('gzip and zcat read it as one file', async () => {
  const folder = temporaryFolder();
  const text = lines(30_000);
  writeFileSync(join(folder, archive), text);
  await compressAll(join(folder, 'sysmon.log'));
  const target = join(folder, `${archive}.gz`);
  execFileSync('gzip', ['-t', target]);
  expect(execFileSync('zcat', [target], { maxBuffer: 1e9 }).toString()).toBe(text);
});

test('a line longer than a member stays whole, an empty archive stays readable', async () => {
  const folder = temporaryFolder();
  const long = `{"level":30,"time":5,"text":"${'x'.repeat(3_000_000)}"}\n`;
  writeFileSync(join(folder, archive), lines(3) + long + lines(3));
  writeFileSync(join(folder, archive.replace('000001', '000002')), '');
  await compressAll(join(folder, 'sysmon.log'));
  const parts = members(readFileSync(join(folder, `${archive}.gz`))).map(({ text }) => text);
  expect(parts.join('')).toBe(lines(3) + long + lines(3));
  expect(parts.every((text) => text.endsWith('\n'))).toBe(true);
  const empty = join(folder, `${archive.replace('000001', '000002')}.gz`);
  expect(execFileSync('zcat', [empty]).toString()).toBe('');
});

test('what has no newlines at all is held in memory by pieces only', async () => {
  const folder = temporaryFolder();
  const text = lines(2) + '\0'.repeat(40 * 1024 * 1024) + lines(2);
  writeFileSync(join(folder, archive), text);
  await compressAll(join(folder, 'sysmon.log'));
  const found = members(readFileSync(join(folder, `${archive}.gz`)));
  expect(Math.max(...found.map(({ plainBytes }) => plainBytes))).toBeLessThanOrEqual(18 * 1024 * 1024);
  expect(found.map((member) => member.text).join('')).toBe(text);
});

test('times are the earliest and latest, whatever the clock did, and all of time where there are none', () => {
  expect(timesIn(Buffer.from(lines(100, (index) => (index < 50 ? 5000 + index : 1000 + index))))).toEqual({
    earliest: 1050,
    latest: 5049,
  });
  const unknown = timesIn(Buffer.from('no record\n{"text":"\\"time\\":3"}\n'));
  expect(unknown.earliest).toBeLessThan(0);
  expect(unknown.latest).toBeGreaterThan(Date.UTC(9999, 0));
});

test('a line of somebody else with a time beyond all numbers does not keep an archive from being compressed', async () => {
  const folder = temporaryFolder();
  const odd = `{"level":30,"time":${'9'.repeat(23)},"msg":"?"}\n{"level":30,"time":-${'9'.repeat(400)}}\n`;
  writeFileSync(join(folder, archive), lines(3) + odd + lines(3));
  expect(await compressAll(join(folder, 'sysmon.log'))).toEqual([]);
  const [member] = members(readFileSync(join(folder, `${archive}.gz`)));
  expect(member?.text).toBe(lines(3) + odd + lines(3));
  expect(member?.earliest).toBeLessThan(0);
  expect(member?.latest).toBeGreaterThan(Date.UTC(9999, 0));
});

test('a header is read back as it was written, and no other is taken for one', () => {
  const ms = fc.maxSafeInteger();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), ms, ms, (bytes, earliest, latest) => {
      const member = makeMember(gzipSync(bytes), bytes.length, { earliest, latest });
      expect(readMember(member)).toEqual({
        bytes: member.length,
        plainBytes: bytes.length,
        earliest,
        latest,
      });
      expect(Buffer.compare(gunzipSync(member), Buffer.from(bytes))).toBe(0);
      for (let length = 0; length < MEMBER_HEADER_BYTES; length++)
        expect(readMember(member.subarray(0, length))).toBeUndefined();
    }),
  );
  expect(readMember(gzipSync('other'))).toBeUndefined();
  expect(readMember(Buffer.from('{"level":30,"time":1795232000000,"host":"h"}'))).toBeUndefined();
});

test('an extra field of somebody else before ours is stepped over', () => {
  const member = makeMember(gzipSync('x\n'), 2, { earliest: 1, latest: 2 });
  const foreign = Buffer.from([0x41, 0x42, 3, 0, 9, 9, 9]);
  const both = Buffer.concat([member.subarray(0, 12), foreign, member.subarray(12)]);
  both.writeUInt16LE(28 + foreign.length, 10);
  expect(readMember(both)?.latest).toBe(2);
  expect(gunzipSync(both).toString()).toBe('x\n');
});

test('an archive that is given up leaves nothing half done, and is compressed the next time', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'sysmon.log');
  writeFileSync(join(folder, archive), lines(40_000));
  let members = 0;
  let compressor = createCompressor({
    path,
    say: () => {},
    clock: {
      ...handClock(),
      sleep: async () => {
        if (++members < 2) return;
        expect(statSync(join(folder, `${archive}.gz.tmp`)).size).toBeGreaterThan(0);
        compressor.abandon();
        expect(existsSync(join(folder, `${archive}.gz.tmp`))).toBe(false);
      },
    },
  });
  compressor.start();
  await compressor.close(true);
  expect(members).toBe(2);
  expect(readdirSync(folder)).toEqual([archive]);

  compressor = createCompressor({ path, say: () => {}, clock: handClock() });
  compressor.start();
  await compressor.close(true);
  expect(readdirSync(folder)).toEqual([`${archive}.gz`]);
});

test('an archive deleted while it is compressed stays deleted', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, archive), lines(40_000));
  const said: string[] = [];
  const sleep = async (): Promise<void> => {
    if (existsSync(join(folder, archive))) unlinkSync(join(folder, archive));
  };
  const compressor = createCompressor({
    path: join(folder, 'sysmon.log'),
    clock: { ...handClock(), sleep },
    say: (message) => said.push(message),
  });
  compressor.start();
  await compressor.close(true);
  expect(readdirSync(folder)).toEqual([]);
  expect(said).toEqual([]);
});

test('closing without finishing leaves the plain archive', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, archive), lines(60_000));
  const compressor = createCompressor({
    path: join(folder, 'sysmon.log'),
    clock: handClock(),
    say: () => {},
  });
  compressor.start();
  await compressor.close(false);
  expect(readdirSync(folder)).toEqual([archive]);
});
