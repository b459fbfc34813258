import { mkdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { groupsMoved } from '../../src/commands/machine.js';
import { parsePerformanceData } from '../formats/performance-data.js';
import { statLine } from '../vitals/process-line.js';
import { type Machine, openMachine } from './machine.js';

/** The default log of this machine: its name is found, not given. */
const own = (machine: Machine) => ({ uid: 1000, env: { XDG_STATE_HOME: machine.path('state') } });

const check = (machine: Machine, ...words: string[]) => machine.run(['check', ...words], own(machine));

const log = (machine: Machine, ...words: string[]) =>
  machine.run(['log', '--only', 'cpu,memory,swap,load,system', '--top', '0', ...words], own(machine));

/** How it ended, and the line that says all. */
const verdict = async (machine: Machine, ...words: string[]): Promise<readonly [number, string]> => {
  const { code, stdout, stderr } = await check(machine, ...words);
  expect(stderr).toBe('');
  return [code, stdout.split('\n')[0] as string];
};

describe('without a log', () => {
  test.each([
    ['--memory 50,60', 0, 'OK - '],
    ['--memory 30,60', 1, 'WARNING - memory 40 %'],
    ['--memory 30,35', 2, 'CRITICAL - memory 40 %'],
    ['-w memory.used_percent=30', 1, 'WARNING - memory.used_percent 40 %'],
    ['-c memory.used_percent=50:', 2, 'CRITICAL - memory.used_percent 40 %'],
    ['-c memory.used_percent=@30:50', 2, 'CRITICAL - memory.used_percent 40 %'],
    ['-w memory.available_bytes=1GB: -v', 1, 'WARNING - memory.available_bytes 614 MB'],
    ['-w memory.available_bytes=1GiB:', 1, 'WARNING - memory.available_bytes 586 MiB'],
    ['-w meminfo.MemTotal_bytes=1MB', 1, 'WARNING - meminfo.MemTotal_bytes 1.02 GB'],
    ['-w system.uptime_seconds=1h', 1, 'WARNING - system.uptime_seconds'],
    ['--cpu 10', 1, 'WARNING - cpu 20 %'],
    ['--cpu 10 --sample 5s', 1, 'WARNING - cpu 20 % (two readings 5s apart)'],
    ['--cpu 50 --for 5m', 3, 'UNKNOWN - cpu: '],
    ['--cpu 50 --over 5m', 3, 'UNKNOWN - cpu: '],
    ['-w no_group.field=1', 3, 'UNKNOWN - no_group.field: there is no "no_group" here'],
    [
      '-w memory.used_percnt=1',
      3,
      'UNKNOWN - memory.used_percnt: "memory" has no field "used_percnt"; did you mean "used_percent"?',
    ],
    [
      '-w memroy.used_percent=1',
      3,
      'UNKNOWN - memroy.used_percent: there is no "memroy" here; did you mean "memory"?',
    ],
    ['-w no_group.field=1 --missing ok', 0, 'OK - '],
    ['--temperature 80', 3, 'UNKNOWN - temperature: there is no temperature sensor here'],
    [
      '-w cpu[0].used_percent=80',
      3,
      'UNKNOWN - cpu[0].used_percent: there is no cpu[0]: write cpu.used_percent, or core[0].used_percent for one CPU',
    ],
    ['-w memory[x].used_percent=80', 3, 'there is no memory[x]: write memory.used_percent'],
    ['-w core[*].used_percent=80', 3, 'there is no core[*]: any of them is core.used_percent'],
    ['-w core.used_percent=1', 1, 'WARNING - core[0].used_percent 20 %'],
    ['-w memory.limited_by=80', 3, '"limited_by" is a text, and only numbers can be judged'],
    ['--swap 80', 0, 'OK - '],
    ['--log-age 5m', 3, 'UNKNOWN - log-age: log could not be read: there is no log at '],
    ['--defaults --memory 30', 1, 'WARNING - memory 40 %'],
  ])('check %s ends with %d', async (words, code, line) => {
    const found = await verdict(openMachine(), ...words.split(' '));
    expect(found).toEqual([code, expect.stringContaining(line)]);
  });

  test('a healthy machine is well, and what needs a past changes nothing', async () => {
    const { code, stdout } = await check(openMachine());
    expect(code).toBe(0);
    expect(stdout).toMatch(/^OK - all \d+ judged are fine: .*memory 40 %.*\n/);
    expect(stdout).toContain('not judged: there is no log; needed are 1h30m for cpu (20 % now), ');
  });

  test('what takes no two readings takes one, and no time', async () => {
    const machine = openMachine();
    const before = machine.clock.now();
    expect(await verdict(machine, '--memory', '50')).toEqual([0, expect.stringContaining('(read now)')]);
    expect(machine.clock.now()).toBe(before);
  });
});

describe('with a log', () => {
  test('a fresh one is judged, a stale one is not', async () => {
    const machine = openMachine();
    machine.busy(0.9);
    await log(machine, '--count', '3');
    machine.busy(0.1);
    machine.pass(8);
    const words = ['--cpu', '50'];
    expect(await verdict(machine, ...words)).toEqual([1, 'WARNING - cpu 90 % (log, 8s ago)']);
    machine.pass(8);
    expect(await verdict(machine, ...words)).toEqual([0, expect.stringMatching(/two readings 500ms apart/)]);
  });

  test('one of rare samples is fresh for five minutes', async () => {
    const machine = openMachine();
    await log(machine, '--count', '1');
    machine.pass(2 * 3600);
    machine.memory(99);
    await log(machine, '--count', '1');
    machine.memory(40);
    machine.pass(290);
    expect(await verdict(machine)).toEqual([
      2,
      expect.stringMatching(/^CRITICAL - memory 99 %.* \(log, 4m50s ago/),
    ]);
    machine.pass(20);
    expect((await verdict(machine))[0]).toBe(0);
    machine.pass(3000);
    expect((await verdict(machine))[0]).toBe(0);
  });

  test('one of another boot is not judged', async () => {
    const machine = openMachine();
    machine.memory(95);
    await log(machine, '--count', '2');
    machine.reboot();
    machine.memory(20);
    expect(await verdict(machine, '--memory', '90')).toEqual([
      0,
      expect.stringContaining('(the log is 40s old; read now)'),
    ]);
  });

  test('one that cron writes is fresh until its next turn', async () => {
    const machine = openMachine();
    for (let run = 0; run < 2; run++) {
      machine.pass(60);
      await log(machine, '--count', '1');
    }
    machine.pass(100);
    expect((await verdict(machine, '--cpu', '50'))[1]).toContain('(log, 1m40s ago)');
  });

  test('--for asks every sample, --over their average; too few are unknown', async () => {
    const machine = openMachine();
    machine.busy(0.9);
    await log(machine, '--duration', '4m');
    machine.busy(0.4);
    await log(machine, '--duration', '2m');
    const code = async (...words: string[]) => (await verdict(machine, ...words))[0];
    expect(await code('--cpu', '50', '--for', '5m')).toBe(0);
    expect(await code('--cpu', '30', '--for', '5m')).toBe(1);
    expect(await code('--cpu', '50', '--over', '5m')).toBe(1);
    expect(await code('--cpu', '80', '--over', '5m')).toBe(0);
    expect(await verdict(machine, '--cpu', '30', '--for', '15m')).toEqual([
      3,
      expect.stringMatching(/^UNKNOWN - cpu: /),
    ]);
    expect(await code('--cpu', '30', '--over', '15m')).toBe(3);
  });

  test('what is not judged is told once, by when the log began, and with what it is now', async () => {
    const machine = openMachine();
    machine.busy(1);
    await log(machine, '--duration', '4m', '--interval', '1');
    const told = async () =>
      (await check(machine)).stdout.split('\n').slice(2).join('\n').replace(/\n +/g, ' ');
    expect(await told()).toBe(
      'not judged: the log began 4m ago; needed are 1h30m for cpu (100 % now), iowait (0 % now); 10m for steal (0 % now)\n',
    );
    machine.pass(120);
    expect(await told()).toMatch(
      /^not judged: the log ended 2m\d?s? ago; needed are 1h30m for cpu \(100 % now\)/,
    );
    expect((await verdict(machine, '--cpu', '90', '--for', '5m'))[1]).toContain(
      'UNKNOWN - cpu: needs 5m, and the log ended 2m',
    );
  });

  test('what holds is left by milder limits than it is entered by', async () => {
    const machine = openMachine();
    machine.memory(85);
    await log(machine, '--count', '4');
    expect((await verdict(machine))[0]).toBe(0);
    machine.memory(92);
    await log(machine, '--count', '4');
    machine.memory(85);
    await log(machine, '--count', '2');
    expect(await verdict(machine)).toEqual([1, expect.stringMatching(/^WARNING - memory 85 %/)]);
    machine.memory(75);
    await log(machine, '--count', '2');
    expect((await verdict(machine))[0]).toBe(0);
  });

  test('what the log does not hold is read from the machine', async () => {
    const machine = openMachine({ 'proc/sys/fs/file-nr': '90\t0\t100\n' });
    await log(machine, '--count', '2');
    const [code, line] = await verdict(machine, '-w', 'filefd.used_percent=80', '--memory', '50');
    expect([code, line]).toEqual([
      1,
      expect.stringMatching(/filefd.used_percent 90 %.*\(log, 0s ago; filefd.used_percent read now\)/),
    ]);
  });

  describe('what counts as mine', () => {
    const traffic = (bytes: number): string =>
      ['lo', 'eth0', 'eth1']
        .map((name) => `${name}: ${bytes} 9 0 0 0 0 0 0 ${bytes} 9 0 0 0 0 0 0\n`)
        .join('');
    const table =
      '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /srv rw - ext4 /dev/sdb1 rw\n3 1 0:9 / /run rw - tmpfs tmpfs rw\n';
    const networked = () =>
      openMachine({
        'proc/net/dev': traffic(1000),
        'proc/1/mountinfo': table,
        'root/run/x': '',
        'root/srv/x': '',
      });
    /** What was judged, and from where. */
    const judged = async (machine: Machine, ...words: string[]) => {
      const { stdout } = await check(machine, '--json', ...words);
      const { verdicts, source, state } = JSON.parse(stdout);
      return [state, verdicts.map(({ path }: { path: string }) => path.replace(/\..*/, '')), source];
    };
    const record = (machine: Machine, ...words: string[]) =>
      machine.run(['log', '--only', 'filesystem,network,system', '--count', '3', ...words], own(machine));
    const received = ['-w', 'network.receive_bytes_per_second=1e9'];

    test('is the same with a log and without', async () => {
      const machine = networked();
      const mine = ['ok', ['network[eth0]', 'network[eth1]']];
      expect(await judged(machine, ...received)).toEqual([...mine, 'two readings 500ms apart']);
      await record(machine);
      expect(await judged(machine, ...received)).toEqual([...mine, 'log, 0s ago']);
      // The first of a run has the detail, of all interfaces.
      machine.pass(30);
      await record(machine, '--count', '1');
      expect(await judged(machine, ...received)).toEqual([...mine, 'log, 0s ago']);
    });

    test('what is named outright is read where the log lacks it', async () => {
      const machine = networked();
      await record(machine);
      const words = ['-w', 'network[lo].receive_bytes_per_second=1e9'];
      expect(await judged(machine, ...words)).toEqual([
        'ok',
        ['network[lo]'],
        expect.stringContaining('two readings'),
      ]);
    });

    test('is what the patterns of the check say, whatever those of the log', async () => {
      const machine = networked();
      await record(machine, '--interfaces', 'eth0');
      const one = await judged(machine, ...received, '--interfaces', 'eth0');
      expect(one).toEqual(['ok', ['network[eth0]'], expect.not.stringContaining('two readings')]);
      const two = ['network[lo]', 'network[eth1]'];
      const others = await judged(machine, ...received, '--interfaces', 'eth1,lo');
      expect(others).toEqual(['ok', two, expect.stringContaining('two readings')]);
      expect((await judged(machine, '--disk', '100', '--mounts', '/run'))[1]).toEqual(['filesystem[/run]']);
      expect((await judged(machine, '--disk', '100', '--except-mounts', '/,/run'))[1]).toEqual([
        'filesystem[/srv]',
      ]);
      expect((await judged(machine, '--disk', '100', '--mounts', '/nope'))[0]).toBe('unknown');
    });

    test('comes from the place that is named', () => {
      const usual = { procfs: '/proc', sysfs: '/sys', rootfs: '/' };
      expect(groupsMoved(usual)).toEqual([]);
      expect(groupsMoved({ ...usual, rootfs: '/host' })).toEqual(['filesystem']);
      expect(groupsMoved({ ...usual, sysfs: '/host/sys' })).toContain('hwmon');
      // Another kernel, or a log that was made with the same words: its boot tells.
      expect(groupsMoved({ procfs: '/host/proc', sysfs: '/host/sys', rootfs: '/host' })).toEqual([]);
    });
  });

  test('--file names another; it has to be one', async () => {
    const machine = openMachine();
    await log(machine, '--file', machine.path('other'), '--count', '2');
    const [, line] = await verdict(machine, '--file', machine.path('other'), '--memory', '50');
    expect(line).toContain('(log, 0s ago)');
  });

  test('--file names the log of another machine: then nothing is said of this one', async () => {
    const machine = openMachine();
    await log(machine, '--file', machine.path('other'), '--count', '3');
    const text = readFileSync(machine.path('other'), 'utf8');
    const named = ['--file', machine.path('other')];
    const moved = (host: string, boot: string): void =>
      writeFileSync(
        machine.path('other'),
        text.replaceAll('"test-host"', `"${host}"`).replaceAll('"00000000-', `"${boot}-`),
      );
    moved('web-9', '11111111');
    const { code, stdout, stderr } = await check(machine, ...named, '--memory', '50');
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain(`${machine.path('other')} is the log of web-9, and this is test-host\n`);
    // This machine before it was given another name, or before it was booted.
    moved('old-name', '00000000');
    expect((await verdict(machine, ...named, '--memory', '50'))[0]).toBe(0);
    moved('test-host', '11111111');
    expect((await verdict(machine, ...named, '--memory', '50'))[0]).toBe(0);
    // However old it is.
    moved('web-9', '11111111');
    machine.pass(9 * 3600);
    expect((await check(machine, ...named)).stderr).toContain('is the log of web-9');
  });

  test('$SYSMON_LOG may name one that is yet to come, but nothing else', async () => {
    const machine = openMachine();
    writeFileSync(machine.path('empty'), '');
    writeFileSync(machine.path('letter'), 'Dear Ann,\n');
    const found = async (name: string) => {
      const env = { SYSMON_LOG: machine.path(name) };
      const { code, stderr } = await machine.run(['check', '--memory', '50'], { env });
      return [code, stderr.replace(machine.folder, '')];
    };
    for (const name of ['none', 'none/at/all', 'empty', 'empty/log'])
      expect(await found(name)).toEqual([0, '']);
    const [code, stderr] = await found('letter');
    expect(code).toBe(3);
    expect(stderr).toContain('/letter: it is not a log of sysmon\n  It is what $SYSMON_LOG names.\n');
    expect((await found('.'))[0]).toBe(3);
  });

  test('another machine’s log in the usual place is left alone', async () => {
    const machine = openMachine();
    await log(machine, '--duration', '20m', '--interval', '30');
    const path = machine.path('state/sysmon/sysmon.log');
    expect((await check(machine, '--verbose')).stdout).toMatch(/OK +CPU given to other machines +0 %/);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replaceAll('"test-host"', '"web-9"').replaceAll('"00000000-', '"11111111-'),
    );
    const { code, stdout } = await check(machine, '--verbose');
    expect(code).toBe(0);
    expect(stdout).toMatch(/not judged +CPU given to other machines/);
    expect(stdout).toContain('(the log is that of web-9; two readings 500ms apart)');
    expect(await verdict(machine, '--log-age')).toEqual([3, expect.stringContaining('is the log of web-9')]);
  });

  test('how old a silent log is stands in the first line, and what still reaches back into it', async () => {
    const machine = openMachine();
    await log(machine, '--duration', '4m', '--interval', '10');
    machine.pass(3 * 3600);
    const path = machine.path('state/sysmon/sysmon.log');
    for (const words of [[], ['--file', path]])
      expect(await verdict(machine, '--memory', '50', ...words)).toEqual([
        0,
        expect.stringContaining('(the log is 3h old; read now)'),
      ]);
    await log(machine, '--duration', '4m', '--interval', '10');
    machine.pass(400);
    expect((await verdict(machine))[1]).toMatch(
      /\(the log is 6m4\ds old; two readings 500ms apart; steal reaches back into the log\)$/,
    );
  });

  test('what was read now is told from what was in the log', async () => {
    const machine = openMachine({ 'proc/sys/fs/file-nr': '90\t0\t100\n' });
    await log(machine, '--count', '2');
    const line = async (...words: string[]) => (await verdict(machine, ...words))[1];
    const now = ['-w', 'filefd.used_percent=95'];
    expect(await line('--memory', '50', ...now)).toContain('(log, 0s ago; filefd.used_percent read now)');
    expect(await line(...now)).toContain('(read now)');
  });

  test('--log-age says when it went silent', async () => {
    const machine = openMachine();
    await log(machine, '--count', '2');
    expect((await verdict(machine, '--log-age', '5m'))[0]).toBe(0);
    machine.pass(400);
    expect((await verdict(machine, '--log-age', '5m'))[0]).toBe(1);
    expect((await verdict(machine, '--log-age', '5m,6m'))[0]).toBe(2);
  });
});

describe('processes and files', () => {
  const nginx = () =>
    openMachine({
      'proc/10/stat': statLine({ pid: 10, name: 'nginx' }),
      'proc/11/stat': statLine({ pid: 11, name: 'nginx' }),
      'root/run/web.pid': '10\n',
    });

  test.each([
    ['nginx', 0],
    ['nginx=1:', 0],
    ['nginx=3:', 2],
    ['nginx=:1', 2],
    ['nginx=:1,:5', 1],
    ['absent', 2],
    ['absent=0', 0],
    ['/run/web.pid', 0],
    ['/run/other.pid', 2],
  ])('--process %s ends with %d', async (words, code) => {
    expect((await verdict(nginx(), '--process', words))[0]).toBe(code);
  });

  test('a PID file that cannot be read is unknown, and says why', async () => {
    const machine = openMachine({ 'root/run/folder.pid/x': '' });
    expect(await verdict(machine, '--process', '/run/folder.pid')).toEqual([
      3,
      expect.stringContaining('process folder: its PID file could not be read: it is a directory'),
    ]);
  });

  test('a name that none has is held against those that there are', async () => {
    const machine = openMachine({
      'proc/10/stat': statLine({ pid: 10, name: 'tmux: server' }),
      'proc/11/stat': statLine({ pid: 11, name: 'tmuxinator' }),
      'proc/12/stat': statLine({ pid: 12, name: 'Xorg' }),
    });
    const said = async (name: string) => (await check(machine, '--process', name)).stdout;
    expect(await said('tmux')).toMatch(/processes tmux +0 +below 1; there is "tmux: server"\n/);
    expect(await said('xorg')).toContain('below 1; there is "Xorg"\n');
    expect(await said('nginx')).toMatch(/below 1\n/);
    expect(await said('tmux: server')).not.toContain('there is');
    // A PID file names no process.
    expect(await said('/run/tmux')).not.toContain('there is "');
  });

  test.each([
    ['/run/none.pid', 'there is no /run/none.pid'],
    ['/run/old.pid', 'no process 4711 runs, which /run/old.pid names'],
    ['/run/odd.pid', '/run/odd.pid begins with no number'],
  ])('a PID file without a process says why: %s', async (file, why) => {
    const machine = openMachine({
      'proc/10/stat': statLine({ pid: 10, name: 'nginx' }),
      'root/run/old.pid': '4711\n',
      'root/run/odd.pid': 'nginx\n',
    });
    const { stdout } = await check(machine, '--process', file);
    expect(stdout).toContain(`below 1; ${why}\n`);
  });

  test('--file-age', async () => {
    const machine = openMachine();
    const file = machine.path('backup');
    writeFileSync(file, '');
    utimesSync(file, 0, machine.clock.now() / 1000 - 3600);
    expect((await verdict(machine, '--file-age', `${file}=2h`))[0]).toBe(0);
    expect((await verdict(machine, '--file-age', `${file}=30m`))[0]).toBe(1);
    expect((await verdict(machine, '--file-age', `${file}=30m,50m`))[0]).toBe(2);
    expect(await verdict(machine, '--file-age', `${file}.gone=30m`)).toEqual([
      3,
      expect.stringContaining(`${file}.gone: there is no such file`),
    ]);
    expect((await verdict(machine, '--file-age', `${file}.gone=30m`, '--missing', 'ok'))[0]).toBe(0);
  });
});

test('a file that may not be looked at is unknown, and all else is judged', async () => {
  const machine = openMachine();
  symlinkSync('round', machine.path('round'));
  const words = ['--file-age', `${machine.path('round')}=1d`];
  expect(await verdict(machine, ...words, '--memory', '30')).toEqual([
    1,
    expect.stringMatching(/^WARNING - memory 40 %; file-age .*round: too many symbolic links/),
  ]);
  expect((await verdict(machine, ...words))[0]).toBe(3);
  expect((await verdict(machine, ...words, '--missing', 'ok'))[0]).toBe(0);
});

describe('--disk PATH', () => {
  const mounts = '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n';
  const machine = (): Machine => {
    const one = openMachine({
      'proc/1/mountinfo': mounts,
      'proc/self/mountinfo': mounts,
      'root/srv/data/x': '',
    });
    return one;
  };

  test('means the filesystem that holds it', async () => {
    expect(await verdict(machine(), '--disk', '/srv/data=100')).toEqual([
      0,
      expect.stringContaining('(on /)'),
    ]);
    expect(await verdict(machine(), '--disk', '/srv/data/=0')).toEqual([
      1,
      expect.stringContaining('disk /srv/data (on /)'),
    ]);
  });

  test('does not take that filesystem out of the rule about all disks', async () => {
    expect(await verdict(machine(), '--disk', '0', '--disk', '/srv/data=100')).toEqual([
      1,
      expect.stringMatching(/^WARNING - disk \//),
    ]);
    const { stdout } = await check(machine(), '--defaults', '--disk', '/srv/data=100', '--verbose');
    expect(stdout).toMatch(/^OK +disk in use \/ /m);
    expect(stdout).toMatch(/^OK +disk in use \/srv\/data/m);
    const { stdout: own } = await check(machine(), '--disk', '0', '--disk', '/=100', '--verbose');
    expect(own.match(/disk in use/g)).toHaveLength(1);
  });

  test('a path in brackets is a mount point; of another directory it is said where it lies', async () => {
    const one = machine();
    const line = async (path: string) =>
      (await verdict(one, '-c', `filesystem[${path}].available_bytes=1:`))[1];
    expect(await line('/')).toMatch(/^OK/);
    expect(await line('/srv/data')).toContain(
      'there is no filesystem[/srv/data]: /srv/data lies on filesystem[/] (',
    );
    expect(await line('/srv/dta')).toContain('there is no filesystem[/srv/dta] (');
  });

  test('means it where it lies, even where that is none of my disks, with a log and without', async () => {
    const table = `${mounts}2 1 0:9 / /dev/shm rw - tmpfs tmpfs rw\n3 1 0:10 / /proc rw - proc proc rw\n`;
    const one = openMachine({
      'proc/1/mountinfo': table,
      'proc/self/mountinfo': table,
      'root/dev/shm/a/b': '',
      'root/proc/c': '',
      'root/srv/data/x': '',
    });
    const lines = async (...words: string[]) =>
      (await check(one, '--verbose', ...words)).stdout.split('\n').slice(3).join('\n');
    const words = ['--disk', '/dev/shm/a=100', '--disk', '/proc=100', '--disk', '/srv/data=100'];
    const expected = /\/dev\/shm\/a \(on \/dev\/shm\).*\n.*\/proc .*\n.*\/srv\/data \(on \/\)/;
    expect(await lines(...words)).toMatch(expected);
    await one.run(['log', '--count', '3', '--only', 'filesystem,system'], own(one));
    expect(await lines(...words)).toMatch(expected);
    // The rule about all disks goes on without it.
    expect(await lines('--disk', '100', '--inodes', '/dev/shm=100')).not.toMatch(/disk in use.*shm/);
  });

  test('a device means the filesystem on it, and not the one that its name lies on', async () => {
    const table = `1 0 254:1 / / rw - ext4 /dev/vda1 rw\n2 1 0:9 / /dev rw - devtmpfs devtmpfs rw\n`;
    const one = openMachine({ 'proc/1/mountinfo': table, 'proc/self/mountinfo': table });
    const root = one.path('root');
    mkdirSync(`${root}/dev`, { recursive: true });
    writeFileSync(`${root}/dev/vda1`, '');
    symlinkSync('vda1', `${root}/dev/root`);
    for (const device of ['/dev/vda1', '/dev/root']) {
      const { code, stdout } = await check(one, '--rootfs', root, '--disk', `${device}=100`, '--json');
      expect([code, JSON.parse(stdout).verdicts]).toEqual([
        0,
        [expect.objectContaining({ rule: `disk ${device}`, path: 'filesystem[/].used_percent' })],
      ]);
    }
  });

  // That of Linux's first loop device, which most systems have and few mount.
  test.skipIf(!statSync('/dev/loop0', { throwIfNoEntry: false })?.isBlockDevice())(
    'a device that is mounted nowhere is unknown',
    async () => {
      const mount = '1 0 0:9 / / rw - ext4 /dev/vda1 rw\n';
      const one = openMachine({ 'proc/1/mountinfo': mount, 'proc/self/mountinfo': mount });
      const words = ['--rootfs', '/', '--disk', '/dev/loop0=100'];
      expect(await verdict(one, ...words)).toEqual([
        3,
        expect.stringContaining('disk /dev/loop0: it is a device that is mounted nowhere'),
      ]);
    },
  );

  test('one that is not there is unknown, unless that is fine', async () => {
    const words = ['--disk', '/srv/dta=100'];
    expect(await verdict(machine(), ...words)).toEqual([
      3,
      expect.stringContaining('disk /srv/dta: there is no such directory'),
    ]);
    expect((await verdict(machine(), ...words, '--missing', 'ok'))[0]).toBe(0);
  });

  test('links are followed, inside the machine that is looked at', async () => {
    const one = machine();
    const root = one.path('root');
    mkdirSync(`${root}/srv/data`, { recursive: true });
    symlinkSync('srv/data', `${root}/link`);
    symlinkSync('srv/gone', `${root}/dangling`);
    const words = (path: string) => ['--rootfs', root, '--disk', `${path}=100`];
    expect((await verdict(one, ...words('/link')))[0]).toBe(0);
    expect((await verdict(one, ...words('/dangling')))[0]).toBe(3);
    // Neither can it be looked at: it is judged by where it lies.
    symlinkSync('round', `${root}/round`);
    expect((await verdict(one, ...words('/round')))[0]).toBe(0);
  });
});

describe('output', () => {
  test('tells the ages of files as times', async () => {
    const { stdout } = await check(openMachine(), '--list', '--file-age', '/x=1d,2d', '--log-age', '1h,2h');
    expect(stdout).toMatch(/\[\/x\]\.age_seconds +warning above 1d, critical above 2d/);
    expect(stdout).toMatch(/log\.age_seconds +warning above 1h, critical above 2h/);
  });

  test('--list prints the rules and judges nothing', async () => {
    const machine = openMachine();
    machine.memory(99);
    const { code, stdout } = await check(machine, '--list', '--memory', '80,90', '--for', '5m');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').slice(1)).toEqual([
      expect.stringMatching(/^memory +memory.used_percent +warning above 80 %, critical above 90 % .*5m/),
    ]);
  });

  test('--list-paths prints what can be named, each as a threshold takes it', async () => {
    const machine = openMachine({ 'proc/sys/kernel/osrelease': '6.1\n' });
    machine.memory(99);
    const { code, stdout } = await check(machine, '--list-paths');
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n').slice(1);
    expect(lines).toContainEqual(expect.stringMatching(/^memory\.used_percent +99 % {2}\S/));
    expect(lines).toContainEqual(expect.stringMatching(/^cpu\.used_percent +20 % {2}\S/));
    expect(lines).toContainEqual(expect.stringMatching(/^core\[0\]\.used_percent +20 % {2}\S/));
    // What is only there for its texts cannot be compared with anything.
    expect(stdout).not.toContain('uname');
    const paths = lines.map((line) => line.split(' ')[0] as string);
    const all = await check(openMachine(), ...paths.flatMap((path) => ['-w', `${path}=~:`]));
    expect(all.stdout).toMatch(new RegExp(`^OK - all ${paths.length} judged are fine`));
  });

  test('--json', async () => {
    const { code, stdout } = await check(openMachine(), '--json', '--memory', '30');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      host: 'test-host',
      state: 'warning',
      verdicts: [{ rule: 'memory', path: 'memory.used_percent', state: 'warning', value: 40, warning: '30' }],
    });
    expect((await check(openMachine(), '--format', 'json', '--memory', '30')).stdout).toBe(stdout);
  });

  test('lists are JSON where it is asked for', async () => {
    const list = JSON.parse((await check(openMachine(), '--list', '--json', '--memory', '80,90')).stdout);
    expect(list).toEqual([
      {
        rule: 'memory',
        path: 'memory.used_percent',
        title: 'memory in use',
        unit: 'percent',
        warning: '80',
        critical: '90',
        measure: 'value',
        text: 'warning above 80 %, critical above 90 %',
      },
    ]);
    const paths = JSON.parse((await check(openMachine(), '--list-paths', '--format', 'json')).stdout);
    expect(paths).toContainEqual({
      path: 'memory.used_percent',
      value: 40,
      unit: 'percent',
      help: expect.any(String),
    });
  });

  test.each([
    ['--json --file /nowhere/log', '{"state":"unknown","error":"/nowhere/log: no such file"}\n'],
    ['--format json --cpu high', /^{"state":"unknown","error":"--cpu: /],
    ['--format=nagios --file /nowhere/log', 'SYSMON UNKNOWN - /nowhere/log: no such file\n'],
    ['--process json --file /nowhere/log', ''],
    ['--list --format nagios', 'SYSMON UNKNOWN - a list is text or JSON, and not for Nagios\n'],
    [
      '--json --format nagios',
      /^{"state":"unknown","error":"option '--json' cannot be used with option '--format/,
    ],
  ])('who reads the output of %s is told what went wrong', async (words, said) => {
    const { code, stdout } = await check(openMachine(), ...words.split(' '));
    expect(code).toBe(3);
    if (typeof said === 'string') expect(stdout).toBe(said);
    else expect(stdout).toMatch(said);
  });

  test('--format nagios is one line with performance data', async () => {
    const { code, stdout } = await check(
      openMachine(),
      '--format',
      'nagios',
      '--memory',
      '30,90',
      '--load',
      '9',
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^[A-Z]+ WARNING - memory 40 %[^\n|]* \| [^\n]+\n$/);
    const data = parsePerformanceData(stdout.slice(stdout.indexOf('|') + 1).trim());
    expect(data).toEqual([
      expect.objectContaining({ label: 'load', value: 0.3, warning: '9' }),
      expect.objectContaining({ label: 'memory', value: 40, unit: '%', warning: '30', critical: '90' }),
    ]);
  });

  test('--quiet says nothing when all is well, and all when it is not', async () => {
    expect(await check(openMachine(), '--quiet', '--memory', '50')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect((await check(openMachine(), '--quiet', '--memory', '30')).stdout).toMatch(/^WARNING/);
  });

  test('--verbose shows what is well too', async () => {
    const rows = async (...words: string[]) =>
      (await check(openMachine(), ...words)).stdout.trim().split('\n');
    expect(await rows('--memory', '50')).toHaveLength(1);
    expect(await rows('--memory', '50', '--verbose')).toContainEqual(
      expect.stringMatching(/^OK +memory in use +40 %/),
    );
  });

  test('a limit is said as it was typed', async () => {
    const { stdout } = await check(openMachine(), '-c', 'memory.available_bytes=1GB:');
    expect(stdout).toMatch(/614 MB +below 1 GB\n/);
    expect((await check(openMachine(), '--memory', '50.25', '-v')).stdout).toContain('warning above 50.25 %');
  });

  test('a pipe gets whole names, each in one line', async () => {
    const rows = (await check(openMachine(), '-v')).stdout.split('\n');
    expect(rows).toContainEqual(
      expect.stringMatching(/^OK +memory in use +40 % +warning above 90 %, critical above 98 %$/),
    );
    const words = ['check', '-v', '--no-color'];
    const narrow = await openMachine().run(words, { terminal: true, columns: 60 });
    const [first, ...lines] = narrow.stdout.trimEnd().split('\n');
    // It is longer than the screen, and so the first line stands at its end as well.
    expect(lines.pop()).toBe(first);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
  });

  test('colours only where they are wanted', async () => {
    const machine = openMachine();
    const escapes = async (terminal: boolean, env: Record<string, string>, ...words: string[]) =>
      (await machine.run(['check', '--memory', '30', ...words], { terminal, env })).stdout.includes('\x1b[');
    expect(await escapes(true, {})).toBe(true);
    expect(await escapes(false, {})).toBe(false);
    expect(await escapes(true, { NO_COLOR: '1' })).toBe(false);
    expect(await escapes(false, { NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(true);
    expect(await escapes(true, { FORCE_COLOR: '1' }, '--no-color')).toBe(false);
    expect(await escapes(false, { NO_COLOR: '1' }, '--color')).toBe(true);
  });

  test('a container’s limits count as all there is, and are named', async () => {
    const machine = openMachine({
      'proc/1/cgroup': '0::/box\n',
      'sys/fs/cgroup/cgroup.controllers': 'cpu memory\n',
      'sys/fs/cgroup/box/memory.max': '100000000\n',
      'sys/fs/cgroup/box/memory.current': '95000000\n',
      'sys/fs/cgroup/box/memory.stat': 'inactive_file 5000000\n',
    });
    expect(await verdict(machine, '--memory', '80')).toEqual([
      1,
      'WARNING - memory 90 % (read now; within the limits of cgroup /box)',
    ]);
  });
});
