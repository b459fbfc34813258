/** The screen in a real terminal: every way out of it, its sizes, a slow line, and what hangs. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../logs/bench-log.js';
import { has, run, SYSMON } from './sysmon.js';
import { cellsOf, isRestored, openPty, type Pty, pause } from './terminal.js';

const WATCH = [process.execPath, SYSMON, 'watch'];
/** What one sees once there is a sample with rates. */
const RATED = /CPU.*\d%/;

const watching = async (
  words: readonly string[] = [],
  options: Parameters<typeof openPty>[1] = {},
): Promise<Pty> => {
  const pty = await openPty([...WATCH, ...words], options);
  await pty.shows(RATED);
  return pty;
};

const statusOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
};
const residentKb = (pid: number): number => Number(/^VmRSS:\s+(\d+)/m.exec(statusOf(pid))?.[1]);
const isAlive = (pid: number): boolean => /^State:\s+[^ZX]/m.test(statusOf(pid));

describe.skipIf(!has('python3'))('every way out leaves the terminal as it was', () => {
  test.each([
    ['q', (pty: Pty) => pty.type('q'), 0],
    ['Ctrl-C', (pty: Pty) => pty.type('\x03'), 130],
    ['SIGINT', (pty: Pty) => pty.signal('SIGINT'), 130],
    ['SIGTERM', (pty: Pty) => pty.signal('SIGTERM'), 0],
    ['SIGHUP', (pty: Pty) => pty.signal('SIGHUP'), 0],
    ['SIGQUIT', (pty: Pty) => pty.signal('SIGQUIT'), 0],
  ] as const)('%s', async (_, leave, code) => {
    const pty = await watching();
    expect(await pty.termios()).not.toEqual(pty.before);
    expect(isRestored(pty.emulator)).toBe(false);
    leave(pty);
    expect(await pty.ended).toBe(code);
    await pty.settled();
    expect(isRestored(pty.emulator)).toBe(true);
    expect(await pty.termios()).toEqual(pty.before);
  });

  test('an error that nobody caught, whose stack stands on the screen that comes back', async () => {
    const hook = join(temporaryFolder(), 'throw.cjs');
    writeFileSync(hook, "setTimeout(() => { throw new Error('on purpose'); }, 1500);\n");
    const pty = await watching([], { env: { NODE_OPTIONS: `--require ${hook}` } });
    expect(await pty.ended).toBe(1);
    const screen = await pty.settled();
    expect(isRestored(pty.emulator)).toBe(true);
    expect(await pty.termios()).toEqual(pty.before);
    expect(screen).toContain('this is a bug in sysmon');
    expect(screen).toContain('Error: on purpose');
    expect(screen).toMatch(/^ +at .*throw\.cjs/m);
  });

  test('Ctrl-Z and fg, under a shell', async () => {
    const folder = temporaryFolder();
    const shell = await openPty(['bash', '--norc', '--noprofile', '-i']);
    const stty = async (name: string): Promise<string> => {
      shell.type(`stty -a > ${folder}/${name}; echo did-$((40 + 2))-${name}\r`);
      await shell.shows(new RegExp(`did-42-${name}`));
      return readFileSync(join(folder, name), 'utf8');
    };
    await shell.shows(/[#$] *$/m);
    const before = await stty('before');
    shell.type(`${WATCH.join(' ')}\r`);
    await shell.shows(RATED);
    for (const round of ['first', 'second']) {
      shell.type('\x1a');
      await shell.until(() => isRestored(shell.emulator));
      await shell.shows(/Stopped/);
      expect(await stty(round)).toBe(before);
      shell.type('fg\r');
      await shell.until(() => !isRestored(shell.emulator));
      await shell.shows(RATED);
    }
    shell.type('q');
    await shell.until(() => isRestored(shell.emulator));
    expect(await stty('after')).toBe(before);
  });

  test.each([
    ['its window', true],
    ['its terminal, though nobody signals it', false],
  ])('ends when %s is gone', async (_, leads) => {
    const pty = await watching(['--interval', '200ms'], { leads });
    pty.hangUp();
    await pty.until(() => !isAlive(pty.pid));
    expect(await pty.ended).toBe(0);
  });
});

describe.skipIf(!has('python3'))('the screen', () => {
  /** A paused screen has to be what a drawing from nothing gives. */
  const isWhole = async (pty: Pty): Promise<void> => {
    await pty.settled();
    const shown = cellsOf(pty.emulator);
    pty.type('\x0c');
    await pty.settled();
    expect(shown).toEqual(cellsOf(pty.emulator));
  };

  test('is whole after two hundred sizes in a few seconds', async () => {
    const pty = await watching(['--interval', '200ms']);
    for (let turn = 0; turn < 200; turn++) {
      pty.resize(20 + ((turn * 37) % 180), 4 + ((turn * 23) % 60));
      await pause(15);
    }
    pty.resize(110, 34);
    await pty.shows(RATED);
    pty.type('p');
    await pty.shows(/PAUSED/);
    await isWhole(pty);
    pty.resize(97, 31);
    await isWhole(pty);
    pty.type('q');
    expect(await pty.ended).toBe(0);
  });

  test('lags behind through a slow line, and is never corrupt; keys stay alive and memory stays', async () => {
    const pty = await watching(['--interval', '100ms'], { size: [120, 40] });
    const frames = (): number => pty.output().split('\x1b[?2026h').length - 1;
    pty.slow(1000);
    await pause(3000);
    const [resident, drawn] = [residentKb(pty.pid), frames()];
    await pause(15_000);
    // A hundred and fifty samples came; who queued them would be far behind, and who sent them all would not be slow.
    expect(frames() - drawn).toBeLessThan(75);
    expect(residentKb(pty.pid) - resident).toBeLessThan(16 * 1024);
    pty.type('p');
    await pause(500);
    const before = pty.received();
    pty.slow(null);
    await pty.shows(/PAUSED/);
    // One frame at most was on its way, whatever the system would have taken.
    expect(pty.received() - before).toBeLessThan(16 * 1024);
    await isWhole(pty);
    pty.type('p');
    pty.slow(1000);
    await pause(3000);
    pty.type('q');
    const asked = Date.now();
    expect(await pty.ended).toBe(0);
    process.stdout.write(`left a slow line after ${Date.now() - asked} ms\n`);
    pty.slow(null);
    await pty.settled();
    expect(isRestored(pty.emulator)).toBe(true);
    expect(await pty.termios()).toEqual(pty.before);
  });

  test('a terminal that takes nothing any more does not hold it', async () => {
    const pty = await watching(['--interval', '100ms'], { size: [200, 60] });
    pty.slow(0.001);
    await pause(3000);
    pty.type('q');
    expect(await pty.ended).toBe(0);
    expect(await pty.termios()).toEqual(pty.before);
  });

  test('reads keys from the terminal while samples come through a pipe', async () => {
    const sysmon = `${process.execPath} ${SYSMON}`;
    const line = `${sysmon} log --file - --interval 1 | ${sysmon} watch -`;
    const pty = await openPty(['bash', '-c', `${line}; exit \${PIPESTATUS[1]}`]);
    await pty.shows(/from input/);
    await pty.shows(RATED);
    pty.type('?');
    await pty.shows(/quit/);
    pty.type('?q');
    expect(await pty.ended).toBe(0);
    await pty.settled();
    expect(isRestored(pty.emulator)).toBe(true);
    expect(await pty.termios()).toEqual(pty.before);
  });

  test('has something to show at once', async () => {
    const times: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const pty = await openPty(WATCH);
      await pty.until(() => pty.firstAfter() !== undefined);
      times.push(Math.round(pty.firstAfter() as number));
      pty.type('q');
      expect(await pty.ended).toBe(0);
    }
    process.stdout.write(`first content after ${times.join(', ')} ms\n`);
  });

  test.skipIf(!has('strace'))('marks what hangs as stale, and takes keys meanwhile', async () => {
    const sysfs = temporaryFolder();
    const chip = join(sysfs, 'class/hwmon/hwmon0');
    const input = join(chip, 'temp1_input');
    mkdirSync(chip, { recursive: true });
    writeFileSync(join(chip, 'name'), 'coretemp\n');
    writeFileSync(input, '42000\n');
    // Every read of the file but the first takes some seconds.
    const delay = ['-P', input, '-e', 'inject=read,pread64:delay_enter=6s:when=3+'];
    const command = ['strace', '-f', '-qq', '-o', '/dev/null', ...delay, ...WATCH, '--sysfs', sysfs];
    const pty = await openPty(command, { size: [120, 40] });
    await pty.shows(/Temperature/);
    await pty.shows(/Temperature.*! .*(old|no answer)/);
    pty.type('?');
    await pty.shows(/quit/);
    pty.type('?');
    await pty.shows(/Temperature.*! .*(old|no answer)/);
    const then = await pty.shows(/\d\d:\d\d:\d\d/);
    // The others go on.
    await pty.until(
      () => /\d\d:\d\d:\d\d/.exec(pty.output().slice(-4000))?.[0] !== /\d\d:\d\d:\d\d/.exec(then)?.[0],
    );
    pty.type('q');
    await pty.until(() => isRestored(pty.emulator));
    await pty.ended;
  });
});

test('a reader that goes away ends it, and a full disk is told', () => {
  const bash = (line: string) => run('bash', ['-c', line], { timeout: 60_000 });
  const watch = WATCH.join(' ');
  const piped = bash(`${watch} --interval 200ms | head -1; exit \${PIPESTATUS[0]}`);
  expect(piped.status).toBe(0);
  expect(piped.stdout.trim().split('\n')).toHaveLength(1);
  expect(piped.stderr).toBe('');
  expect(existsSync('/dev/full')).toBe(true);
  const full = bash(`${watch} --plain --interval 200ms > /dev/full`);
  expect(full.status).toBe(1);
  expect(full.stderr).toMatch(/no space left/i);
});
