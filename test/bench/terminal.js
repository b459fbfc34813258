/** Programs in a terminal: what they cost while somebody looks at them. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const DRIVER = new URL('pty_run.py', import.meta.url).pathname;
const PYTHON = '/usr/bin/python3';

/** What every program of today's terminals may count on. */
const TERMINAL = { TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };

/**
 * Runs a command in a terminal. `use` gets its number and, with `input`, where its standard input is written to; once that
 * is through the command is ended. Gives what the driver counted from `settle` seconds on, for `seconds` where those are given.
 */
export const inTerminal = async (
  { command, size: [columns, rows], env = {}, settle = 0, seconds = 0, input = false },
  use = () => {},
) => {
  const numbers = [columns, rows, settle, seconds].map(String);
  const driver = spawn(PYTHON, [DRIVER, ...numbers, input ? 'input' : 'terminal', ...command], {
    env: { ...process.env, ...TERMINAL, ...env },
    stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  let said = '';
  driver.stderr.on('data', (text) => {
    said = `${said}${text}`.slice(-2000);
  });
  // What ends early does not read the rest of its input.
  driver.stdin?.on('error', () => {});
  const ended = new Promise((resolve) => driver.once('close', resolve));
  const lines = createInterface({ input: driver.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command.join(' ')}: ${said}`);
    return JSON.parse(value);
  };
  try {
    const { pid } = await next();
    await use(pid, driver.stdin);
    if (seconds === 0) driver.kill('SIGTERM');
    return await next();
  } finally {
    driver.kill('SIGTERM');
    await ended;
  }
};
