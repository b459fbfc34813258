/**
 * sysmon grep beside GNU grep: the same bytes and the same exit codes, over a corpus of everything that has broken a search, all options
 * in pairs, and random patterns. What differs on purpose stands in DIFFERENCES, each with a case that shows both.
 */

import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/main.js';
import { testWorld } from '../world.js';
import { has, SYSMON } from './sysmon.js';

const folder = mkdtempSync(join(tmpdir(), 'sysmon-grep-'));
const before = process.cwd();

const bytes = (...values: readonly number[]): Buffer => Buffer.from(values);

/** Lines that tell apart what a careless reading would take for the same. */
const CORPUS: Readonly<Record<string, string | Buffer>> = {
  plain: 'alpha\nbeta gamma\nfoo bar foo\n\nFOO Bar\nend of foo\nfoo_bar baz\nalpha beta\n12 34 foo56\n',
  crlf: 'alpha\r\nfoo bar\r\n\r\nbeta\r\nfoo\r\n',
  nul: 'foo\0bar\nalpha\0\0\nbeta foo\0\n\0\nx\n',
  invalid: Buffer.concat([
    Buffer.from('foo'),
    bytes(0xff),
    Buffer.from('bar\néfoo\n'),
    bytes(0xc3, 10, 0x80, 0x81, 10, 0xf5, 0x20, 0xed, 0xa0, 10),
    Buffer.from('€ foo\n'),
  ]),
  bom: '\ufefffoo bar\nalpha\n',
  unfinished: 'alpha\nfoo',
  empty: '',
  blank: '\n\n\n',
  utf8: 'élan Été foo\nÜber straße\nnaïve café\nЖук foo\n',
  many: Array.from(
    { length: 3000 },
    (_, at) => `${at % 97 === 0 ? 'foo ' : ''}line ${at}${' alpha'.repeat(at % 5)}\n`,
  ).join(''),
};
const FILES = Object.keys(CORPUS);

const PATTERNS = [
  'foo',
  'foo bar',
  '^foo',
  'foo$',
  '[a-z]+',
  'o+',
  '',
  'alpha|foo',
  'b.r',
  '^$',
  'FOO',
  '[[:digit:]]+',
].concat([
  'é',
  '.',
  'x*',
  'a.*b',
  '\\bfoo',
  '(fo)(o)',
  '^',
  '$',
  'foo.*',
  '[^a-z ]',
  'ß|É',
  'a{2}|l{1,2}',
  '\\<b',
  'r\\>',
  'line 1?5',
]);

const OPTIONS: readonly (readonly string[])[] = [
  ...['-c', '-l', '-L', '-o', '-n', '-b', '-H', '-h', '-q', '-s', '-i', '-w', '-x', '-v', '-z', '-Z'].map(
    (one) => [one],
  ),
  ...[
    ['-m', '1'],
    ['-m', '2'],
    ['-m', '0'],
    ['-A', '1'],
    ['-B', '2'],
    ['-C', '1'],
    ['-A', '0'],
    ['-2'],
    ['--color=always'],
  ],
  ...[
    ['-F'],
    ['-G'],
    ['--line-buffered'],
    ['-e', 'beta'],
    ['-f', 'patterns'],
    ['--no-group-separator'],
    ['--label=in'],
  ],
];

/** All of one and of two. */
const PAIRS: readonly (readonly string[])[] = OPTIONS.flatMap((one, at) => [
  one,
  ...OPTIONS.slice(at + 1).map((other) => [...one, ...other]),
]).filter((options) => {
  const has = (...words: readonly string[]): boolean => words.some((word) => options.includes(word));
  // GNU grep takes either of two syntaxes, ours the last; and of several patterns ours takes the first that matches, not the longest.
  return !(has('-F') && has('-G')) && !(has('-e', '-f') && has('-o', '--color=always'));
});

/** What differs on purpose, with what each of the two gives. */
const DIFFERENCES: readonly {
  readonly why: string;
  readonly words: readonly string[];
  readonly gnu: string;
  readonly ours: string;
}[] = [
  {
    why: 'of alternatives the leftmost that matches is taken, as in ripgrep, not the longest',
    words: ['-E', '-o', 'foo|foo bar', 'bom'],
    gnu: 'foo bar\n',
    ours: 'foo\n',
  },
  {
    why: "Perl's classes are known: \\d is a digit",
    words: ['-E', '-o', '\\d+', 'plain'],
    gnu: 'd\n',
    ours: '12\n34\n56\n',
  },
  {
    why: 'a byte that is no UTF-8 is no part of a word, and so a word may begin after it',
    words: ['-E', '-c', '\\<b', 'invalid'],
    gnu: '0\n',
    ours: '1\n',
  },
  {
    why: '-w takes a match of nothing between two characters of no word, also where a longer one would touch a word',
    words: ['-E', '-w', '-c', '[^o]?', 'bom'],
    gnu: '0\n',
    ours: '1\n',
  },
];

interface Result {
  readonly code: number;
  readonly out: string;
}

const gnu = (words: readonly string[], input = ''): Result => {
  const { status, stdout } = spawnSync('grep', ['-a', ...words], {
    env: { LC_ALL: 'C.UTF-8' },
    input,
    encoding: 'latin1',
    maxBuffer: 2 ** 30,
  });
  return { code: status ?? -1, out: stdout };
};

/** In this process: thousands of starts would be minutes. */
const ours = async (words: readonly string[], input = ''): Promise<Result> => {
  const { world } = testWorld({ stdin: input });
  const pieces: Buffer[] = [];
  const stdout = {
    ...world.stdout,
    write: (text: string | Uint8Array) => void pieces.push(Buffer.from(text as Uint8Array)),
  };
  const code = await main(['grep', ...words], { ...world, stdout });
  return { code, out: Buffer.concat(pieces).toString('latin1') };
};

/** Without -E GNU grep's patterns are basic ones. */
const withSyntax = (words: readonly string[]): readonly string[] =>
  words.includes('-F') || words.includes('-G') ? words : ['-E', ...words];

const random = (seed: number) => (below: number) => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
  return (seed >>> 8) % below;
};

/** Leaves out what the last two differences touch: edges of words beside bytes that are no UTF-8, and -w with what may match nothing. */
const agreed = (pattern: string, options: readonly string[], files: readonly string[]): readonly string[] => {
  const asksEdges = /\\[b<>]/.test(pattern) || options.includes('-w');
  return files.filter((file) => !asksEdges || (file !== 'invalid' && file !== 'bom'));
};

/** The first cases that differ. */
const compare = async (cases: Iterable<readonly string[]>): Promise<readonly string[]> => {
  const different: string[] = [];
  for (const words of cases) {
    if (!FILES.includes(words.at(-1) as string) && words.at(-2) === '-e') continue;
    const [theirs, mine] = [gnu(withSyntax(words)), await ours(words)];
    if (theirs.code === mine.code && theirs.out === mine.out) continue;
    const [a, b] = [theirs.out.split('\n'), mine.out.split('\n')];
    const at = Math.max(
      0,
      a.findIndex((line, index) => line !== b[index]),
    );
    different.push(`${words.join(' ')}: theirs ${theirs.code} ${a[at]}, ours ${mine.code} ${b[at]}`);
    if (different.length === 5) break;
  }
  return different;
};

beforeAll(() => {
  for (const [name, content] of Object.entries(CORPUS)) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, 'patterns'), 'foo bar\nalp\n');
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!has('grep'))('beside GNU grep', () => {
  test('all options in pairs, with a pattern and files for each', { timeout: 120_000 }, async () => {
    const pick = random(7);
    const cases = PAIRS.map((options) => {
      const pattern = PATTERNS[pick(PATTERNS.length)] as string;
      const files =
        pick(3) === 0 ? FILES : [FILES[pick(FILES.length)], FILES[pick(FILES.length)]].slice(pick(2));
      return [...options, '-e', pattern, ...agreed(pattern, [], files as string[])];
    });
    expect(cases.length).toBeGreaterThan(500);
    expect(await compare(cases)).toEqual([]);
  });

  test('every pattern in every file, with random options', { timeout: 120_000 }, async () => {
    const pick = random(11);
    const cases = PATTERNS.flatMap((pattern) =>
      agreed(pattern, [], FILES).map((file) => [
        ...(PAIRS[pick(PAIRS.length)] as string[]),
        '-e',
        pattern,
        file,
      ]),
    );
    expect(await compare(cases)).toEqual([]);
  });

  test('random patterns', { timeout: 120_000 }, async () => {
    const pick = random(13);
    const ATOMS = [
      'a',
      'b',
      'o',
      'foo',
      '.',
      '[a-f]',
      '[^o]',
      '\\w',
      '\\W',
      ' ',
      'é',
      '(a|o)',
      '(fo+)',
      '^',
      '$',
      '\\b',
      'l',
    ];
    const REPEATS = ['', '', '', '*', '+', '?', '{2}', '{1,2}'];
    const cases = Array.from({ length: 500 }, () => {
      const parts = Array.from({ length: 1 + pick(4) }, () => {
        const atom = ATOMS[pick(ATOMS.length)] as string;
        return /^(\^|\$|\\b)$/.test(atom) ? atom : atom + REPEATS[pick(REPEATS.length)];
      });
      const options = [['-c'], ['-n'], ['-i', '-c'], ['-w', '-c'], ['-x', '-c'], ['-v', '-c'], ['-l']][
        pick(7)
      ] as string[];
      const pattern = parts.join('');
      return [...options, '-e', pattern, ...agreed(pattern, options, FILES)];
    });
    expect(await compare(cases)).toEqual([]);
  });

  test('standard input, several times, and beside files', async () => {
    for (const words of [
      ['-n', 'o', '-'],
      ['o', '-', 'plain'],
      ['-c', 'o', '-', '-'],
      ['-H', '--label=x', 'o', '-'],
    ])
      expect(await ours(words, 'one\ntwo'), words.join(' ')).toEqual(gnu(['-E', ...words], 'one\ntwo'));
  });

  test('files that are not there, directories, and what -q and -s make of them', async () => {
    mkdirSync('tree/sub', { recursive: true });
    writeFileSync('tree/a.txt', 'foo\n');
    writeFileSync('tree/sub/b.log', 'foo\nx\n');
    const cases = [
      ['foo', 'gone'],
      ['-s', 'foo', 'gone', 'plain'],
      ['-q', 'foo', 'gone', 'plain'],
      ['-q', 'zzz', 'gone', 'plain'],
      ['-c', 'foo', 'tree', 'plain'],
      ['-L', 'foo', 'tree', 'plain'],
      ['-d', 'skip', 'foo', 'tree', 'plain'],
      ['-v', '', 'gone'],
      ['-c', 'foo', 'plain/x'],
    ];
    expect(await compare(cases)).toEqual([]);
    // In the order of names here, in the directory's there.
    for (const words of [
      ['-r', 'foo', 'tree'],
      ['-rc', 'foo', 'tree'],
      ['-r', '--include=*.log', 'foo', 'tree'],
      ['-rh', 'foo', 'tree', 'plain'],
    ].concat([
      ['-r', '--exclude=*.txt', 'foo', 'tree'],
      ['-r', '--exclude-dir=sub', 'foo', 'tree'],
      ['-rl', 'foo', 'tree/'],
      ['--exclude=plain', 'foo', 'plain', 'bom'],
    ])) {
      const [theirs, mine] = [gnu(['-E', ...words]), await ours(words)];
      const sorted = ({ code, out }: Result) => ({ code, lines: out.split('\n').sort() });
      expect(sorted(mine), words.join(' ')).toEqual(sorted(theirs));
    }
  });

  test.each(DIFFERENCES)('$why', async ({ words, gnu: theirs, ours: mine }) => {
    expect(gnu(words).out).toBe(theirs);
    expect((await ours(words)).out).toBe(mine);
  });

  test('a line of 100 MB', { timeout: 60_000 }, () => {
    const line = Buffer.alloc(100_000_000, 'x');
    line.write('needle', 60_000_000);
    writeFileSync('long', Buffer.concat([Buffer.from('a\n'), line, Buffer.from('\nneedle b')]));
    for (const words of [
      ['-c', 'needle', 'long'],
      ['-ob', 'needle', 'long'],
      ['-vn', 'needle', 'long'],
      ['-c', 'x$', 'long'],
    ]) {
      const { status, stdout } = spawnSync(process.execPath, [SYSMON, 'grep', ...words], {
        encoding: 'latin1',
      });
      expect({ code: status, out: stdout }, words.join(' ')).toEqual(gnu(words));
    }
    rmSync('long');
  });

  test('a file that several threads search, in the same order', { timeout: 60_000 }, () => {
    const piece = Array.from(
      { length: 20_000 },
      (_, at) => `${at} ${'lorem ipsum '.repeat(at % 9)}${at % 7 === 0 ? 'needle' : ''}\n`,
    ).join('');
    for (let size = 0; size < 80_000_000; size += piece.length) appendFileSync('large', piece);
    for (const words of [
      ['needle'],
      ['-c', 'needle'],
      ['-v', 'needle'],
      ['-ob', 'n.*e$'],
      ['-l', 'needle'],
      ['-L', 'needle'],
      ['-q', 'zzz'],
      ['-c', 'zzz'],
    ]) {
      const all = ['-H', ...words, 'large'];
      const { status, stdout } = spawnSync(process.execPath, [SYSMON, 'grep', ...all], {
        encoding: 'latin1',
        maxBuffer: 2 ** 30,
      });
      const theirs = gnu(['-E', ...all]);
      expect(status, words.join(' ')).toBe(theirs.code);
      expect(stdout === theirs.out, words.join(' ')).toBe(true);
    }
  });

  test('a reader that has enough ends it, quietly and early', { timeout: 60_000 }, async () => {
    const grep = spawn(process.execPath, [SYSMON, 'grep', '-v', 'zzz', 'large', '/dev/zero'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    grep.stderr.on('data', (text) => {
      stderr += text;
    });
    grep.stdout.once('data', () => grep.stdout.destroy());
    const code = await new Promise((resolve) => grep.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('a file that the output goes to is not searched', () => {
    const both = (command: string, words: readonly string[]): readonly unknown[] => {
      writeFileSync('growing', 'foo\n');
      const out = openSync('growing', 'a');
      const { status, stderr } = spawnSync(command, [...words, 'foo', 'growing', 'bom'], {
        stdio: ['ignore', out, 'pipe'],
        encoding: 'utf8',
      });
      closeSync(out);
      return [status, stderr.replace(/^(sysmon )?grep/, ''), readFileSync('growing', 'utf8')];
    };
    for (const options of [[], ['-c'], ['-m', '1'], ['-l']])
      expect(both(process.execPath, [SYSMON, 'grep', ...options]), options.join(' ')).toEqual(
        both('grep', options),
      );
  });
});
