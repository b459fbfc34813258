/** How soon a line that is appended is shown, and what it costs to follow many files that stand still, beside GNU tail. */

import { spawn } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuSeconds, median, pause, SYSMON, withFolder, withProcess, withSysmon } from './process.js';

const FILES = 1000;
const LATENCY_BOUND = 20;
const IDLE_BOUND = 0.002;

/** ms from the end of each write to its arrival; pauses between them are not even, so that no poll keeps step. */
const latencies = async ([program, ...args], file, count) => {
  writeFileSync(file, 'first\n');
  const child = spawn(program, [...args, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let came = () => {};
  child.stdout.on('data', (text) => came(String(text), process.hrtime.bigint()));
  const next = (wanted) =>
    new Promise((resolve) => {
      came = (text, at) => text.includes(wanted) && resolve(at);
    });
  const found = [];
  try {
    await next('first');
    await pause(1);
    for (let line = 0; line < count; line++) {
      const arrived = next(`line ${line}.`);
      appendFileSync(file, `line ${line}.\n`);
      const written = process.hrtime.bigint();
      found.push(Number((await arrived) - written) / 1e6);
      await pause(0.03 + 0.04 * Math.random());
    }
  } finally {
    child.kill('SIGKILL');
  }
  return median(found);
};

/** The part of a core that a process takes while nothing happens. */
const idle = (seconds) => async (pid) => {
  await pause(5);
  const before = cpuSeconds(pid);
  await pause(seconds);
  return (cpuSeconds(pid) - before) / seconds;
};

const ms = (value) => `${value.toFixed(2)} ms`;
const percent = (part) => `${(part * 100).toFixed(3)} %`;

export const measureFollow = ({ quick }) =>
  withFolder(async (folder) => {
    const count = quick ? 50 : 300;
    const sysmon = [process.execPath, SYSMON, 'tail'];
    const gnu = await latencies(['tail', '-F'], join(folder, 'gnu.log'), count);
    const bytes = await latencies([...sysmon, '-F'], join(folder, 'bytes.log'), count);
    const lines = await latencies([...sysmon, '-F', '--pretty'], join(folder, 'lines.log'), count);
    const files = Array.from({ length: FILES }, (_, n) => join(folder, `${n}.log`));
    for (const file of files) writeFileSync(file, 'a line\n');
    const seconds = quick ? 15 : 60;
    const [ours, peer] = await Promise.all([
      withSysmon(['tail', '-F', ...files], idle(seconds)),
      withProcess('tail', ['-F', ...files], idle(seconds)),
    ]);
    const latency = (what, own) => ({
      what,
      ours: ms(own),
      peer: ms(gnu),
      ratio: own / gnu,
      bound: `${LATENCY_BOUND} ms`,
      holds: own <= LATENCY_BOUND,
    });
    return [
      latency('tail -F, until an appended line is shown, against GNU tail', bytes),
      latency('the same, shown for people', lines),
      {
        what: `CPU while following ${FILES} files that stand still, against GNU tail`,
        ours: percent(ours),
        peer: percent(peer),
        bound: percent(IDLE_BOUND),
        holds: ours <= IDLE_BOUND,
      },
    ];
  });
