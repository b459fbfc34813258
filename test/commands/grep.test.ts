import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Command, type Option } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { openGlobs } from '../../src/commands/grep/globs.js';
import { splitWords } from '../../src/commands/grep/split-words.js';
import { define, translate } from '../../src/commands/grep.js';
import { archiveName } from '../../src/logs/archive-name.js';
import { main } from '../../src/main.js';
import { fakeClock, sysmon, type TestWorldOptions, testWorld } from '../world.js';

const folder = mkdtempSync(join(tmpdir(), 'sysmon-grep-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string | Uint8Array): string => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
};

const NOW = Date.parse('2026-11-21T12:00:00Z');

/** The folder's own name is taken out of what is printed. */
const grep = async (words: readonly string[], options: TestWorldOptions = {}) => {
  const ended = await sysmon(['grep', ...words], { clock: fakeClock(NOW), ...options });
  const shorten = (text: string): string => text.replaceAll(`${folder}/`, '');
  return { ...ended, stdout: shorten(ended.stdout), stderr: shorten(ended.stderr) };
};

const greek = file('greek', 'alpha\nbeta\ngamma\n');
const words = (text: string): readonly string[] => {
  const command = new Command('grep');
  define(command, () => {}, testWorld().world);
  return translate(text.split(' '), command);
};

describe('words', () => {
  test.each([
    ['-in5 foo file', '--ignore-case --line-number --context=5 -- foo file'],
    ['foo -A3 file -B 2', '--after-context=3 --before-context=2 -- foo file'],
    ['-e -foo -f list', '--regexp=-foo --pattern-file=list --'],
    ['-1 -23', '--context=1 --context=23 --'],
    ['--color foo', '--color=auto -- foo'],
    ['--colour=always foo', '--color=always -- foo'],
    ['--line-n --files-with-m x', '--line-number --files-with-matches -- x'],
    ['-E -F -G x', '--basic-regexp -- x'],
    ['-H -h x -l -L', '--no-filename --files-without-match -- x'],
    ['-v -- -v -x', '--invert-match -- -v -x'],
    ['x - -', '-- x - -'],
    ['-P x -y -V', '--extended-regexp --ignore-case --version -- x'],
  ])('%s', (given, expected) => {
    expect(words(given).join(' ').trimEnd()).toBe(expected);
  });

  test.each([
    ['--nonsense', "unrecognized option '--nonsense'"],
    ['--files', "option '--files' is ambiguous"],
    ['-j', "invalid option -- 'j'"],
    ['-e', "option '-e' requires an argument"],
    ['--count=3', "option '--count' doesn't allow an argument"],
  ])('%s is refused', (given, message) => {
    expect(() => words(given)).toThrow(message);
  });

  test('every option has a description, and an example names a file that is no option', async () => {
    const { code, stdout } = await grep(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('--help ');
    expect(stdout).not.toContain('-h, --help');
    const command = new Command('grep');
    define(command, () => {}, testWorld().world);
    expect(command.options.filter((option: Option) => option.description === '')).toEqual([]);
  });

  test('a PATTERN may be left out where lines are asked for in another way', () => {
    const isThere = (word: string): boolean => word.endsWith('.log');
    expect(splitWords(['foo', 'a.log'], false, true, isThere)).toEqual({ pattern: 'foo', files: ['a.log'] });
    expect(splitWords(['a.log', 'b.log'], false, true, isThere)).toEqual({
      pattern: undefined,
      files: ['a.log', 'b.log'],
    });
    expect(splitWords(['a.log', 'gone'], false, true, isThere).files).toEqual(['a.log', 'gone']);
    expect(splitWords([], false, true, isThere)).toEqual({ pattern: undefined, files: [] });
    expect(splitWords(['a.log', 'b.log'], false, false, isThere)).toEqual({
      pattern: 'a.log',
      files: ['b.log'],
    });
    expect(splitWords(['a.log', 'gone'], true, true, isThere)).toEqual({
      pattern: undefined,
      files: ['a.log', 'gone'],
    });
  });
});

describe('exit codes and messages', () => {
  test.each([
    [['alpha', greek], 0, ''],
    [['omega', greek], 1, ''],
    [['alpha', greek, `${folder}/gone`], 2, 'sysmon grep: gone: No such file or directory\n'],
    [['-s', 'alpha', greek, `${folder}/gone`], 2, ''],
    [['-q', 'alpha', `${folder}/gone`, greek], 0, 'sysmon grep: gone: No such file or directory\n'],
    [['-q', 'omega', `${folder}/gone`, greek], 2, 'sysmon grep: gone: No such file or directory\n'],
    [['alpha', folder], 2, `sysmon grep: ${folder}: Is a directory\n`],
    [['-A', 'x', 'alpha', greek], 2, 'sysmon grep: x: invalid context length argument\n'],
    [['-m', 'x', 'alpha', greek], 2, 'sysmon grep: invalid max count\n'],
    [['-f', `${folder}/gone`, greek], 2, 'sysmon grep: gone: No such file or directory\n'],
  ])('%j', async (given, code, stderr) => {
    const ended = await grep(given);
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr });
  });

  test('without a PATTERN nothing is searched', async () => {
    const { code, stdout, stderr } = await grep([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^sysmon grep: no PATTERN\n/);
  });

  test('a mistyped name of a file is not taken for a PATTERN', async () => {
    const { code, stderr } = await grep(['--level', 'warn', 'acess.log']);
    expect(code).toBe(2);
    expect(stderr).toContain('acess.log: No such file or directory');
  });

  test('a wrong pattern or expression ends with 2, and says where', async () => {
    expect((await grep(['(', greek])).code).toBe(2);
    const { code, stderr } = await grep(['--where', 'cpu >', greek]);
    expect(code).toBe(2);
    expect(stderr).toContain('--where');
  });
});

describe('what is searched', () => {
  test('standard input, and a label for it', async () => {
    const stdin = 'one\ntwo\n';
    expect((await grep(['-H', 'o', '-'], { stdin })).stdout).toBe(
      '(standard input):one\n(standard input):two\n',
    );
    expect((await grep(['-c', '-H', '--label=pipe', 'one', '-'], { stdin })).stdout).toBe('pipe:1\n');
  });

  test('a .gz file as what it holds, and one by name only as it is', async () => {
    const packed = file('a.gz', Buffer.concat([gzipSync('one\n'), gzipSync('two one\n')]));
    const plain = file('b.gz', 'one\n');
    expect((await grep(['-n', 'one', packed])).stdout).toBe('1:one\n2:two one\n');
    expect((await grep(['-c', 'one', plain])).stdout).toBe('1\n');
  });

  test('a log with its rotated past, oldest first, as one text', async () => {
    const log = file('rotated/access.log', 'e now\n');
    file('rotated/access.log.1', 'd one');
    file('rotated/access.log.2.gz', gzipSync('c two\n'));
    file('rotated/access.log-20260102.gz', gzipSync('b dated\n'));
    file('rotated/access.log-20260101', 'a dated\n');
    file('rotated/access.logs', 'not this\n');
    const { stdout } = await grep(['-n', '--archives', '', log]);
    expect(stdout).toBe('1:a dated\n2:b dated\n3:c two\n4:d one\n5:e now\n');
    expect((await grep(['-c', '--archives', '-H', 'dated', log])).stdout).toBe('rotated/access.log:2\n');
  });

  test('directories, by names', async () => {
    file('tree/a.txt', 'x\n');
    file('tree/.hidden', 'x\n');
    file('tree/sub/b.log', 'x\n');
    symlinkSync(join(folder, 'tree/a.txt'), join(folder, 'tree/link'));
    const names = async (...options: string[]) =>
      (await grep(['-rl', ...options, 'x', join(folder, 'tree')])).stdout.trim().split('\n').sort();
    expect(await names()).toEqual(['tree/.hidden', 'tree/a.txt', 'tree/sub/b.log']);
    expect(await names('-R')).toEqual(['tree/.hidden', 'tree/a.txt', 'tree/link', 'tree/sub/b.log']);
    expect(await names('--include=*.txt')).toEqual(['tree/a.txt']);
    expect(await names('--exclude=*.txt', '--exclude', '.h*')).toEqual(['tree/sub/b.log']);
    expect(await names('--exclude-dir=sub')).toEqual(['tree/.hidden', 'tree/a.txt']);
  });

  test('JSON that is laid out over several lines is asked as one', async () => {
    const laidOut = [1, 2].map((b) => `${JSON.stringify({ a: 1, b }, undefined, 2)}\n`);
    const path = file('laid-out.json', laidOut.join(''));
    const words = ['--format', 'json', '--where', 'a = 1 and b = 2', path];
    expect((await grep(['--multiline', ...words])).stdout).toBe(laidOut[1]);
    expect((await sysmon(['tail', '--raw', ...words])).stdout).toBe(laidOut[1]);
    const zeros = file('laid-out.zeros', laidOut.join('').replaceAll('}\n', '}\0'));
    expect((await grep(['-zc', '--format', 'json', '--where', 'a = 1 and b = 2', zeros])).stdout).toBe('1\n');
  });

  test('of lines that end with NUL none is passed over for its time', async () => {
    const zeros = file('zeros', '2026-01-01T00:00:00Z one\x002026-11-21T11:00:00Z two\0');
    const found = await grep(['-z', '--since', '2026-06-01', 'one|two', zeros]);
    expect(found).toMatchObject({ code: 0, stdout: '2026-11-21T11:00:00Z two\0' });
    expect(await sysmon(['tail', '-z', '--since', '2026-06-01', zeros])).toMatchObject({
      stdout: '2026-11-21T11:00:00Z two\0',
    });
  });

  test('what the system does not say anything of is told when it is opened, and others are searched', async () => {
    symlinkSync('round', join(folder, 'round'));
    const [round, long] = [join(folder, 'round'), 'x'.repeat(300)];
    expect(await grep(['-r', 'beta', round, greek])).toMatchObject({
      code: 2,
      stdout: 'greek:beta\n',
      stderr: 'sysmon grep: round: Too many levels of symbolic links\n',
    });
    // A name cannot be that long: it is a PATTERN.
    const lines = file('long', `{"level":50,"msg":"${long}"}\n`);
    expect(await grep(['-c', '--level', 'error', long, lines])).toMatchObject({ code: 0, stdout: '1\n' });
  });

  test.each([
    ['*.c', 'a.c', true],
    ['*.c', 'a.cc', false],
    ['a?[b-d]', 'axc', true],
    ['a?[!b-d]', 'axc', false],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['[]]', ']', true],
    ['[z-a]x', 'bx', false],
    ['[!z-a]x', 'bx', true],
    [`${'*'.repeat(40)}x`, 'a'.repeat(250), false],
  ])('the glob %s and the name %s', (glob, name, fits) => {
    expect(openGlobs([{ include: true, glob }])(name, false)).toBe(fits);
  });

  test('of globs the last that fits decides, and the opposite of the first where none does', () => {
    const wants = openGlobs([
      { include: true, glob: '*.c' },
      { include: false, glob: 'x.*' },
    ]);
    expect(['a.c', 'x.c', 'y.h'].map((name) => wants(name, false))).toEqual([true, false, false]);
  });

  test("sysmon's own log with its archives, where nothing is named or piped in", async () => {
    const log = file(
      'own/sysmon.log',
      '{"level":30,"time":1795262400000,"host":"h","msg":"sample","cpu":{"used_percent":95}}\n',
    );
    const name = archiveName('sysmon.log', { time: NOW - 3_600_000, serial: 1, form: 'gzip' });
    file(
      `own/${name}`,
      gzipSync('{"level":30,"time":1795258000000,"host":"h","msg":"sample","cpu":{"used_percent":10}}\n'),
    );
    const env = { SYSMON_LOG: log };
    expect((await grep(['-c', 'sample'], { env })).stdout).toBe('2\n');
    const { stdout } = await grep(
      ['--where', 'cpu.used_percent > 90 and host = "h"', '--fields', 'cpu.used_percent'],
      { env },
    );
    expect(stdout).toBe('cpu.used_percent=95\n');
    expect((await grep(['x'], { env: { SYSMON_LOG: join(folder, 'none') } })).stderr).toContain(
      'there is no log at none',
    );
  });
});

describe('what lines say', () => {
  const app = file(
    'app.log',
    [
      { level: 30, time: NOW - 7_200_000, msg: 'slow start', ms: 1200, user: 'ann' },
      { level: 50, time: NOW - 60_000, msg: 'lost it', ms: 7, user: 'bob b' },
      { level: 40, time: NOW - 1000, msg: 'slow again', ms: 900, user: 'ann' },
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  );

  test.each([
    [
      ['--level', 'warn'],
      ['lost it', 'slow again'],
    ],
    [['--since', '1h', '--until', '30s'], ['lost it']],
    [
      ['--where', 'ms > 800 and user = "ann"'],
      ['slow start', 'slow again'],
    ],
    [['--level', 'warn', '-e', 'slow'], ['slow again']],
    [['--level', 'warn', '-v', '-e', 'slow'], ['lost it']],
    [['slow', '--since', '1h'], ['slow again']],
  ])('%j', async (options, messages) => {
    const { stdout, stderr } = await grep([...options, app]);
    expect(stderr).toBe('');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).msg),
    ).toEqual(messages);
  });

  test('fields, as text and as objects', async () => {
    expect((await grep(['--fields', 'user,ms,none', app])).stdout).toBe(
      'user=ann ms=1200\nuser="bob b" ms=7\nuser=ann ms=900\n',
    );
    expect((await grep(['--fields', 'ms', '--json', '--level', 'error', app])).stdout).toBe('{"ms":7}\n');
  });

  test('counts and summaries', async () => {
    expect((await grep(['--count-by', 'user', app])).stdout).toBe(
      'count    part  user\n    2  66.7 %  ann\n    1  33.3 %  bob b\n',
    );
    expect((await grep(['--count-by', 'user', '--json', app])).stdout).toBe(
      '{"field":"user","value":"ann","count":2}\n{"field":"user","value":"bob b","count":1}\n',
    );
    expect((await grep(['--summary', 'ms', 'slow', app])).stdout).toMatch(
      /^ms +count +min +average +p50 +p95 +p99 +max\nnumbers +2 +900 +1050 +1050 /,
    );
  });

  test('a range of times in a file that was last written before it is empty', async () => {
    const old = file('old.log', '{"level":30,"time":1795262399000,"msg":"a clock that was wrong"}\n');
    expect((await grep(['--since', '1h', '-c', old])).stdout).toBe('1\n');
    utimesSync(old, (NOW - 86_400_000) / 1000, (NOW - 86_400_000) / 1000);
    expect((await grep(['--since', '1h', '-c', old])).stdout).toBe('0\n');
  });

  test('--explain says what the lines are', async () => {
    const { code, stdout } = await grep(['--explain', app]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^app\.log: pino/);
  });

  test('-v without a PATTERN inverts nothing', async () => {
    expect((await grep(['-v', '--level', 'warn', app])).code).toBe(2);
  });
});

describe('output', () => {
  test("JSON in ripgrep's shape", async () => {
    const { stdout } = await grep(['--json', '-C1', 'b', file('bytes', Buffer.from('x\nb\xff\n', 'latin1'))]);
    const path = { text: join(folder, 'bytes').slice(folder.length + 1) };
    const stats = { searches: 1, searches_with_match: 1, bytes_searched: 5, matched_lines: 1, matches: 1 };
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { type: 'begin', data: { path } },
      {
        type: 'context',
        data: { path, lines: { text: 'x\n' }, line_number: 1, absolute_offset: 0, submatches: [] },
      },
      {
        type: 'match',
        data: {
          path,
          lines: { bytes: 'Yv8K' },
          line_number: 2,
          absolute_offset: 2,
          submatches: [{ match: { text: 'b' }, start: 0, end: 1 }],
        },
      },
      { type: 'end', data: { path, binary_offset: null, stats } },
      { type: 'summary', data: { stats } },
    ]);
  });

  test('smart case looks at what was typed, not at classes', async () => {
    const path = file('case', 'Foo 1\nfoo x\n');
    expect((await grep(['-S', '-c', 'foo', path])).stdout).toBe('2\n');
    expect((await grep(['-S', '-c', 'Foo', path])).stdout).toBe('1\n');
    expect((await grep(['-S', '-c', 'foo \\S', path])).stdout).toBe('2\n');
  });

  test('lines are harmless on a terminal, and untouched elsewhere', async () => {
    const path = file('evil', 'a\tb \x1b[31mred\n');
    const shown = await grep(['-e', 'b', '--color=never', path], { terminal: true });
    expect(shown.stdout).toBe('a\tb \\x1b[31mred\n');
    expect((await grep(['-e', 'b', path])).stdout).toBe('a\tb \x1b[31mred\n');
  });

  test('colour on a terminal unless NO_COLOR says otherwise', async () => {
    expect((await grep(['pha', greek], { terminal: true })).stdout).toBe(
      'al\x1b[01;31m\x1b[Kpha\x1b[m\x1b[K\n',
    );
    expect((await grep(['pha', greek], { terminal: true, env: { NO_COLOR: '1' } })).stdout).toBe('alpha\n');
    expect((await grep(['pha', greek])).stdout).toBe('alpha\n');
  });

  test('who reads no more ends the search', async () => {
    const test = testWorld({ stdin: 'a\n'.repeat(10) });
    test.closeStdout();
    expect(await main(['grep', 'a', '-', join(folder, 'gone')], test.world)).toBe(0);
    expect(test.stderr()).toBe('');
  });
});
