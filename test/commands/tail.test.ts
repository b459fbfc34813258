import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Option } from 'commander';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { parseAmount, parseSeconds } from '../../src/commands/tail/amounts.js';
import { blocksBackward, splitBackward, splitForward, wholeUntil } from '../../src/commands/tail/blocks.js';
import { filesOf } from '../../src/commands/tail/glob.js';
import { findLastLines, openKeeper } from '../../src/commands/tail/last.js';
import { quoteAlways, quoteIfNeeded } from '../../src/commands/tail/quote.js';
import { shortNames } from '../../src/commands/tail/sinks.js';
import { translateWords } from '../../src/commands/tail/words.js';
import { archiveName } from '../../src/logs/archive-name.js';
import { main } from '../../src/main.js';
import { fakeClock, sysmon, type TestWorldOptions, testWorld } from '../world.js';

const folder = mkdtempSync(join(tmpdir(), 'sysmon-tail-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

const NOW = Date.parse('2026-11-21T14:00:00Z');

const made = (name: string, text: string | Uint8Array): string => {
  writeFileSync(at(name), text);
  return at(name);
};

/** Runs `sysmon tail` to its end, which is to be a good one. */
const tailed = async (words: readonly string[], options: TestWorldOptions = {}): Promise<string> => {
  const { code, stdout, stderr } = await sysmon(['tail', ...words], { clock: fakeClock(NOW), ...options });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

describe('words', () => {
  const ours = [new Option('--since <time>'), new Option('-i, --ignore-case'), new Option('--file <path>')];
  const translated = (...words: string[]): string => translateWords(words, ours).join(' ');

  test.each([
    ['-5', '--lines=5 --'],
    ['-5f x', '--lines=5 --follow=descriptor -- x'],
    ['+5 x', '--lines=+5 -- x'],
    ['-5c -- x', '--bytes=5 -- x'],
    ['-b x', '--bytes=5120 -- x'],
    ['-f x', '--lines=10 --follow=descriptor -- x'],
    ['-n5 x y', '--lines=5 -- x y'],
    ['-n +5 x y', '--lines=+5 -- x y'],
    ['-n -5 x y', '--lines=5 -- x y'],
    ['x -n 5', '--lines=5 -- x'],
    ['-fn5 x y', '--lines=5 --follow=descriptor -- x y'],
    ['-c 1kB -n 2K x', '--lines=2048 -- x'],
    ['-n +5 -n 3 x', '--lines=+3 -- x'],
    ['-F x y', '--follow=name --retry -- x y'],
    ['-F -f x', '--follow=descriptor --retry -- x'],
    ['--follow x', '--follow=descriptor -- x'],
    ['--follow=n x', '--follow=name -- x'],
    ['--lin=3 --quiet -v x', '--lines=3 --verbose -- x'],
    ['--zero --pid 7 --pid=8 x', '--zero-terminated --pid=7 --pid=8 -- x'],
    ['---disable-inotify x', '--poll -- x'],
    ['--si 1h -i x', '--since=1h --ignore-case -- x'].with(0, '--sin 1h -i x'),
    ['- x', '-- - x'],
    ['x -- -y', '-- x -y'],
    ['x + y', '-- x + y'],
  ])('%s', (words, expected) => {
    expect(translated(...words.split(' '))).toBe(expected);
  });

  test.each([
    ['-5 x y', 'option used in invalid context -- 5'],
    ['-n', "option requires an argument -- 'n'"],
    ['-n x y', "invalid number of lines: 'x'"],
    ['-c 5X y', "invalid number of bytes: '5X'"],
    ['--lines', "option '--lines' requires an argument"],
    ['--quiet=1 x', "option '--quiet' doesn't allow an argument"],
    ['--s x', "option '--s' is ambiguous; possibilities: '--silent' '--sleep-interval'"],
    ['--folow x', "unrecognized option '--folow'"],
    ['-N 5', "invalid option -- 'N'"],
    ['--follow=x y', "invalid argument 'x' for '--follow'"],
    ['-s x y', "invalid number of seconds: 'x'"],
    ['--pid=x y', "invalid PID: 'x'"],
  ])('%s is refused', async (words, message) => {
    const { code, stderr } = await sysmon(['tail', ...words.split(' ')]);
    expect(code).toBe(1);
    expect(stderr.split('\n')[0]).toBe(`sysmon tail: ${message}`);
  });

  test('slips are told', async () => {
    expect((await sysmon(['tail', '--folow', 'x'])).stderr).toContain('Did you mean --follow?');
    expect((await sysmon(['tail', '-N', '5'])).stderr).toContain('Did you mean -n?');
    expect((await sysmon(['tail', '--level', 'wran', 'x'])).stderr).toContain('did you mean warn?');
  });
});

test.each([
  ['5', 5, false],
  ['+5', 5, true],
  ['-5', 5, false],
  ['2b', 1024, false],
  ['K', 1024, false],
  ['1kB', 1000, false],
  ['+1MiB', 1048576, true],
  ['1Q', Infinity, false],
  ['99999999999999999999', Infinity, false],
] as const)('%s is a number', (text, count, fromStart) => {
  expect(parseAmount(text, 'lines')).toEqual({ unit: 'lines', fromStart, count });
});

test('seconds', () => {
  expect([parseSeconds('.5'), parseSeconds('1e-2'), parseSeconds('inf')]).toEqual([0.5, 0.01, Infinity]);
});

test.each([
  ['plain', 'plain', "'plain'"],
  ['a b', "'a b'", "'a b'"],
  ["it's", '"it\'s"', '"it\'s"'],
  ["it's $", "'it'\\''s $'", "'it'\\''s $'"],
  ['a\nb', "'a'$'\\n''b'", "'a'$'\\n''b'"],
  ['end\u001b', "'end'$'\\033'", "'end'$'\\033'"],
  ['', "''", "''"],
])('the name %j in messages', (name, ifNeeded, always) => {
  expect([quoteIfNeeded(name), quoteAlways(name)]).toEqual([ifNeeded, always]);
});

/** What `-n count` means, written down once more. */
const lastLines = (text: string, count: number): string => {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return count === 0 ? '' : lines.slice(-count).join('');
};

describe('the last lines', () => {
  const texts = fc
    .array(fc.constantFrom('\n', 'a', 'bc', '\n\n', 'd\n'), { maxLength: 30 })
    .map((parts) => parts.join(''));
  const counts = fc.integer({ min: 0, max: 12 });

  test('of any stream, however it is cut', () => {
    fc.assert(
      fc.property(texts, counts, fc.array(fc.nat(40)), fc.boolean(), (text, count, cuts, bytes) => {
        const keeper = openKeeper({ unit: bytes ? 'bytes' : 'lines', fromStart: false, count }, 10);
        const places = [
          0,
          ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b),
          text.length,
        ];
        places.slice(1).forEach((end, index) => {
          expect(keeper.push(Buffer.from(text.slice(places[index], end)))).toBeUndefined();
        });
        const expected = bytes ? text.slice(Math.max(0, text.length - count)) : lastLines(text, count);
        expect(Buffer.concat(keeper.rest()).toString()).toBe(expected);
      }),
    );
  });

  test('from the nth on, of any stream', () => {
    fc.assert(
      fc.property(texts, counts, fc.integer({ min: 1, max: 7 }), (text, count, size) => {
        const keeper = openKeeper({ unit: 'lines', fromStart: true, count }, 10);
        const shown: Buffer[] = [];
        for (let from = 0; from < text.length; from += size) {
          const bytes = keeper.push(Buffer.from(text.slice(from, from + size)));
          if (bytes !== undefined) shown.push(bytes);
        }
        const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
        expect(Buffer.concat(shown).toString()).toBe(lines.slice(Math.max(0, count - 1)).join(''));
      }),
    );
  });

  test('of a file, in blocks', async () => {
    const { openSync, closeSync } = await import('node:fs');
    const lines = Array.from({ length: 30_000 }, (_, n) => `${n} ${'x'.repeat(n % 90)}\n`);
    lines[20_000] = `${'long '.repeat(60_000)}\n`;
    const text = lines.join('');
    const fd = openSync(made('blocks', `${text}end`), 'r');
    const end = text.length + 3;
    for (const count of [1, 2, 3, 500, 12_000, 29_999, 30_002])
      expect(findLastLines(fd, { start: 0, end, count, separator: 10 })).toBe(
        end - lastLines(`${text}end`, count).length,
      );
    const backward = [...blocksBackward(fd, 0, end, 10)];
    expect(backward.length).toBeGreaterThan(2);
    for (const block of backward.slice(1)) expect(block.at(-1)).toBe(10);
    expect(Buffer.concat(backward.reverse()).toString()).toBe(`${text}end`);
    expect(Buffer.concat([...splitForward(fd, 0, end, 10)]).toString()).toBe(`${text}end`);
    expect(Buffer.concat([...splitBackward(Buffer.from(text), 10)].reverse()).toString()).toBe(text);
    expect(wholeUntil(fd, end, 10)).toBe(text.length);
    closeSync(fd);
  });
});

describe('bytes as they are', () => {
  const numbers = made('numbers', Array.from({ length: 20 }, (_, n) => `${n + 1}\n`).join(''));
  const letters = made('letters', 'a\nb');

  test('the last ten lines, or what is asked for', async () => {
    expect(await tailed([numbers])).toBe('11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n');
    expect(await tailed(['-n', '2', numbers])).toBe('19\n20\n');
    expect(await tailed(['-n', '+19', numbers])).toBe('19\n20\n');
    expect(await tailed(['-c', '4', numbers])).toBe('\n20\n');
    expect(await tailed(['-c', '+49', numbers])).toBe('20\n'.slice(-3));
    expect(await tailed(['-n0', at('none')])).toBe('');
  });

  test('files are named where there are several', async () => {
    const both = `==> ${numbers} <==\n20\n\n==> ${letters} <==\nb`;
    expect(await tailed(['-n1', numbers, letters])).toBe(both);
    expect(await tailed(['-qn1', numbers, letters])).toBe('20\nb');
    expect(await tailed(['-vn1', letters])).toBe(`==> ${letters} <==\nb`);
  });

  test('standard input', async () => {
    expect(await tailed(['-n2', '-'], { stdin: '1\n2\n3\n' })).toBe('2\n3\n');
    expect(await tailed(['-n+2', '-'], { stdin: '1\n2\n3\n' })).toBe('2\n3\n');
    expect(await tailed(['-vn1', '-'], { stdin: '1\n2\n' })).toBe('==> standard input <==\n2\n');
  });

  test('what cannot be read is told, and the rest is shown', async () => {
    expect(await sysmon(['tail', '-n1', at('none'), letters, folder])).toEqual({
      code: 1,
      stdout: `==> ${letters} <==\nb\n==> ${folder} <==\n`,
      stderr:
        `sysmon tail: cannot open '${at('none')}' for reading: No such file or directory\n` +
        `sysmon tail: error reading '${folder}': Is a directory\n`,
    });
    expect((await sysmon(['tail', '-F', '-'])).stderr).toBe("sysmon tail: cannot follow '-' by name\n");
    expect((await sysmon(['tail', '--retry', letters])).stderr).toContain('--retry ignored');
    expect(await sysmon(['tail', '-f', at('none')])).toMatchObject({ code: 1 });
  });
});

const json = (seconds: number, level: number, msg: string, more: object = {}): string =>
  `${JSON.stringify({ level, time: NOW + seconds * 1000, msg, ...more })}\n`;

const JAVA = [
  '2026-11-21 13:00:00,000 INFO  [main] App - started\n',
  '2026-11-21 13:00:01,000 ERROR [main] App - it broke\n',
  'java.io.IOException: gone\n',
  '\tat a.b.C.d(C.java:12)\n',
  '2026-11-21 13:00:02,000 INFO  [main] App - went on\n',
] as const;

describe('lines that are wanted', () => {
  const rare = made(
    'rare.log',
    Array.from({ length: 3000 }, (_, n) =>
      json(n - 3000, n % 1000 === 7 ? 50 : 30, `line ${n}`, { n, pad: 'x'.repeat(20) }),
    ).join(''),
  );
  const traces = made('java.log', JAVA.join(''));

  test('are counted, however far back they are', async () => {
    const ns = (text: string): number[] => [...text.matchAll(/"n":(\d+)/g)].map(([, n]) => Number(n));
    expect(ns(await tailed(['--level', 'error', '-n', '2', rare]))).toEqual([1007, 2007]);
    expect(ns(await tailed(['--level', 'error', rare]))).toEqual([7, 1007, 2007]);
    expect(ns(await tailed(['--where', 'n < 5', '-n1', rare]))).toEqual([4]);
    expect(ns(await tailed(['--grep', 'LINE 29(98|99)', '-i', rare]))).toEqual([2998, 2999]);
    expect(ns(await tailed(['--level', 'error', '-n', '+2', rare]))).toEqual([1007, 2007]);
    expect(ns(await tailed(['--since', '3s', rare]))).toEqual([2997, 2998, 2999]);
    expect(ns(await tailed(['--since', '1h', '--until', '3001s', rare]))).toEqual([]);
    expect(ns(await tailed(['--until', '2998s', '-n2', rare]))).toEqual([1, 2]);
  });

  test('come with the lines that continue them', async () => {
    expect(await tailed(['--level', 'error', traces])).toBe(JAVA.slice(1, 4).join(''));
    expect(await tailed(['--grep', 'C.java', traces])).toBe(JAVA.slice(1, 4).join(''));
    expect(await tailed(['--grep', 'C.java', '--no-multiline', traces])).toBe(JAVA[3]);
  });

  test('of a stream', async () => {
    expect(await tailed(['--level', 'error', '-'], { stdin: JAVA.join('') })).toBe(JAVA.slice(1, 4).join(''));
    expect(await tailed(['--level', 'info', '-n1', '-'], { stdin: JAVA.join('') })).toBe(JAVA[4]);
    expect(await tailed(['--level', 'info', '-n+3', '-'], { stdin: JAVA.join('') })).toBe(JAVA[4]);
  });

  test('as JSON, and as fields', async () => {
    const one = made('one.log', json(0, 40, 'm', { a: { b: 1 }, c: 'x y' }));
    expect(JSON.parse(await tailed(['--json', one]))).toEqual({
      time: '2026-11-21T14:00:00.000Z',
      level: 'warn',
      message: 'm',
      fields: { level: 40, time: NOW, msg: 'm', a: { b: 1 }, c: 'x y' },
    });
    const fieldsOf = async (...words: string[]) => JSON.parse(await tailed(['--json', ...words, one])).fields;
    expect(await fieldsOf('--fields', 'a.b,none')).toEqual({ 'a.b': 1 });
    expect(await fieldsOf('--hide', 'a,msg,time')).toEqual({ level: 40, c: 'x y' });
    expect(await tailed(['--fields', 'c,a.b', one])).toBe('c="x y" a.b=1\n');
    expect(JSON.parse(await tailed(['--json', made('bare', '\n')]))).toEqual({ message: '', fields: {} });
  });

  test('of several files in the order of their times', async () => {
    const one = made('m1.log', [0, 2, 4].map((s) => json(s, 30, `one ${s}`)).join(''));
    const two = made('m2.log', [1, 2, 3, 9].map((s) => json(s, 30, `two ${s}`)).join(''));
    const order = async (...words: string[]) =>
      [...(await tailed([...words, '--merge', '-q', one, two])).matchAll(/"msg":"([^"]+)"/g)].map(
        ([, m]) => m,
      );
    expect(await order()).toEqual(['one 0', 'two 1', 'one 2', 'two 2', 'two 3', 'one 4', 'two 9']);
    expect(await order('-n2')).toEqual(['one 4', 'two 9']);
  });

  test.skipIf(process.platform !== 'linux')('a file that cannot be read ends no other', async () => {
    // There is nothing at its beginning, and Linux calls that an error.
    const mem = '/proc/self/mem';
    const x = made('readable', 'x\n');
    for (const words of [['--json'], ['--json', '--merge']])
      expect(await sysmon(['tail', '-n', '+1', ...words, mem, x])).toMatchObject({
        code: 1,
        stdout: `${JSON.stringify({ file: x, message: 'x', fields: {} })}\n`,
        stderr: `sysmon tail: error reading '${mem}': Input/output error\n`,
      });
  });

  test.each([
    [['--where', 'a >'], /--where/],
    [['--grep', '('], /./],
    [['--format', 'jsn'], /"jsn" is not a format/],
    [['--since', '1h', '--until', '2h'], /--since is later/],
    [['--since', 'soon'], /soon/],
  ])('%j is refused', async (words, message) => {
    const { code, stdout, stderr } = await sysmon(['tail', ...words, rare]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
  });
});

describe("sysmon's own log", () => {
  const log = at('own/sysmon.log');
  mkdirSync(at('own'));
  const sample = (seq: number): string =>
    `${JSON.stringify({ level: 30, time: NOW + seq * 1000, host: 'web-1', msg: 'stop', v: 1, seq, reason: `r${seq}` })}\n`;
  const samples = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, n) => sample(from + n)).join('');
  const archive = (serial: number, end: number, form: 'gzip' | 'plain', text: string): void => {
    const name = archiveName('sysmon.log', { time: NOW + end * 1000, serial, form });
    writeFileSync(at(`own/${name}`), form === 'gzip' ? gzipSync(text) : text);
  };
  archive(1, 100, 'gzip', samples(0, 100));
  archive(2, 200, 'plain', samples(100, 200));
  writeFileSync(log, samples(200, 250));
  const env = { SYSMON_LOG: log };
  const clock = fakeClock(NOW + 250_000);
  const seqs = async (...words: string[]): Promise<number[]> =>
    [...(await tailed(words, { env, clock })).matchAll(/"seq":(\d+)/g)].map(([, seq]) => Number(seq));
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);

  test('archives are its past', async () => {
    expect(await seqs()).toEqual(range(240, 250));
    expect(await seqs('-n', '60')).toEqual(range(190, 250));
    expect(await seqs('-n', '155')).toEqual(range(95, 250));
    expect(await seqs('-n', '5000')).toEqual(range(0, 250));
    expect(await seqs('-n', '+248')).toEqual(range(247, 250));
    expect(await seqs('--since', '70s')).toEqual(range(180, 250));
    expect(await seqs('--where', 'reason =~ "r.*7"', '-n', '12')).toEqual([
      ...range(137, 138),
      ...range(147, 148),
      157,
      167,
      177,
      187,
      197,
      207,
      217,
      227,
      237,
      247,
    ]);
  });

  test('a file that is named is that file alone, but with --archives', async () => {
    expect(await seqs('-n', '60', log)).toEqual(range(200, 250));
    expect(await seqs('-n', '60', '--archives', log)).toEqual(range(190, 250));
    writeFileSync(at('app.log'), 'c\n');
    writeFileSync(at('app.log.1'), 'b\n');
    writeFileSync(at('app.log.2.gz'), gzipSync('a\n'));
    expect(await tailed(['--archives', at('app.log')])).toBe('a\nb\nc\n');
    expect(await tailed(['-n2', '--archives', at('app.log')])).toBe('b\nc\n');
  });

  test('is shown as sentences on a terminal', async () => {
    expect(await tailed(['-n1', '--utc'], { env, clock, terminal: true, columns: 200 })).toContain(
      '14:04:09.000',
    );
    expect(await tailed(['-n1', '--utc'], { env, clock, terminal: true })).toMatch(/info .*stop: r249\n$/);
  });

  test('none is told', async () => {
    expect(await sysmon(['tail'], { env: { SYSMON_LOG: at('not-begun.log') } })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/: No such file or directory \(to begin it: sysmon log\)\n$/),
    });
  });
});

describe('for people', () => {
  const view = (words: readonly string[], columns = 200): Promise<string> =>
    tailed(['--utc', '--no-color', ...words], { terminal: true, columns });

  test('time, level, who, message, fields', async () => {
    const app = made(
      'people.log',
      json(-1, 40, 'slow\u001b[2J', {
        req: { id: 7 },
        err: { type: 'E', message: 'boom', stack: 'E: boom\n    at x' },
      }),
    );
    expect(await view([app])).toBe('13:59:59.000 warn  slow\\x1b[2J req.id=7\n  E: boom\n      at x\n');
    const auth = made('people.auth', 'Nov 21 10:00:01 web-1 sshd[812]: Failed password for root\n');
    expect(await view([auth])).toMatch(
      /^10:00:01.000 (\w+ +)?sshd\[812\]: Failed password for root hostname=web-1\n$/,
    );
    const access = made(
      'people.access',
      '203.0.113.9 - - [21/Nov/2026:10:00:00 +0000] "GET /x HTTP/1.1" 500 612 "-" "curl/8"\n',
    );
    expect(await view([access])).toBe(
      '10:00:00.000 error 203.0.113.9: GET /x HTTP/1.1 status=500 bytes=612 user_agent=curl/8\n',
    );
    expect(await view([made('people.java', JAVA.slice(1, 4).join(''))])).toContain(
      'error it broke thread=main logger=App\n  java.io.IOException: gone\n    at a.b.C.d(C.java:12)\n',
    );
    const docker = { log: 'level=info msg="a b" n=1\n', stream: 'stdout', time: '2026-11-21T10:00:00Z' };
    expect(await view([made('people.docker', `${JSON.stringify(docker)}\n`)])).toBe(
      '10:00:00.000 info  a b stream=stdout n=1\n',
    );
    expect(await view([made('people.txt', 'just\u0007 text\n')])).toBe('just\\x07 text\n');
  });

  test('of several files each line has a name', async () => {
    mkdirSync(at('a'), { recursive: true });
    mkdirSync(at('b'), { recursive: true });
    const files = [made('a/x.log', json(0, 30, 'one')), made('b/x.log', json(0, 30, 'two'))];
    expect(await view(files)).toBe('a/x.log 14:00:00.000 info  one\nb/x.log 14:00:00.000 info  two\n');
    expect(await view(['-q', ...files])).toBe('14:00:00.000 info  one\n14:00:00.000 info  two\n');
    expect(shortNames(['/a/b/x', '/a/c/x', '/a/c/y', '-'])).toEqual(
      new Map([
        ['/a/b/x', 'b/x'],
        ['/a/c/x', 'c/x'],
        ['/a/c/y', 'y'],
        ['-', 'standard input'],
      ]),
    );
  });

  test('--raw leaves everything as it is, and --pretty does not', async () => {
    const file = made('odd', 'a\u001b[31mb\n');
    expect(await tailed(['--raw', file], { terminal: true })).toBe('a\u001b[31mb\n');
    expect(await tailed([file])).toBe('a\u001b[31mb\n');
    expect(await tailed(['--pretty', file])).toBe('a\\x1b[31mb\n');
  });

  test('the journal from a pipe', async () => {
    const entry = {
      __REALTIME_TIMESTAMP: String(NOW * 1000),
      PRIORITY: '4',
      MESSAGE: 'Failed',
      SYSLOG_IDENTIFIER: 'sshd',
      _PID: '12',
      _SYSTEMD_UNIT: 'ssh.service',
      _BOOT_ID: 'x',
    };
    expect(
      await tailed(['--utc', '--no-color', '-'], { terminal: true, stdin: `${JSON.stringify(entry)}\n` }),
    ).toBe('14:00:00.000 warn  sshd[12]: Failed unit=ssh.service\n');
  });
});

test('--glob finds files, and those of directories', async () => {
  for (const name of ['g/a.log', 'g/b.log', 'g/c.txt', 'g/.hidden.log', 'g/sub/d.log']) {
    mkdirSync(join(at(name), '..'), { recursive: true });
    writeFileSync(at(name), `${name}\n`);
  }
  const found = (pattern: string): string[] =>
    filesOf(at(pattern)).map((path) => path.slice(folder.length + 1));
  expect(found('g/*.log')).toEqual(['g/a.log', 'g/b.log']);
  expect(found('g')).toEqual(['g/a.log', 'g/b.log', 'g/c.txt']);
  expect(found('g/**/*.log')).toEqual(['g/a.log', 'g/b.log', 'g/sub/d.log']);
  expect(found('?/[ac].*')).toEqual(['g/a.log', 'g/c.txt']);
  expect(found('g/[!a]*')).toEqual(['g/b.log', 'g/c.txt', 'g/sub/d.log']);
  expect(found('none/*')).toEqual([]);
  expect(found('g/[z-a]*')).toEqual([]);
  symlinkSync('round.log', at('g/round.log'));
  expect(found('g/*.log')).toEqual(['g/a.log', 'g/b.log']);
  expect(await tailed(['-q', '--glob', at('g/*.log')])).toBe('g/a.log\ng/b.log\n');
  expect(await sysmon(['tail', '--glob', at('none*')])).toMatchObject({ code: 1 });
});

/** Follows in this process until `until` holds for what was shown, then stops it. */
const followed = async (
  words: readonly string[],
  steps: readonly (readonly [until: string, step: () => void])[],
  options: TestWorldOptions = {},
): Promise<{ code: number; stdout: string; stderr: string }> => {
  const { world, stdout, stderr, send } = testWorld(options);
  const code = main(['tail', ...words], world);
  for (const [until, step] of steps) {
    for (let turn = 0; !(stdout() + stderr()).includes(until) && turn < 400; turn++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(stdout() + stderr()).toContain(until);
    step();
  }
  if (!words.some((word) => word.startsWith('--pid'))) send('SIGINT');
  return { code: await code, stdout: stdout(), stderr: stderr() };
};

const nothing = (): void => {};

describe('following', () => {
  test('bytes as they come, with names where the file changes', async () => {
    const [x, y] = [made('fx', '1\n'), made('fy', '2\n')];
    const found = await followed(
      ['-f', x, y],
      [
        ['2\n', () => appendFileSync(y, '3')],
        ['3', () => appendFileSync(x, '4\n')],
        ['4\n', nothing],
      ],
    );
    expect(found).toEqual({
      code: 130,
      stdout: `==> ${x} <==\n1\n\n==> ${y} <==\n2\n3\n==> ${x} <==\n4\n`,
      stderr: '',
    });
  });

  test('through a rotation, telling of it', async () => {
    const x = made('rotated', '1\n');
    const found = await followed(
      ['-F', x],
      [
        ['1\n', () => renameSync(x, `${x}.1`)],
        ['inaccessible', () => writeFileSync(x, '2\n')],
        ['2\n', nothing],
      ],
    );
    expect(found.stdout).toBe('1\n2\n');
    expect(found.stderr).toBe(
      `sysmon tail: '${x}' has become inaccessible: No such file or directory\n` +
        `sysmon tail: '${x}' has appeared;  following new file\n`,
    );
  });

  test('lines that are wanted, as they come', async () => {
    const x = made('wanted.log', json(0, 30, 'a') + json(1, 50, 'b'));
    const found = await followed(
      ['-f', '--level', 'error', x],
      [
        ['"b"', () => appendFileSync(x, json(2, 30, 'c') + json(3, 50, 'd'))],
        ['"d"', nothing],
      ],
    );
    expect(found.stdout).toBe(json(1, 50, 'b') + json(3, 50, 'd'));
  });

  test('an unfinished last line is shown once it is whole', async () => {
    const x = made('half.log', `${json(0, 30, 'a')}{"level":50,`);
    const found = await followed(
      ['-f', '--json', x],
      [
        ['"a"', () => appendFileSync(x, '"time":0,"msg":"b"}\n')],
        ['"b"', nothing],
      ],
    );
    expect(
      found.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).message),
    ).toEqual(['a', 'b']);
  });

  test('lines of several files in the order of their times', async () => {
    const [x, y] = [made('mx.log', json(0, 30, 'a')), made('my.log', '')];
    const found = await followed(
      ['-qf', '--merge', x, y],
      [
        [
          '"a"',
          () => {
            appendFileSync(x, json(9, 30, 'late'));
            setTimeout(() => appendFileSync(y, json(5, 30, 'early')), 30);
          },
        ],
        ['late', nothing],
      ],
    );
    expect(found.stdout).toBe(json(0, 30, 'a') + json(5, 30, 'early') + json(9, 30, 'late'));
  });

  test('ends when the process has, after all that it wrote', async () => {
    const x = made('pid', '1\n');
    const gone = await followed(['-f', '--pid=2147483646', x], [['1\n', nothing]]);
    expect(gone).toEqual({ code: 0, stdout: '1\n', stderr: '' });
  });

  test('ends when nobody reads any more', async () => {
    const x = made('gone', '1\n');
    const { world, closeStdout } = testWorld();
    setTimeout(closeStdout, 50);
    expect(await main(['tail', '-f', x], world)).toBe(0);
  });

  test('files that appear later under a pattern', async () => {
    mkdirSync(at('later'));
    const [x, y] = [made('later/x.log', '1\n'), at('later/y.log')];
    const found = await followed(
      ['-F', '-s', '.05', '--glob', at('later/*.log')],
      [
        ['1\n', () => writeFileSync(y, '2\n')],
        ['2\n', () => appendFileSync(x, '3\n')],
        ['3\n', nothing],
      ],
    );
    expect(found.stdout).toBe(`==> ${x} <==\n1\n\n==> ${y} <==\n2\n\n==> ${x} <==\n3\n`);
  });

  test('the own log by its name', async () => {
    const x = made('own.log', json(0, 30, 'a'));
    const found = await followed(
      ['-f'],
      [
        ['"a"', () => renameSync(x, `${x}.old`)],
        ['inaccessible', () => writeFileSync(x, json(1, 30, 'b'))],
        ['"b"', nothing],
      ],
      { env: { SYSMON_LOG: x } },
    );
    expect(found.stdout).toBe(json(0, 30, 'a') + json(1, 30, 'b'));
  });
});
