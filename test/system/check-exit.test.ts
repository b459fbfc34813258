/** `sysmon check` ends with 0 to 3, whatever happens to it: monitors know no other code. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { run, SYSMON } from './sysmon.js';

/** Whether the process has come to where it catches a signal; before, while Node itself starts, nobody can. */
const catches = (pid: number): boolean => {
  const mask = /^SigCgt:\s*(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${mask}`) & (1n << 24n)) !== 0n; // SIGXFSZ, the last to be set.
};

test
  .skipIf(process.platform !== 'linux')
  .each([
    'SIGHUP',
    'SIGINT',
    'SIGQUIT',
    'SIGTERM',
    'SIGALRM',
    'SIGUSR1',
    'SIGUSR2',
    'SIGXCPU',
    'SIGXFSZ',
  ] as const)('%s ends it with 3', async (signal) => {
  const child = spawn(process.execPath, [SYSMON, 'check', '--cpu', '101', '--sample', '1h'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const said = child.stderr.toArray();
  while (!catches(child.pid as number)) await sleep(2);
  child.kill(signal);
  expect(await ended).toEqual([3, null]);
  expect(String(await said)).toMatch(new RegExp(`^sysmon.*: .*${signal}.*\n$`));
});

/** Runs a check under a shell's redirections and limits. */
const under = (before: string, words: string, after: string) =>
  run('sh', ['-c', `${before} "$0" "$1" check ${words} ${after}`, process.execPath, SYSMON]);

test.each([
  // What cannot be told is not known.
  ['with a full disk under its output', '', '--cpu 101', '>/dev/full', 3],
  ['with a full disk under both', '', '--cpu 101', '>/dev/full 2>&1', 3],
  ['with a full disk under its messages', '', '--nonsense', '2>/dev/full', 3],
  ['with no output', '', '--cpu 101', '>&-', 0],
  ['with no messages', '', '--nonsense', '2>&-', 3],
  ['with no files at all', '', '--cpu 101', '<&- >&- 2>&-', 0],
  ['with a file size limit', 'ulimit -f 0;', '--cpu 101', '>"$(mktemp)"', 3],
  ['with a wrong option', '', '--nonsense', '', 3],
  ['with a wrong range', '', '--cpu a:b', '', 3],
  ['with a directory for a log', '', '--file /', '', 3],
  ['with no such log', '', '--file /dev/null/none', '', 3],
  ['with no environment', 'env -i', '--cpu 101', '', 0],
])('%s', (_, before, words, after, code) => {
  const { status, stderr } = under(before, words, after);
  expect(status).toBe(code);
  expect(stderr).not.toContain('bug');
  expect(stderr).not.toContain('    at ');
});

test('a reader that goes away changes nothing', () => {
  const script = '{ "$0" "$1" check --cpu 101 --verbose; echo $? >&2; } | head -c 0';
  expect(run('sh', ['-c', script, process.execPath, SYSMON])).toEqual({
    status: 0,
    stdout: '',
    stderr: '0\n',
  });
});
