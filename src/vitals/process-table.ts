/** All processes, from one pass over /proc/PID/stat that all who need them share. */

import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { oncePerSample } from './once.js';

export interface Process {
  readonly pid: number;
  /** As the kernel has it: cut at 15 bytes, and with whatever a program chose to put in it. */
  readonly name: string;
  /** One letter: proc_pid_stat(5). */
  readonly state: string;
  readonly parent: number;
  readonly userTicks: number;
  readonly systemTicks: number;
  readonly threads: number;
  /** Clock ticks from boot to its start: with the pid it tells a process from all others of this boot. */
  readonly startTicks: number;
  readonly virtualBytes: number;
  readonly residentPages: number;
}

export interface ProcessTable {
  readonly processes: readonly Process[];
  /** Processes that are there but may not be looked at (procfs mounted with hidepid). */
  readonly hidden: number;
}

const CLOSE = 0x29;
const MINUS = 0x2d;
const ZERO = 0x30;

/** A line has 52 numbers of at most 20 digits, and a name. */
const buffer = Buffer.allocUnsafe(4096);
const columns = new Float64Array(22);

/**
 * The bytes of a /proc/PID/stat file → the process. The name may hold spaces, parentheses and newlines, so columns are
 * counted from the last `)`. Undefined where the line is cut short.
 */
export const parseProcess = (bytes: Buffer, length: number): Process | undefined => {
  const close = bytes.lastIndexOf(CLOSE, length - 1);
  const open = bytes.indexOf('(');
  if (open < 2 || close < open || close + 2 >= length) return undefined;
  // columns[0] is the parent, the fourth in proc_pid_stat(5)'s count.
  let count = 0;
  for (let at = close + 4; at < length && count < columns.length; count++) {
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    let value = 0;
    for (; at < length; at++) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    columns[count] = negative ? -value : value;
    at++;
  }
  if (count < 21) return undefined;
  return {
    pid: Number(bytes.toString('latin1', 0, open - 1)),
    name: bytes.toString('utf8', open + 1, close),
    state: String.fromCharCode(bytes[close + 2] as number),
    parent: columns[0] as number,
    userTicks: columns[10] as number,
    systemTicks: columns[11] as number,
    threads: columns[16] as number,
    startTicks: columns[18] as number,
    virtualBytes: columns[19] as number,
    residentPages: columns[20] as number,
  };
};

const isNumber = (name: string): boolean => {
  const first = name.charCodeAt(0) - ZERO;
  return first > 0 && first <= 9;
};

/** One process; undefined when it has gone, null when it may not be looked at. */
const readProcess = (path: string): Process | undefined | null => {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    return refusal(error);
  }
  try {
    return parseProcess(buffer, readSync(fd, buffer, 0, buffer.length, -1));
  } catch (error) {
    return refusal(error);
  } finally {
    closeSync(fd);
  }
};

/** A process may end between the listing and the reading (ENOENT, ESRCH). */
const refusal = (error: unknown): undefined | null => {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ESRCH') return undefined;
  if (code === 'EACCES' || code === 'EPERM') return null;
  throw error;
};

/** All processes. Throws when procfs cannot be listed. */
export const readProcesses = oncePerSample((tree): ProcessTable => {
  const processes: Process[] = [];
  let hidden = 0;
  for (const name of readdirSync(tree.roots.procfs)) {
    if (!isNumber(name)) continue;
    const found = readProcess(`${tree.roots.procfs}/${name}/stat`);
    if (found === null) hidden++;
    else if (found !== undefined) processes.push(found);
  }
  return { processes, hidden };
});
