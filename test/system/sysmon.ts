/** The built command run as people run it, beside the programs it is held against. */

import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process';

export const SYSMON = new URL('../../bin/sysmon.js', import.meta.url).pathname;

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export const run = (
  command: string,
  words: readonly string[],
  options: Partial<SpawnSyncOptionsWithStringEncoding> = {},
): Ended => {
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 ** 2,
    // Another than English would turn points into commas; and this machine may have a log of its own.
    env: { ...process.env, LC_ALL: 'C', SYSMON_LOG: '/dev/null/sysmon.log' },
    ...options,
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
};

export const runSysmon = (...words: readonly string[]): Ended => run(process.execPath, [SYSMON, ...words]);

/** Whether such a program is installed. */
export const has = (command: string): boolean => spawnSync(command, ['--version']).error === undefined;

export const isRoot = process.getuid?.() === 0;

export interface LogRecord {
  readonly msg: string;
  readonly time: number;
  readonly failed?: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: groups and rows nest as the vitals say, and a test asks for one of them.
  readonly [group: string]: any;
}

/** The records of a log in their order. */
export const recordsOf = (text: string): readonly LogRecord[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

export const samplesOf = (text: string): readonly LogRecord[] =>
  recordsOf(text).filter(({ msg }) => msg === 'sample');
