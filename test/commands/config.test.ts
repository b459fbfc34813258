import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { closedLog, configFiles, defaultLog, findLog, stateFolder } from '../../src/commands/places.js';
import { testWorld } from '../world.js';
import { type Machine, openMachine } from './machine.js';

const put = (machine: Machine, name: string, text: string): string => {
  const path = machine.path(name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};

/** The user's own file is read, and nothing else of this machine. */
const run = (machine: Machine, ...words: string[]) =>
  machine.run(words, {
    uid: 1000,
    env: { XDG_CONFIG_HOME: machine.path('config'), XDG_STATE_HOME: machine.path('state') },
  });

describe('layers', () => {
  test('the user’s own file is read, and the command line goes before it', async () => {
    const machine = openMachine();
    put(machine, 'config/sysmon/sysmon.yml', 'check:\n  memory: 30,90\n');
    expect((await run(machine, 'check')).code).toBe(1);
    expect((await run(machine, 'check', '--memory', '50')).code).toBe(0);
  });

  test('--config is read instead of it', async () => {
    const machine = openMachine();
    put(machine, 'config/sysmon/sysmon.yml', 'check:\n  memory: 30\n  verbose: true\n');
    const other = put(machine, 'other.yml', 'check:\n  load: 9\n');
    const { code, stdout } = await run(machine, 'check', '--config', other, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).verdicts.map(({ rule }: { rule: string }) => rule)).toEqual(['load']);
  });

  test('what stands outside of the sections is for every command, and a section goes before it', async () => {
    const machine = openMachine();
    const file = put(
      machine,
      'all.yml',
      `file: ${machine.path('shared')}\nlog:\n  count: 2\n  only: [cpu, system]\ncheck:\n  file: ${machine.path('other')}\n`,
    );
    expect(await run(machine, 'log', '--config', file)).toMatchObject({ code: 0, stderr: '' });
    expect(machine.lines('shared').map(({ msg }) => msg)).toEqual([
      'schema',
      'start',
      'sample',
      'sample',
      'stop',
    ]);
    put(machine, 'other', 'hello\n');
    expect(await run(machine, 'check', '--config', file)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(
        `${machine.path('other')}: it is not a log of sysmon\n  It is what the configuration names.`,
      ),
    });
  });

  test('a file for every command says where the log is: for one that is yet to begin, and to show it nobody asks', async () => {
    const machine = openMachine();
    const log = machine.path('vitals.log');
    const file = put(machine, 'all.yml', `file: ${log}\n`);
    expect(await run(machine, 'check', '--memory', '50', '--config', file)).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect((await run(machine, 'check', '--memory', '50', '--file', log, '--config', file)).code).toBe(3);
    expect((await run(machine, 'log', '--count', '1', '--config', file)).code).toBe(0);
    machine.memory(70);
    machine.pass(3600);
    const { stdout } = await run(machine, 'export', '--last', '--format', 'json', '--config', file);
    expect(JSON.parse(stdout)).toMatchObject({ msg: 'sample', memory: { used_percent: 40 } });
    const watched = await run(machine, 'watch', '--json', '--count', '1', '--config', file);
    expect(JSON.parse(watched.stdout.trim().split('\n').at(-1) as string).memory.used_percent).toBe(70);
  });

  test('a process to look at is named where that is wanted: for a check it is all that is judged', async () => {
    const machine = openMachine();
    const { code, stderr } = await run(
      machine,
      'check',
      '--config',
      put(machine, 'x.yml', 'process: node\n'),
    );
    expect(code).toBe(3);
    expect(stderr).toContain('x.yml:1:1: unknown option "process"\n  It belongs under "check:" or "log:"');
  });

  test('an empty file, and other commands’ sections, change nothing', async () => {
    const machine = openMachine();
    for (const text of ['', '# nothing\n', 'log:\n  interval: 9\n', 'check:\n'])
      expect(
        (await run(machine, 'check', '--memory', '50', '--config', put(machine, 'x.yml', text))).code,
      ).toBe(0);
  });
});

describe('values', () => {
  test('a list is an option given several times; true is one without a value; false is its no- form', async () => {
    const machine = openMachine();
    const file = put(
      machine,
      'x.yml',
      'check:\n  memory: true\n  file-age: [/a=5m, /b=1d]\n  color: false\n  list: true\n  warning: memory.used_bytes=10\n',
    );
    const { code, stdout } = await run(machine, 'check', '--config', file);
    expect(code).toBe(0);
    const rules = stdout.trim().split('\n').slice(1);
    expect(rules.map((line) => line.split(/ {2,}/)[0])).toEqual([
      'memory',
      'file-age /a',
      'file-age /b',
      'memory.used_bytes',
    ]);
    expect(rules[0]).toContain('warning above 90 %');
  });

  test('--print-config says what holds though nobody set it, as comments', async () => {
    const machine = openMachine();
    const logged = (await run(machine, 'log', '--keep', '3', '--print-config')).stdout;
    const path = machine.path('state/sysmon/sysmon.log');
    expect(logged).toMatch(/^ {2}keep: 3$/m);
    for (const line of ['interval: 5s', 'detail-interval: 1m', 'max-size: 100MB', 'compress: true'])
      expect(logged).toContain(`\n  # ${line}\n`);
    for (const command of ['log', 'check', 'export']) {
      const { code, stdout } = await run(machine, command, '--print-config');
      expect([code, stdout]).toEqual([0, expect.stringContaining(`\n  # file: ${path}\n`)]);
      // All of it is a comment, so that the file changes nothing.
      expect(parse(stdout)).toEqual(
        expect.objectContaining({ [command]: command === 'export' ? null : expect.anything() }),
      );
    }
  });

  test('--print-config prints a file that gives the same', async () => {
    const machine = openMachine();
    const words = [
      '--interval',
      '500ms',
      '--max-size',
      '10MB',
      '--no-compress',
      '--only',
      'cpu,memory',
      '--memory',
    ];
    const first = await run(machine, 'log', ...words, '--cpu', '80,90', '--print-config');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^ {2}interval: 0.5$/m);
    expect(first.stdout).toMatch(/^ {2}compress: false$/m);
    const second = await run(
      machine,
      'log',
      '--config',
      put(machine, 'x.yml', first.stdout),
      '--print-config',
    );
    const body = (text: string): string => text.slice(text.indexOf('\n'));
    expect(body(second.stdout)).toBe(body(first.stdout));
    expect(second.stdout).toContain(machine.path('x.yml'));
  });
});

describe('mistakes are told with line and column', () => {
  test.each([
    ['chek:\n  cpu: 80\n', '1:1: unknown option "chek"', 'Did you mean check?'],
    ['check:\n  cpuu: 80\n', '2:3: unknown option "cpuu"', 'Did you mean cpu?'],
    ['check:\n  zzzzzz: 80\n', '2:3: unknown option "zzzzzz"', undefined],
    ['check:\n  config: x\n', '2:3: unknown option "config"', undefined],
    ['check:\n  sample: 0\n', '2:11: sample: It must be at least 10ms.', undefined],
    ['check:\n  verbose: 3\n', '2:12: verbose: expected true or false', undefined],
    ['check:\n  missing: x\n', '2:12: missing: expected one of unknown, ok', undefined],
    ['check:\n  sample: true\n', '2:11: sample: expected a value, not true or false', undefined],
    ['check:\n  sample: {a: 1}\n', '2:11: sample: expected a value', undefined],
    ['check:\n  - cpu\n', '2:3: expected the options of "sysmon check"', undefined],
    ['- check\n', '1:1: expected options as "name: value"', undefined],
    ['procfs: 1\nsource: x\n', '2:9: source: expected one of auto, linux, portable', undefined],
    ['check: [\n', '1:8: "[" has no end', undefined],
    ['check:\n  disk: [80\n  cpu: 90\n', '2:9: "[" has no end', undefined],
    ['check: {cpu: [80, {\n', '1:19: "{" has no end', undefined],
    ['check:\n  disk: [80, 90]]\n', '2:17: ', undefined],
    ['chekc:\n  cpu: 80\n', '1:1: unknown option "chekc"', 'Did you mean check?'],
    ['check:\n  dsik: 80\n', '2:3: unknown option "dsik"', 'Did you mean disk?'],
    ['interval: 5\n', '1:1: unknown option "interval"', 'It belongs under "log:"'],
    ['cpu: 5\n', '1:1: unknown option "cpu"', 'It belongs under "check:" or "log:"'],
    ['check:\n  keep: 5\n', '2:3: unknown option "keep"', 'It belongs under "log:".'],
    [
      'check:\n  disk: "abc"\n',
      '2:9: --disk: "abc" is not a range: "abc" is not a number',
      'Ranges are 10, 10:, ~:10, 10:20 or @10:20.',
    ],
    [
      'check:\n  disk: [80, 90]\n',
      '2:9: there are two thresholds for disk',
      'Write "80,90" for a warning and a critical limit.',
    ],
    [
      'check:\n  warning: memory=3\n',
      '2:12: -w: expected "." and a field after "memory"',
      "Paths are memory.used_percent or 'filesystem[/var].used_percent'.",
    ],
    ['check:\n\tcpu: 80\n', '2:1: ', undefined],
    ['check:\n  swap:\n', '2:8: swap: expected a value, or true for the usual one', undefined],
    ['check:\n  process: nginx=1:\n', '2:12: ', 'A text with a colon at its end'],
    [
      'check:\n  process:\n    - cron\n    - nginx=1:\n',
      '4:7: process: expected a value',
      'In quotes it is one: "nginx=1:".',
    ],
    [
      'check:\n  process: [nginx=1:]\n',
      '2:13: process: expected a value',
      'In quotes it is one: "nginx=1:".',
    ],
    ['check:\n  disk: [[80]]\n', '2:10: disk: expected a value', undefined],
    ['check:\n  disk: ["80", null]\n', '2:16: disk: expected a value', undefined],
    ['check:\n  file: [a.log, b.log]\n', '2:9: file: takes one value', undefined],
    ['check:\n  sample: [1s, 2s]\n', '2:11: sample: takes one value', undefined],
    ['check:\n  cpu: 80\n  cpu: 90\n', '3:3: ', undefined],
    ['check:\n---\ncheck:\n', '2:1: a second document begins here', undefined],
  ])('%j', async (text, message, hint) => {
    const machine = openMachine();
    const file = put(machine, 'x.yml', text);
    const { code, stdout, stderr } = await machine.run(['check', '--source', 'linux', '--config', file]);
    expect([code, stdout]).toEqual([3, '']);
    const [first, second, ...rest] = stderr.split('\n');
    expect(first).toContain(`sysmon check: ${file}:${message}`);
    if (hint === undefined) expect(second).toBe('');
    else expect(second).toContain(`  ${hint}`);
    expect(rest.join('')).toBe('');
  });
});

describe('places', () => {
  const world = (uid: number, env: Record<string, string>) =>
    testWorld({ uid, systemRoot: '/', env: { SYSMON_LOG: undefined, ...env } }).world;

  test('root’s log is the system’s; others have their own', () => {
    expect(defaultLog(world(0, {}))).toBe('/var/log/sysmon/sysmon.log');
    expect(defaultLog(world(7, { HOME: '/home/ann' }))).toBe('/home/ann/.local/state/sysmon/sysmon.log');
    expect(defaultLog(world(7, { XDG_STATE_HOME: '/s' }))).toBe('/s/sysmon/sysmon.log');
    expect(defaultLog(world(0, { SYSMON_LOG: '/d/s.log' }))).toBe('/d/s.log');
    // The standard: relative ones are to be ignored.
    expect(defaultLog(world(7, { HOME: '/h', XDG_STATE_HOME: 's' }))).toBe(
      '/h/.local/state/sysmon/sysmon.log',
    );
  });

  test('what is the machine’s lies below the system’s root: tests have another', () => {
    const { world: moved } = testWorld({ uid: 0, systemRoot: '/t', env: { SYSMON_LOG: undefined } });
    expect(defaultLog(moved)).toBe('/t/var/log/sysmon/sysmon.log');
    expect(stateFolder(moved)).toBe('/t/var/lib/sysmon');
    expect(configFiles(moved)[0]).toBe('/t/etc/sysmon.yml');
  });

  test('who has no log reads root’s, where that may be read', () => {
    const machine = openMachine();
    const user = world(7, { XDG_STATE_HOME: machine.path('state') });
    const own = machine.path('state/sysmon/sysmon.log');
    expect(findLog(user, machine.path('root.log'))).toBe(own);
    const rootLog = put(machine, 'root.log', '');
    expect(findLog(user, rootLog)).toBe(rootLog);
    put(machine, 'state/sysmon/sysmon.log', '');
    expect(findLog(user, rootLog)).toBe(own);
    // One's own that nobody writes any more must not hide root's that goes on.
    utimesSync(own, 1, 1);
    expect(findLog(user, rootLog)).toBe(rootLog);
    const named = world(7, { SYSMON_LOG: own });
    expect(findLog(named, rootLog)).toBe(own);
  });

  test.skipIf(process.getuid?.() === 0)('root’s log that others may not read is known to be there', () => {
    const machine = openMachine();
    expect(closedLog(machine.path('root/root.log'))).toBeUndefined();
    const rootLog = put(machine, 'root/root.log', '');
    expect(closedLog(rootLog)).toBeUndefined();
    chmodSync(dirname(rootLog), 0);
    expect(closedLog(rootLog)).toBe(rootLog);
    chmodSync(dirname(rootLog), 0o700);
  });

  test('configuration is the system’s, then one’s own', () => {
    expect(configFiles(world(7, { XDG_CONFIG_HOME: '/c' }))).toEqual([
      '/etc/sysmon.yml',
      '/c/sysmon/sysmon.yml',
    ]);
  });
});
