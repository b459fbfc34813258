/** `sysmon check --grep`: lines of other logs, each counted once, or those of the last minutes. */

import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Machine, openMachine } from './machine.js';

interface Log {
  readonly machine: Machine;
  readonly path: string;
  readonly check: (...words: string[]) => Promise<readonly [number, string]>;
}

const openLog = (text: string, name = 'app.log'): Log => {
  const machine = openMachine();
  const path = machine.path(name);
  writeFileSync(path, text);
  return {
    machine,
    path,
    check: async (...words) => {
      const { code, stdout, stderr } = await machine.run([
        'check',
        path,
        '--state',
        machine.path('st'),
        ...words,
      ]);
      return [code, stderr === '' ? (stdout.split('\n')[0] as string) : stderr];
    },
  };
};

const record = (time: number, level: number, msg: string): string =>
  `${JSON.stringify({ level, time, msg })}\n`;

describe('since the run before', () => {
  test('each line counts once, and only when it is finished', async () => {
    const { path, check } = openLog('Failed one\n');
    const look = () => check('--grep', 'Failed');
    expect(await look()).toEqual([0, expect.stringContaining('lines Failed 0 (lines from now on)')]);
    appendFileSync(path, 'Failed two\nok\nFailed thr');
    expect(await look()).toEqual([1, expect.stringContaining('WARNING - lines Failed 1')]);
    expect(await look()).toEqual([0, expect.stringContaining('lines Failed 0')]);
    appendFileSync(path, 'ee\n');
    expect(await look()).toEqual([1, expect.stringContaining('lines Failed 1')]);
  });

  test('a rotated log is read to its end, and so are those that came and went', async () => {
    const { path, check } = openLog('Failed zero\n');
    const look = () => check('--grep', 'Failed', '--max', '100');
    await look();
    appendFileSync(path, 'Failed a\nFailed b');
    renameSync(path, `${path}.2`);
    writeFileSync(`${path}.1`, 'Failed c\nFailed d\nFailed e\n');
    writeFileSync(path, 'Failed f\n');
    expect(await look()).toEqual([
      0,
      expect.stringMatching(/lines Failed 6 \(lines since the run \S+ ago\)$/),
    ]);
  });

  test('a log that was written anew counts from its beginning, and what may be missing is said', async () => {
    const { path, check } = openLog('Failed zero\nFailed one\n');
    const look = () => check('--grep', 'Failed', '--max', '100');
    await look();
    writeFileSync(path, 'Failed other and longer than before\n');
    expect(await look()).toEqual([
      0,
      expect.stringMatching(/Failed 1 \(.*; some may be missing: a log was replaced/),
    ]);
  });

  test('checks that look for different things count for themselves', async () => {
    const { path, machine, check } = openLog('');
    await check('--grep', 'a');
    await check('--grep', 'b');
    appendFileSync(path, 'a b\n');
    expect((await check('--grep', 'a'))[0]).toBe(1);
    expect((await check('--grep', 'b'))[0]).toBe(1);
    expect(readdirSync(machine.path('st'))).toHaveLength(2);
  });

  test('of different logs too, though they look for the same', async () => {
    const { path, machine, check } = openLog('');
    const other = machine.path('other.log');
    writeFileSync(other, '');
    const look = (log: string) =>
      machine.run(['check', log, '--grep', 'a', '--state', machine.path('st')]).then(({ code }) => code);
    await Promise.all([look(path), look(other)]);
    for (const log of [path, other]) appendFileSync(log, 'a\n');
    expect(await Promise.all([look(path), look(other)])).toEqual([1, 1]);
    expect(await Promise.all([look(path), look(other)])).toEqual([0, 0]);
    // Both together go on where each alone has come to.
    appendFileSync(other, 'a\na\n');
    expect((await check(other, '--grep', 'a', '--max', '9'))[1]).toContain('lines a 2 (lines since the run');
  });

  test('what was not told counts again: a log that cannot be read moves no position', async () => {
    const { path, machine, check } = openLog('');
    await check('--grep', 'a');
    appendFileSync(path, 'a\n');
    expect(await check(machine.path('none'), '--grep', 'a')).toEqual([
      3,
      expect.stringContaining('none: no such file or directory'),
    ]);
    expect((await check('--grep', 'a'))[0]).toBe(1);
  });

  test('a memory that is none is said, and no log is read', async () => {
    const { machine, check } = openLog('a\n');
    await check('--grep', 'a');
    const file = machine.path(`st/${readdirSync(machine.path('st'))[0]}`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ v: 1 });
    writeFileSync(file, '{');
    expect(await check('--grep', 'a')).toEqual([
      3,
      expect.stringContaining('Remove it, and lines are counted'),
    ]);
  });
});

describe('of the last minutes', () => {
  test('lines count by their own times, in what was rotated too', async () => {
    const { machine, path, check } = openLog('');
    const now = machine.clock.now();
    const at = (secondsAgo: number): string => record(now - secondsAgo * 1000, 30, 'Failed');
    writeFileSync(`${path}.1`, at(4000) + at(200));
    writeFileSync(path, at(100) + at(10));
    for (const file of [path, `${path}.1`]) utimesSync(file, now / 1000, now / 1000);
    expect(await check('--grep', 'Failed', '--within', '5m', '--max', '2,3')).toEqual([
      1,
      expect.stringContaining('lines Failed 3 (lines of the last 5m)'),
    ]);
    expect((await check('--grep', 'Failed', '--within', '50s', '--max', '1'))[0]).toBe(0);
  });

  test('lines without times are not guessed at', async () => {
    const { check } = openLog('Failed\n');
    expect(await check('--grep', 'Failed', '--within', '5m')).toEqual([
      3,
      expect.stringContaining('its lines have no times: leave --within out'),
    ]);
  });

  test.each([
    [['--severity', 'level'], 2, 'lines . errors 1; lines . warnings 2'],
    [['--severity', 'level', '--max', '2,1'], 0, 'lines . errors 1'],
    [['--severity', 'level', '--max', '1,1'], 1, 'lines . warnings 2'],
    [['--level', 'error', '--max', '0'], 1, 'lines . 1'],
    [['--where', 'msg = "boom"', '--max', ',0'], 2, 'lines . 1'],
    [['--ignore-case', '--grep', 'BOOM'], 1, 'lines . 3; lines BOOM 1'],
  ])('severities and fields: %j', async (words, code, text) => {
    const { machine, path, check } = openLog('');
    const now = machine.clock.now();
    writeFileSync(path, record(now, 50, 'boom') + record(now, 40, 'hm') + record(now, 30, 'fine'));
    const [found, line] = await check('--grep', '.', '--within', '1h', ...words);
    expect([found, line]).toEqual([code, expect.stringContaining(text)]);
  });
});

test.each([
  [[], 'nothing is said of the lines of'],
  [['--grep', '('], 'no such pattern'],
  [['--grep', 'a', '--grep', 'a'], "--grep 'a' is there twice"],
  [['--grep', 'a', '--max', '5,1'], 'the warning limit 5 is above the critical limit 1'],
  [['--grep', 'a', '--level', 'loud'], 'Give one of trace, debug, info, warn, error, fatal'],
  [['--where', 'status >'], '--where: '],
  [['--grep', 'a', '--line-format', 'pinot'], 'did you mean pino?'],
])('check FILE %j is a mistake, and said to be one', async (words, message) => {
  const [code, text] = await openLog('').check(...words);
  expect([code, text]).toEqual([3, expect.stringContaining(message)]);
});

test.runIf(existsSync('/proc/self'))(
  'a folder that takes none is no place to remember anything in',
  async () => {
    const [code, text] = await openLog('').check('--grep', 'a', '--state', '/proc/none/of/it');
    expect([code, text]).toEqual([3, expect.stringContaining('name another folder with --state')]);
  },
);

test('a limit without what it limits is a mistake', async () => {
  const { code, stderr } = await openMachine().run(['check', '--max', '5']);
  expect([code, stderr]).toEqual([3, expect.stringContaining('--max needs --grep PATTERN FILE')]);
});
