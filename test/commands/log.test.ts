import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { archivesOf } from '../logs/bench-log.js';
import { type Line, type Machine, openMachine, parseLines, START } from './machine.js';

const FEW = ['--only', 'cpu,memory,load,system', '--top', '0'];

const log = (machine: Machine, ...words: string[]) =>
  machine.run(['log', '--file', machine.path('log'), ...FEW, ...words]);

const kinds = (lines: readonly Line[]): readonly string[] => lines.map(({ msg }) => msg);

const samples = (lines: readonly Line[]): readonly Line[] => lines.filter(({ msg }) => msg === 'sample');

/** Seconds after the last whole minute before the start. */
const times = (lines: readonly Line[]): readonly number[] =>
  samples(lines).map(({ time }) => (time - (START - 1250)) / 1000);

const cpu = (line: Line | undefined) => line?.['cpu'] as { used_percent?: number } | undefined;

const one = (lines: readonly Line[], kind: string): Line => {
  const found = lines.filter(({ msg }) => msg === kind);
  expect(found.length).toBe(1);
  return found[0] as Line;
};

/** Runs with a signal after so many seconds. */
const until = (machine: Machine, signal: NodeJS.Signals, seconds: number, ...words: string[]) =>
  machine.run(['log', '--file', machine.path('log'), ...FEW, ...words], {}, (test) =>
    machine.in(seconds, () => test.send(signal)),
  );

describe('records', () => {
  test('a run is a schema, a start, samples on the grid and a stop, numbered', async () => {
    const machine = openMachine();
    expect(await log(machine, '--count', '4')).toEqual({ code: 0, stdout: '', stderr: '' });
    const lines = machine.lines();
    expect(kinds(lines)).toEqual(['schema', 'start', 'sample', 'sample', 'sample', 'sample', 'stop']);
    expect(lines.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(times(lines)).toEqual([1.25, 5, 10, 15]);
    expect(one(lines, 'start')).toMatchObject({ interval: 5, pid: process.pid, host: 'test-host' });
    expect(one(lines, 'stop')).toMatchObject({ reason: 'count reached' });
    expect(samples(lines).map((line) => cpu(line)?.used_percent)).toEqual([undefined, 20, 20, 20]);
  });

  test('a second run goes on from the first', async () => {
    const machine = openMachine();
    await log(machine, '--duration', '1s');
    machine.pass(3);
    await log(machine, '--count', '2');
    const lines = machine.lines();
    expect(kinds(lines).filter((kind) => kind === 'schema')).toHaveLength(1);
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
    // The sample before is young enough, and has the counters, to have rates against.
    expect(cpu(samples(lines)[1])?.used_percent).toBe(20);
  });

  test('a sample of long ago has no part in the rates', async () => {
    const machine = openMachine();
    await log(machine, '--count', '2');
    machine.pass(3600);
    await log(machine, '--count', '2');
    expect(cpu(samples(machine.lines())[2])?.used_percent).toBeUndefined();
  });

  test('--duration ends it on time', async () => {
    const machine = openMachine();
    await log(machine, '--duration', '12s');
    const lines = machine.lines();
    expect(times(lines)).toEqual([1.25, 5, 10]);
    expect(one(lines, 'stop')).toMatchObject({ reason: 'duration reached', time: START + 12_000 });
  });

  test('--only and --except choose the groups', async () => {
    const machine = openMachine();
    await log(machine, '--count', '1', '--except', 'load,system');
    const [sample] = samples(machine.lines());
    expect(Object.keys(sample ?? {})).toEqual(expect.arrayContaining(['cpu', 'memory']));
    expect(Object.keys(sample ?? {})).not.toEqual(expect.arrayContaining(['load']));
    expect(Object.keys(sample ?? {})).not.toEqual(expect.arrayContaining(['system']));
  });

  test('details are recorded at the start and once a minute', async () => {
    const machine = openMachine();
    await log(machine, '--duration', '3m', '--interval', '20');
    const detailed = samples(machine.lines()).filter(
      ({ system }) => 'boot_time_seconds' in (system as object),
    );
    expect(times(detailed)).toEqual([1.25, 60, 120, 180]);
  });

  test('--file - writes to standard output, with a schema of what is recorded', async () => {
    const machine = openMachine();
    const { code, stdout, stderr } = await machine.run(['log', '--file', '-', ...FEW, '--count', '2']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = parseLines(stdout);
    expect(kinds(lines)).toEqual(['schema', 'start', 'sample', 'sample', 'stop']);
    expect(Object.keys(one(lines, 'schema')['groups'] as object).sort()).toEqual([
      'cpu',
      'load',
      'memory',
      'system',
    ]);
    expect(existsSync(machine.path('log'))).toBe(false);
  });

  test('a reader of standard output that goes away ends it', async () => {
    const machine = openMachine();
    const ended = await machine.run(['log', '--file', '-', ...FEW], {}, ({ closeStdout }) =>
      machine.in(12, closeStdout),
    );
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
    expect(times(parseLines(ended.stdout))).toEqual([1.25, 5, 10]);
  });

  test('a torn last line is cut off, and said', async () => {
    const machine = openMachine();
    await log(machine, '--count', '1');
    appendFileSync(machine.path('log'), '{"level":30,"time":17952');
    const { code, stderr } = await log(machine, '--count', '1');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^sysmon log: .*log: .+\n$/);
    expect(samples(machine.lines())).toHaveLength(2);
  });

  test('a relative path is where it was started', async () => {
    const machine = openMachine();
    const { stderr } = await machine.run(['log', '--file', 'no-such-folder/x.log', '--count', '1']);
    expect(stderr).toContain(join(process.cwd(), 'no-such-folder'));
  });
});

describe('time', () => {
  test('a late sample is said, and not made up for', async () => {
    const machine = openMachine();
    machine.in(6, () => machine.pass(12));
    await log(machine, '--duration', '30s');
    const lines = machine.lines();
    expect(times(lines)).toEqual([1.25, 5, 19.25, 20, 25, 30]);
    expect(one(lines, 'gap')).toMatchObject({ reason: 'late', seconds: 14.25, missed: 1 });
    // Shorter than three intervals: the rate over it is a rate.
    expect(cpu(samples(lines)[2])?.used_percent).toBe(20);
  });

  test('no rate crosses more than three intervals', async () => {
    const machine = openMachine();
    machine.in(6, () => machine.pass(120));
    await log(machine, '--duration', '3m');
    const lines = machine.lines();
    expect(one(lines, 'gap')).toMatchObject({ reason: 'late', missed: 23 });
    expect(samples(lines).filter((line) => cpu(line)?.used_percent === undefined)).toHaveLength(2);
  });

  test.each([
    ['back', -3600],
    ['forward', 3600],
  ])('a clock set %s by an hour is said, and samples go on at once', async (_, seconds) => {
    const machine = openMachine();
    machine.in(6, () => machine.setClock(seconds));
    await log(machine, '--duration', '20s');
    const lines = machine.lines();
    expect(one(lines, 'gap')).toMatchObject({ reason: 'clock', seconds, missed: 0 });
    const after = times(lines).slice(2);
    expect(after[0]).toBeGreaterThanOrEqual(7.25 + seconds);
    expect(after[0]).toBeLessThanOrEqual(15 + seconds);
    expect(after.at(-1)).toBe(20 + seconds);
    expect(after.map((at) => (at - seconds) % 5)).toEqual(after.map(() => 0));
    const rates = samples(lines).map((line) => cpu(line)?.used_percent);
    expect(rates.slice(0, 4)).toEqual([undefined, 20, undefined, 20]);
  });

  test('a suspended machine is said', async () => {
    const machine = openMachine();
    machine.in(6, () => machine.suspend(7200));
    await log(machine, '--duration', '20s');
    const lines = machine.lines();
    expect(one(lines, 'gap')).toMatchObject({ reason: 'suspend', seconds: 7200 });
    expect(cpu(samples(lines)[2])?.used_percent).toBeUndefined();
    expect(cpu(samples(lines)[3])?.used_percent).toBe(20);
  });

  test('a reboot between two runs is said', async () => {
    const machine = openMachine();
    await log(machine, '--count', '2');
    machine.reboot();
    await log(machine, '--count', '2');
    const lines = machine.lines();
    expect(kinds(lines).slice(4)).toEqual(['stop', 'gap', 'start', 'sample', 'sample', 'stop']);
    expect(one(lines, 'gap')).toMatchObject({ reason: 'reboot', seconds: 40 });
    expect(samples(lines).map((line) => cpu(line)?.used_percent)).toEqual([undefined, 20, undefined, 20]);
  });
});

describe('--count 1, as cron calls it', () => {
  test('has rates against the record before, and neither start nor stop', async () => {
    const machine = openMachine();
    for (let run = 0; run < 3; run++) {
      await log(machine, '--count', '1');
      machine.busy(0.5);
      machine.pass(60);
    }
    const lines = machine.lines();
    expect(kinds(lines)).toEqual(['schema', 'sample', 'sample', 'sample']);
    expect(samples(lines).map(({ interval }) => interval)).toEqual([undefined, 60, 60]);
    expect(samples(lines).map((line) => cpu(line)?.used_percent)).toEqual([undefined, 50, 50]);
  });

  test('has rates after a run that ended between two details', async () => {
    const machine = openMachine();
    machine.busy(0.1);
    await log(machine, '--count', '3', '--interval', '5');
    machine.busy(0.7);
    machine.pass(20);
    await log(machine, '--count', '1');
    const last = samples(machine.lines()).at(-1) as Line;
    // Since the newest record with the counters of CPU time, which is the first of the run.
    expect(last['interval']).toBeCloseTo(28.75, 1);
    const used = cpu(last)?.used_percent;
    expect(used).toBeGreaterThan(50);
    expect(used).toBeLessThan(70);
  });

  test('an alert begins with the third run in a row, and not before', async () => {
    const machine = openMachine();
    const counts: number[] = [];
    for (const used of [50, 92, 93, 94, 95, 50]) {
      machine.memory(used);
      await log(machine, '--count', '1', '--memory', '90,99');
      counts.push(machine.lines().filter(({ msg }) => msg === 'alert').length);
      machine.pass(60);
    }
    expect(counts).toEqual([0, 0, 0, 1, 1, 2]);
  });

  test('archives are compressed before it ends', async () => {
    const machine = openMachine();
    await log(machine, '--count', '1');
    await log(machine, '--duration', '2h', '--interval', '10', '--no-compress', '--max-size', '40K');
    const plain = archivesOf(machine.path('log')).filter(({ form }) => form === 'plain');
    expect(plain.length).toBeGreaterThan(1);
    await log(machine, '--count', '1');
    expect(archivesOf(machine.path('log')).every(({ form }) => form === 'gzip')).toBe(true);
  });
});

describe('alerts', () => {
  const states = (lines: readonly Line[]) =>
    lines
      .filter(({ msg }) => msg === 'alert')
      .map(({ level, rule, state, before }) => [level, rule, before, state]);

  test('begin after three samples, and end', async () => {
    const machine = openMachine();
    machine.in(10, () => machine.memory(95));
    machine.in(40, () => machine.memory(50));
    await log(machine, '--duration', '1m');
    const lines = machine.lines();
    expect(states(lines)).toEqual([
      [40, 'memory', 'ok', 'warning'],
      [30, 'memory', 'warning', 'ok'],
    ]);
    const begun = lines.findIndex(({ msg }) => msg === 'alert');
    // 15, 20 and 25 s are the first three with it.
    expect(times(lines.slice(0, begun)).at(-1)).toBe(25);
    expect(samples(lines).filter(({ alerts }) => alerts !== undefined).length).toBe(4);
  });

  test('go on over a restart', async () => {
    const machine = openMachine();
    machine.memory(95);
    await log(machine, '--count', '4');
    machine.pass(5);
    await log(machine, '--count', '4');
    machine.memory(50);
    machine.pass(5);
    await log(machine, '--count', '1');
    expect(states(machine.lines()).map(([, , , state]) => state)).toEqual(['warning', 'ok']);
  });

  test('three are needed on one side of a long pause', async () => {
    const machine = openMachine();
    machine.memory(95);
    await log(machine, '--count', '2');
    machine.pass(7200);
    await log(machine, '--count', '2');
    expect(states(machine.lines())).toEqual([]);
    machine.pass(5);
    await log(machine, '--count', '1');
    expect(states(machine.lines())).toHaveLength(1);
  });

  test('--no-alerts records none; a threshold of one’s own replaces the default ones', async () => {
    const machine = openMachine();
    machine.memory(95);
    await log(machine, '--count', '4', '--no-alerts');
    await log(machine, '--count', '4', '--cpu', '99');
    expect(states(machine.lines())).toEqual([]);
    await log(machine, '--count', '4', '--load', '0.1,9');
    expect(states(machine.lines())).toEqual([[40, 'load', 'ok', 'warning']]);
  });
});

describe('signals', () => {
  test.each([
    ['SIGTERM', 0],
    ['SIGINT', 130],
  ] as const)('%s leaves a stop record and ends with %d', async (signal, code) => {
    const machine = openMachine();
    expect(await until(machine, signal, 12)).toEqual({ code, stdout: '', stderr: '' });
    const lines = machine.lines();
    expect(times(lines)).toEqual([1.25, 5, 10]);
    expect(lines.at(-1)).toMatchObject({ msg: 'stop', reason: signal });
  });

  test('SIGHUP goes on in a new file where the old one was moved away', async () => {
    const machine = openMachine();
    await machine.run(['log', '--file', machine.path('log'), ...FEW, '--count', '5'], {}, ({ send }) =>
      machine.in(7, () => {
        renameSync(machine.path('log'), machine.path('log.1'));
        send('SIGHUP');
      }),
    );
    expect(kinds(machine.lines('log.1'))).toEqual(['schema', 'start', 'sample', 'sample']);
    expect(kinds(machine.lines())).toEqual(['schema', 'sample', 'sample', 'sample', 'stop']);
    expect(machine.lines()[0]?.['seq']).toBe(5);
  });
});

test('SIGHUP ends what was started by hand when its terminal is closed', async () => {
  const machine = openMachine();
  const words = ['log', '--file', machine.path('log'), ...FEW, '--count', '9'];
  const { code } = await machine.run(words, { terminal: true }, ({ send }) =>
    machine.in(7, () => send('SIGHUP')),
  );
  expect(code).toBe(0);
  expect(samples(machine.lines())).toHaveLength(2);
  expect(machine.lines().at(-1)).toMatchObject({ msg: 'stop', reason: 'SIGHUP' });
});

describe('the file', () => {
  test('a second writer is told who has it', async () => {
    const machine = openMachine();
    const others: unknown[] = [];
    machine.in(7, async () => {
      others.push(await log(machine, '--count', '1'));
    });
    expect(await log(machine, '--count', '4')).toMatchObject({ code: 0 });
    expect(others).toEqual([
      { code: 1, stdout: '', stderr: expect.stringMatching(/^sysmon log: .*log is already written by .*\n/) },
    ]);
    expect(samples(machine.lines())).toHaveLength(4);
  });

  test('after an upgrade a new file begins, with the new schema', async () => {
    const machine = openMachine();
    await log(machine, '--count', '2');
    const old = readFileSync(machine.path('log'), 'utf8');
    const changed = old.replace(/"load1":\[[^\]]*\],/, '');
    expect(changed.length).toBeLessThan(old.length);
    writeFileSync(machine.path('log'), changed);
    machine.pass(2);
    await log(machine, '--count', '2');
    const [archive] = archivesOf(machine.path('log'));
    expect(archive).toBeDefined();
    expect(kinds(machine.lines())).toEqual(['schema', 'start', 'sample', 'sample', 'stop']);
    expect(machine.lines().map(({ seq }) => seq)).toEqual([6, 7, 8, 9, 10]);
    // And only once.
    await log(machine, '--count', '1', '--only', 'cpu');
    expect(archivesOf(machine.path('log'))).toHaveLength(1);
    const { stdout } = await machine.run(['export', machine.path('log'), '--format', 'json']);
    expect(samples(parseLines(stdout))).toHaveLength(5);
  });

  test('a log that is not ours is left alone', async () => {
    const machine = openMachine();
    writeFileSync(machine.path('log'), 'root:x:0:0\n');
    const { code, stderr } = await log(machine, '--count', '1');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^sysmon log: .* is something other than a log of sysmon\n {2}Choose another/);
    expect(readFileSync(machine.path('log'), 'utf8')).toBe('root:x:0:0\n');
  });

  test('the usual place is made, and closed to others', async () => {
    const machine = openMachine();
    const env = { SYSMON_LOG: undefined, XDG_STATE_HOME: machine.path('state') };
    const { code } = await machine.run(['log', ...FEW, '--count', '1'], { env, uid: 1000 });
    expect(code).toBe(0);
    expect(readdirSync(machine.path('state/sysmon'))).toEqual(['sysmon.log']);
  });
});

describe('the terminal', () => {
  const shown = async (columns: number, terminal = true): Promise<string> => {
    const machine = openMachine();
    const words = ['log', '--file', machine.path('log'), ...FEW, '--count', '3'];
    const { stdout, stderr } = await machine.run(words, { terminal, columns });
    expect(stdout).toBe('');
    return stderr.replaceAll(dirname(machine.path('log')), '/folder');
  };

  test('shows one line, drawn over and over and left at the end', async () => {
    const text = await shown(200);
    expect(text.split('\n')).toHaveLength(2);
    const last = text.trimEnd().split('\r\x1b[K').at(-1);
    expect(last).toMatch(/^\d\d:\d\d:\d\d · 3 samples every 5s · cpu 20 % · memory 40 % · \/folder\/log$/);
  });

  test('never takes more than the width', async () => {
    // But for the last one, which stays.
    for (const line of (await shown(40)).split('\r\x1b[K').slice(0, -1)) expect(line.length).toBeLessThan(40);
  });

  test('leaves out the pace, then the count, before it cuts a word in two', async () => {
    const drawn = async (columns: number) => (await shown(columns)).split('\r\x1b[K').slice(1, -1);
    const lines = await drawn(55);
    expect(lines[0]).toMatch(/^[\d:]{8} · 1 sample every 5s · memory 40 %$/);
    expect(lines.at(-1)).toMatch(/^[\d:]{8} · 3 samples · cpu 20 % · memory 40 %$/);
    expect((await drawn(40)).at(-1)).toMatch(/^[\d:]{8} · cpu 20 % · memory 40 %$/);
  });

  test('leaves the path on a line of its own where one line cannot hold both', async () => {
    expect((await shown(60)).split('\r\x1b[K').at(-1)).toMatch(/ · memory 40 %\n\/folder\/log\n$/);
  });

  test('messages take its place, and it comes again below', async () => {
    const machine = openMachine();
    await log(machine, '--count', '1');
    machine.in(7, () => appendFileSync(machine.path('log'), '{"torn'));
    const words = ['log', '--file', machine.path('log'), ...FEW, '--count', '3'];
    const { stderr } = await machine.run(words, { terminal: true, columns: 200 });
    expect(stderr).toMatch(/\r\x1b\[Ksysmon log: [^\r]*\n\r\x1b\[K\d\d:/);
    expect(stderr.split('\n')).toHaveLength(3);
  });

  test('a pipe gets nothing', async () => {
    expect(await shown(80, false)).toBe('');
  });
});
