import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../src/commands/index.js';
import { main } from '../src/main.js';
import type { World } from '../src/world.js';
import { temporaryFolder } from './logs/bench-log.js';
import { sysmon, testWorld } from './world.js';

const NAMES = COMMANDS.map(({ name }) => name);

describe('help', () => {
  test.each(NAMES)('sysmon %s --help fits 80 columns, and ends with calls to copy', async (name) => {
    const { code, stdout, stderr } = await sysmon([name, '--help']);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const examples = lines.slice(lines.indexOf('Examples:') + 1).filter((line) => /^ {2}\S/.test(line));
    expect(examples.length).toBeGreaterThan(2);
    for (const line of examples) expect(line).toMatch(new RegExp(`^ {2}sysmon ${name}\\b`));
    expect(stdout).not.toContain('preset');
    expect(stdout).toMatch(/[^\n]\n$/);
    for (const words of ['Exit codes: 0 ', '$SYSMON_LOG', '/etc/sysmon.yml']) expect(stdout).toContain(words);
    expect((await sysmon(['help', name])).stdout).toBe(stdout);
  });

  test('a threshold says what it is without a value, and how ranges and paths are written', async () => {
    for (const name of ['check', 'log']) {
      const help = (await sysmon([name, '--help'])).stdout.replace(/\s+/g, ' ');
      expect(help).toContain('--cpu [warn,crit] CPU in use, % (default: 85,95)');
      expect(help).toContain('--iowait [warn,crit] CPU time waiting for disks, % (default: 40)');
      expect(help).toMatch(/--process <name=warn,crit> [^(]+ \(default: 1:\)/);
      expect(help).toContain('@10:20 from 10 to 20');
      expect(help).toContain("'filesystem[/var].used_percent'");
    }
    const check = (await sysmon(['check', '--help'])).stdout.replace(/\s+/g, ' ');
    expect(check).toMatch(/--log-age \[warn,crit\] [^(]+ \(default: 5m,10m\)/);
    expect((await sysmon(['log', '--help'])).stdout).toMatch(/^Groups: cpu, core, memory/m);
  });

  test('sysmon --help names every command', async () => {
    const { code, stdout } = await sysmon(['--help']);
    expect(code).toBe(0);
    for (const name of NAMES) expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    expect((await sysmon(['help'])).stdout).toBe(stdout);
  });

  test('a call with nothing is a wrong call, and is told what there is', async () => {
    const { code, stdout, stderr } = await sysmon([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: sysmon');
  });
});

test.each([['--version'], ['-V']])('%s', async (word) => {
  expect(await sysmon([word])).toEqual({ code: 0, stdout: 'source\n', stderr: '' });
});

/** A world in which something is otherwise. */
const within = async (argv: readonly string[], change: (world: World) => World) => {
  const { world, stderr } = testWorld();
  return { code: await main(argv, change(world)), stderr: stderr() };
};

test.each([
  ['--help', 1, 'sysmon'],
  ['--version', 1, 'sysmon'],
  ['log --help', 1, 'sysmon log'],
  ['check --list', 3, 'sysmon check'],
])('sysmon %s onto a full disk ends with %d', async (words, code, name) => {
  const failure = Object.assign(new Error('write'), { code: 'ENOSPC', syscall: 'write' });
  const found = await within(words.split(' '), (world) => ({
    ...world,
    stdout: { ...world.stdout, failure: () => failure },
  }));
  expect(found).toEqual({
    code,
    stderr: `${name}: the output could not be written: no space left on device\n`,
  });
});

test.each([
  ['check', 3],
  ['log --count 1 --file -', 1],
])('a bug in %s ends with %d, and says where it is', async (words, code) => {
  const found = await within(words.split(' '), (world) => ({
    ...world,
    get hostname(): string {
      throw new TypeError('no such thing');
    },
  }));
  expect(found.code).toBe(code);
  expect(found.stderr).toMatch(/this is a bug in sysmon source\nTypeError: no such thing\n +at /);
});

test('what Nagios shows says what is wrong with the call', async () => {
  const { code, stdout } = await sysmon(['check', '--format', 'nagios', '--cpu', '9|x']);
  expect([code, stdout]).toEqual([
    3,
    'SYSMON UNKNOWN - --cpu: "9/x" is not a range: "9/x" is not a number\n',
  ]);
  expect((await sysmon(['check', '--cpu', '9x'])).stdout).toBe('');
});

describe('what Nagios shows', () => {
  const excused = async (words: readonly string[], config?: string) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'sysmon'));
    if (config !== undefined) writeFileSync(join(folder, 'sysmon/sysmon.yml'), config);
    return (await sysmon(['check', ...words], { env: { XDG_CONFIG_HOME: folder } })).stdout;
  };
  const WRONG = /^SYSMON UNKNOWN - .*9x/;

  test.each([
    [['--cpu', '9x', '--format=nagios'], undefined],
    [['--cpu', '9x'], 'check: { format: nagios }'],
    [['--format', 'text', '--format', 'nagios', '--cpu', '9x'], undefined],
    [['--format', 'nagios', '--cpu', '9x'], 'check: { format: json }'],
  ])('is asked for by %j and %j', async (words, config) => {
    expect(await excused(words, config)).toMatch(WRONG);
  });

  test.each([
    [['--cpu', '9x', '--process', 'nagios'], undefined],
    [['--process', '--format nagios', '--cpu', '9x'], undefined],
    [['--format', 'text', '--cpu', '9x'], 'check: { format: nagios }'],
  ])('is not asked for by %j and %j', async (words, config) => {
    expect(await excused(words, config)).toBe('');
  });

  test('says what is wrong with the file that asks for it', async () => {
    expect(await excused([], 'check:\n  format: nagios\n  cpu: 9x\n')).toMatch(WRONG);
  });

  test('says that a check was stopped', async () => {
    const { world, stdout } = testWorld();
    const words = ['check', '--format', 'nagios', '--cpu', '101', '--sample', '1h'];
    let stop = (_: string): void => {};
    const ended = main(words, world, (give) => {
      stop = give;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    stop('stopped by SIGTERM, nothing was judged');
    expect([await ended, stdout()]).toEqual([3, 'SYSMON UNKNOWN - stopped by SIGTERM, nothing was judged\n']);
  });
});
