/** Side by side with Debian's tail: the same scripts, the same bytes on standard output, messages and exit codes. */

import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isRoot, SYSMON } from './sysmon.js';

const folder = mkdtempSync(join(tmpdir(), 'sysmon-tail-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { ...process.env, LC_ALL: 'C', SYSMON_LOG: '/dev/null/sysmon.log' };

const PROGRAMS = {
  gnu: ['tail'],
  ours: [process.execPath, SYSMON, 'tail'],
} as const;

type Program = keyof typeof PROGRAMS;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Messages without the program's name, and without advice, which is everybody's own. */
const bareMessages = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => !/^(Try '| {2}\S)/.test(line))
    .map((line) => line.replace(/^(?:sysmon )?tail: /, ''));

interface Shown {
  /** `running` where it had to be stopped. */
  readonly code: number | null | 'running';
  readonly stdout: string;
  readonly messages: readonly string[];
}

describe('what ends by itself', () => {
  const files = join(folder, 'forms');
  mkdirSync(files);
  const make = (name: string, text: string): void => writeFileSync(join(files, name), text);
  const numbers = (from: number, to: number): string =>
    Array.from({ length: to - from + 1 }, (_, n) => `${from + n}\n`).join('');
  make('a', numbers(1, 20));
  make('b', numbers(101, 103));
  make('e', '');
  make('nonl', 'x\ny');
  make('big', Array.from({ length: 20_000 }, (_, n) => `line ${n} of some text here\n`).join(''));
  make('bigno', `${Array.from({ length: 20_000 }, (_, n) => `line ${n}\n`).join('')}end`);
  make('zero', 'a\0b\nc\0d\0e');
  make('long', `${'x'.repeat(300_000)}\n${'y'.repeat(200_000)}\n`);
  make('nl', '\n'.repeat(50));
  make('closed', '1\n');
  chmodSync(join(files, 'closed'), 0);
  mkdirSync(join(files, 'd'));
  symlinkSync('a', join(files, 'link'));
  symlinkSync('nowhere', join(files, 'dangling'));

  const runIn = async ([program, ...words]: readonly string[], stdin: string | 'ignore'): Promise<Shown> => {
    const child = spawn(program as string, words, {
      cwd: files,
      env,
      stdio: [stdin === 'ignore' ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const kept = ['', ''];
    [child.stdout, child.stderr].forEach((stream, index) => {
      stream?.setEncoding('latin1').on('data', (text: string) => {
        kept[index] += text;
      });
    });
    // Who does not read it may be gone already.
    child.stdin?.on('error', () => {}).end(stdin);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, stdout: kept[0] as string, messages: bareMessages(kept[1] as string) };
  };

  /** Ours, then GNU's. */
  const both = (words: readonly string[], stdin: string | 'ignore'): Promise<[Shown, Shown]> =>
    Promise.all([runIn([...PROGRAMS.ours, ...words], stdin), runIn([...PROGRAMS.gnu, ...words], stdin)]);

  const FORMS =
    `a|-n 3 a|-n3 a|-n -3 a|-n +18 a|-n +0 a|-n +21 a|-n 0 a|-n 0 none|-5|-5 a|+18 a|-3 -- a|-3 - a|-l a|-2c a|-b a
    -c 5 a|-c5 a|-c -5 a|-c +5 a|-c +1000 a|-c 1000 a|-c 0 d|-n 1K a|-n 1kB a|-n 1b a|-c 1KiB a|-c K a|-n 2MB a|-n 2m a
    -n 5000 big|-c 5000 big|-c 100000 big|-n +19995 big|-c +540000 big|bigno|-n1 bigno|-n2 bigno|-n +20001 bigno|-n +20002 bigno
    -z zero|-z -n 2 zero|-z -n +3 zero|--zero zero|-n 1 long|-n 2 long|-c 200001 long|-n 3 nl|-n 100 nl|-n +49 nl|-c 3 nl
    -n 1 nonl|-c+3 nonl|-n1 e|a b|a b e nonl|-q a b e|-v a|-vq a|-qv a|-nq a|-n5q a|-qn5 a|a -n 2|-n 2 a b -v|--lin=2 a|--lines 3 a
    --bytes=3 -n 2 a|-n 2 --bytes=3 a|-n +5 -n 3 a|--retry a|--re a|--pid=1 a|link|dangling|-n 1 a link -v|d|d a b|none a|a none b
    none/x a/x|-f d|-f none|--follow=name none|-F -|--follow=name -|-f -f -q none|-n 0 -f none|-|-n1 -|-n1 - a|-v -|-n +2 -|-c +3 -|-c 3 -
    /dev/null|-n 3 /proc/version|-c 5 /proc/version|-c +5 /proc/version|-n +1 /proc/version|-n1 /proc/self/nothing
    -n x a|-c x a|-n 1x a|-n + a|-n - a|-n +K a|-n 2e1 a|-n 1.5 a|-n 0x10 a|-5 a b|-5 -f a|a -5|-n 2 -5 a|-s x a|-s -1 a|-s nan a
    --pid=abc a|--pid=99999999999 a|--max-unchanged-stats=x a|-n|-c|-Z|-x5 a|--foo|--quiet=3 a|--s a|--l=3 a|-- -a|-f -- -a`
      .split(/\||\n\s*/)
      .concat(isRoot ? [] : ['closed', 'closed a', '-f closed']);

  test.concurrent.each(FORMS)('tail %s', async (form) => {
    for (const stdin of /(^| )-( |$)/.test(form) ? ['p1\np2\np3\n', 'no end', ''] : ['ignore']) {
      // Without a file and without input sysmon shows its own log.
      if (form === '-5' && stdin === 'ignore') continue;
      const [ours, gnu] = await both(form.split(' '), stdin);
      expect(ours).toEqual(gnu);
    }
  });

  test('tail without a file reads what is piped in', async () => {
    for (const words of [[], ['-3']]) {
      const [ours, gnu] = await both(words, numbers(1, 30));
      expect(ours).toEqual(gnu);
    }
  });

  test('a number beyond all files means all of them, as in newer coreutils', async () => {
    for (const words of [
      ['-n', '99999999999999999999999', 'b'],
      ['-c', '1Q', 'b'],
    ])
      expect((await runIn([...PROGRAMS.ours, ...words], 'ignore')).stdout).toBe(numbers(101, 103));
  });

  test('a closed pipe ends it', () => {
    const reader = `'${process.execPath}' '${SYSMON}' tail -n +1 -f big | head -1`;
    const { stdout, stderr, error } = spawnSync('sh', ['-c', reader], {
      cwd: files,
      env,
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect({ stdout, stderr, error }).toEqual({
      stdout: 'line 0 of some text here\n',
      stderr: '',
      error: undefined,
    });
  });
});

/** What happens while a program follows; `here` is its folder. */
type Step = (here: Here) => void;

interface Here {
  readonly path: (name: string) => string;
  readonly write: (name: string, text: string) => void;
  readonly add: (name: string, text: string) => void;
  readonly kill: () => void;
}

interface Scenario {
  readonly words: string;
  readonly before: Step;
  readonly steps: readonly Step[];
  readonly stdin?: { readonly file: string } | { readonly text: string };
  /** What GNU tail shows where ours shows something better, by the mode in which it does; messages are then not compared. */
  readonly gnu?: Partial<Record<Mode, string>>;
  readonly ours?: string;
  /** Whether messages may differ, as where GNU tail tells of its own troubles. */
  readonly otherWords?: true;
}

type Mode = 'events' | 'polling';

const nothing: Step = () => {};
const write =
  (name: string, text: string): Step =>
  (here) =>
    here.write(name, text);
const add =
  (name: string, text: string): Step =>
  (here) =>
    here.add(name, text);
const rename =
  (from: string, to: string): Step =>
  ({ path }) =>
    renameSync(path(from), path(to));
const unlink =
  (name: string): Step =>
  ({ path }) =>
    unlinkSync(path(name));
const all =
  (...steps: readonly Step[]): Step =>
  (here) => {
    for (const step of steps) step(here);
  };
const fifo =
  (name: string): Step =>
  ({ path }) => {
    spawnSync('mkfifo', [path(name)]);
  };
/** By a process of its own, which waits for the reader. */
const feed =
  (name: string, text: string): Step =>
  ({ path }) => {
    spawn('sh', ['-c', 'printf %s "$1" > "$2"', 'sh', text, path(name)], { stdio: 'ignore' });
  };

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  append: {
    words: '-f x',
    before: write('x', '1\n2\n'),
    steps: [add('x', '3\n'), add('x', 'half'), add('x', ' more\n')],
  },
  'two files': {
    words: '-f x y',
    before: all(write('x', '1\n'), write('y', '2\n')),
    steps: [add('x', '3\n'), add('y', '4\n'), add('y', '5\n'), add('x', '6\n')],
  },
  'two files, quiet': {
    words: '-qf x y',
    before: all(write('x', '1\n'), write('y', '2\n')),
    steps: [add('x', '3\n'), add('y', '4\n')],
  },
  'one file, named': { words: '-vf x', before: write('x', '1\n'), steps: [add('x', '2\n')] },
  'no lines first': { words: '-n0 -f x', before: write('x', '1\n'), steps: [add('x', '2\n')] },
  'two bytes first': { words: '-c2 -f x', before: write('x', '1\n2\n'), steps: [add('x', '3\n')] },
  'from line 2': { words: '-n +2 -f x', before: write('x', '1\n2\n3\n'), steps: [add('x', '4\n')] },
  'from line 5 of 3': {
    words: '-n +5 -f x',
    before: write('x', '1\n2\n3\n'),
    steps: [add('x', '4\n5\n6\n')],
  },
  'lines of NULs': { words: '-z -n1 -f x', before: write('x', '1\x002\0'), steps: [add('x', '4\x005')] },
  'moved and made anew': {
    words: '-F x',
    before: write('x', '1\n'),
    steps: [rename('x', 'x.1'), write('x', '2\n'), add('x', '3\n')],
  },
  'moved and made anew, by name': {
    words: '--follow=name x',
    before: write('x', '1\n'),
    steps: [rename('x', 'x.1')],
  },
  'moved, by descriptor': {
    words: '-f x',
    before: write('x', '1\n'),
    steps: [rename('x', 'x.1'), add('x.1', '2\n'), write('x', 'no\n'), add('x.1', '3\n')],
  },
  replaced: {
    words: '-F x',
    before: all(write('x', '1\n'), write('n', '2\n')),
    steps: [rename('n', 'x'), add('x', '3\n')],
  },
  deleted: {
    words: '-F x',
    before: write('x', '1\n'),
    steps: [unlink('x'), write('x', '2\n'), add('x', '3\n')],
  },
  'deleted, by name': { words: '--follow=name x', before: write('x', '1\n'), steps: [unlink('x')] },
  truncated: { words: '-f x', before: write('x', '1\n2\n3\n'), steps: [write('x', ''), add('x', '4\n')] },
  'truncated, by name': {
    words: '-F x',
    before: write('x', '1\n2\n3\n'),
    steps: [write('x', '9\n'), add('x', '4\n')],
  },
  missing: { words: '-F x', before: nothing, steps: [write('x', '1\n'), add('x', '2\n')] },
  'missing, by descriptor': {
    words: '-f --retry x',
    before: nothing,
    steps: [write('x', '1\n'), add('x', '2\n')],
  },
  'missing and another': {
    words: '-F x y',
    before: write('x', '1\n'),
    steps: [write('y', '2\n'), add('x', '3\n'), add('y', '4\n')],
  },
  'missing directory': {
    words: '-F d/x',
    before: nothing,
    steps: [({ path }) => mkdirSync(path('d')), write('d/x', '1\n'), add('d/x', '2\n')],
    otherWords: true,
  },
  'directory deleted and made anew': {
    words: '-F d/x',
    before: all(({ path }) => mkdirSync(path('d')), write('d/x', '1\n')),
    steps: [
      ({ path }) => rmSync(path('d'), { recursive: true }),
      ({ path }) => mkdirSync(path('d')),
      write('d/x', '2\n'),
      add('d/x', '3\n'),
    ],
    otherWords: true,
  },
  'symbolic link': {
    words: '-F l',
    before: all(write('x', '1\n'), ({ path }) => symlinkSync('x', path('l'))),
    steps: [add('x', '2\n'), add('x', '3\n')],
  },
  'a directory in its place': {
    words: '-F x',
    before: write('x', '1\n'),
    steps: [
      all(unlink('x'), ({ path }) => mkdirSync(path('x'))),
      ({ path }) => rmdirSync(path('x')),
      write('x', '2\n'),
    ],
    otherWords: true,
  },
  'a directory at first': {
    words: '-F x',
    before: ({ path }) => mkdirSync(path('x')),
    steps: [({ path }) => rmdirSync(path('x')), write('x', '2\n')],
  },
  'a directory and a file': {
    words: '-f x y',
    before: all(({ path }) => mkdirSync(path('x')), write('y', '1\n')),
    steps: [add('y', '2\n')],
  },
  'a process that ends': {
    words: '-f --pid=PID x',
    before: write('x', '1\n'),
    steps: [add('x', '2\n'), ({ kill }) => kill()],
  },
  'a process that is not there': { words: '-f --pid=99999999 x', before: write('x', '1\n'), steps: [] },
  'a FIFO': { words: 'p', before: fifo('p'), steps: [feed('p', '1\n2\n')] },
  'a FIFO, followed': { words: '-f p', before: fifo('p'), steps: [feed('p', '1\n'), feed('p', '2\n')] },
  'standard input, a file': {
    words: '-f -',
    before: write('in', '1\n'),
    stdin: { file: 'in' },
    steps: [add('in', '2\n')],
  },
  'standard input, a pipe': { words: '-f', before: nothing, stdin: { text: '1\n2\n' }, steps: [] },
  'standard input, a pipe, and a file': {
    words: '-f - x',
    before: write('x', '7\n'),
    stdin: { text: '1\n2\n' },
    steps: [add('x', '8\n')],
  },
  'a device': { words: '-f /dev/null', before: nothing, steps: [] },
  'another file of the same size': {
    words: '-F x',
    before: all(write('x', '1\n'), write('y', '7\n')),
    steps: [all(unlink('x'), ({ path }) => linkSync(path('y'), path('x')), unlink('y')), add('x', '8\n')],
    otherWords: true,
  },
  'the last bytes taken away': {
    words: '-F x',
    before: write('x', '1\n2\n3\n'),
    steps: [({ path }) => truncateSync(path('x'), 4), add('x', '4\n')],
  },
  'a link that moves': {
    words: '-F l',
    before: all(write('x', '1\n'), write('y', '9\n'), ({ path }) => symlinkSync('x', path('l'))),
    steps: [all(add('x', 'last\n'), unlink('l'), ({ path }) => symlinkSync('y', path('l'))), add('y', '2\n')],
  },
  // From here on ours is better.
  'truncated and longer again': {
    words: '-F x',
    before: write('x', '1\n2\n'),
    steps: [write('x', '3333333333\n'), add('x', '4\n')],
    // Told at once, GNU tail may see the file while it is empty.
    gnu: { polling: '1\n2\n333333\n4\n' },
    ours: '1\n2\n3333333333\n4\n',
  },
  'moved away and back': {
    words: '-F x',
    before: write('x', '1\n'),
    steps: [rename('x', 'z'), rename('z', 'x'), add('x', '2\n')],
    gnu: { events: '1\n1\n2\n', polling: '1\n1\n2\n' },
    ours: '1\n2\n',
  },
  'written to after it was moved': {
    words: '-F x',
    before: write('x', '1\n'),
    steps: [all(rename('x', 'x.1'), add('x.1', 'late\n'), write('x', '2\n')), add('x', '3\n')],
    gnu: { events: '1\n2\n3\n' },
    ours: '1\nlate\n2\n3\n',
  },
  'another file under the same number': {
    words: '-F x',
    before: write('x', '1\n2\n'),
    // On ext4 and tmpfs a new file often has the number of the one that was just deleted; so has the old one rewritten.
    steps: [({ path }) => writeFileSync(path('x'), 'a\nb\nc\n', { flag: 'r+' }), add('x', 'd\n')],
    gnu: { events: '1\n2\nc\nd\n', polling: '1\n2\nc\nd\n' },
    ours: '1\n2\na\nb\nc\nd\n',
  },
};

const MODES: Readonly<Record<Mode, Readonly<Record<Program, readonly string[]>>>> = {
  events: { gnu: ['-s', '.1'], ours: ['-s', '.1'] },
  polling: {
    gnu: ['---disable-inotify', '-s', '.05', '--max-unchanged-stats=1'],
    ours: ['---disable-inotify', '-s', '.05', '--max-unchanged-stats=1'],
  },
};

/** A step is over when nothing was shown for so long, ms. */
const QUIET = 300;

/** How long a start may take, ms: several run at once. */
const START = 1500;

let serial = 0;

/** The end of a pipe that holds a text, and that nobody writes to any more. Those that Node makes are sockets. */
const pipeWith = (path: string, text: string): number => {
  spawnSync('mkfifo', [path]);
  const writer = openSync(path, 'r+');
  const reader = openSync(path, 'r');
  writeSync(writer, text);
  closeSync(writer);
  return reader;
};

const play = async (scenario: Scenario, mode: Mode, program: Program): Promise<Shown> => {
  const place = join(folder, `run-${serial++}`);
  mkdirSync(place);
  const outputs = [`${place}.out`, `${place}.err`] as const;
  const descriptors = outputs.map((path) => openSync(path, 'w'));
  const path = (name: string): string => join(place, name);
  const sleeper = scenario.words.includes('PID') ? spawn('sleep', ['1000'], { stdio: 'ignore' }) : undefined;
  const here: Here = {
    path,
    write: (name, text) => writeFileSync(path(name), text),
    add: (name, text) => appendFileSync(path(name), text),
    kill: () => sleeper?.kill('SIGKILL'),
  };
  scenario.before(here);
  const { stdin } = scenario;
  const input =
    stdin && ('file' in stdin ? openSync(path(stdin.file), 'r') : pipeWith(path('stdin'), stdin.text));
  const words = scenario.words.split(' ').map((word) => word.replace('PID', String(sleeper?.pid)));
  const [command, ...first] = [...PROGRAMS[program], ...MODES[mode][program], ...words];
  const [out, err] = descriptors as [number, number];
  const child = spawn(command as string, first, {
    cwd: place,
    env,
    stdio: [input ?? 'ignore', out, err],
  });
  let code: Shown['code'] = 'running';
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (status) => {
      code = status;
      resolve();
    });
  });
  if (input !== undefined) closeSync(input);
  const size = (): number => outputs.reduce((sum, file) => sum + statSync(file).size, 0);
  const settle = async (most: number): Promise<void> => {
    for (let waited = 0; size() === 0 && code === 'running' && waited < most; waited += 20) await pause(20);
    for (let before = -1; before !== size(); await pause(QUIET)) before = size();
  };
  await settle(START);
  for (const step of scenario.steps) {
    step(here);
    await settle(0);
  }
  const found = code;
  child.kill('SIGKILL');
  sleeper?.kill('SIGKILL');
  await ended;
  for (const descriptor of descriptors) closeSync(descriptor);
  const [stdout = '', stderr = ''] = outputs.map((file) => readFileSync(file, 'latin1'));
  return { code: found, stdout, messages: bareMessages(stderr) };
};

/** Most of a scenario is waiting: so many are played at once. */
const AT_ONCE = 8;

/** Plays everything, a few at a time, in the order of the tests. */
const playAll = (): ReadonlyMap<string, Promise<readonly [gnu: Shown, ours: Shown]>> => {
  const lanes = Array.from({ length: AT_ONCE }, () => Promise.resolve<unknown>(undefined));
  const played = new Map<string, Promise<readonly [gnu: Shown, ours: Shown]>>();
  for (const mode of Object.keys(MODES) as Mode[])
    for (const [name, scenario] of Object.entries(SCENARIOS)) {
      const lane = played.size % AT_ONCE;
      const one = (lanes[lane] as Promise<unknown>).then(() =>
        Promise.all([play(scenario, mode, 'gnu'), play(scenario, mode, 'ours')]),
      );
      lanes[lane] = one.catch(() => {});
      played.set(`${mode} ${name}`, one);
    }
  return played;
};

describe('following', () => {
  let played: ReturnType<typeof playAll>;
  beforeAll(() => {
    played = playAll();
  });

  describe.each(Object.keys(MODES) as Mode[])('%s', (mode) => {
    test.each(Object.entries(SCENARIOS))('%s', async (name, scenario) => {
      const [gnu, ours] = (await played.get(`${mode} ${name}`)) as readonly [Shown, Shown];
      const better = scenario.gnu?.[mode];
      if (better !== undefined) {
        expect([gnu.stdout, ours.stdout]).toEqual([better, scenario.ours]);
        expect(ours.code).toBe(gnu.code);
      } else if (scenario.otherWords) expect([ours.stdout, ours.code]).toEqual([gnu.stdout, gnu.code]);
      else if (scenario.ours === undefined) expect(ours).toEqual(gnu);
      else expect(ours.stdout).toBe(scenario.ours);
    });
  });
});
