/** CPU time of a sample at one a second, which is colder and so dearer than in a tight loop. Start-up is not in it. */

import { spawn } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { cpuSeconds, isInstalled, pause, withFolder, withProcess, withSysmon } from './process.js';

/** All of them go on for months: what the first half minute takes, while functions are compiled, is start-up. */
const SETTLE_SECONDS = 30;
const PSUTIL = new URL('psutil_loop.py', import.meta.url).pathname;
const PYTHON = '/usr/bin/python3';
const EXPORTER = 'prometheus-node-exporter';
const FOREVER = '1000000';

const samplesIn = (file) => readFileSync(file, 'latin1').split('\n').length;

/** CPU seconds a sample of a process that adds a line to `file` for each. */
const perLine = (pid, file, seconds) => async () => {
  await pause(SETTLE_SECONDS);
  const [cpu, lines] = [cpuSeconds(pid), samplesIn(file)];
  await pause(seconds);
  return (cpuSeconds(pid) - cpu) / (samplesIn(file) - lines);
};

const ours = (folder, seconds, ...args) => {
  const file = join(folder, `sysmon${args.join('')}.log`);
  return withSysmon(['log', '--interval', '1', '--file', file, ...args], (pid) =>
    perLine(pid, file, seconds)(),
  );
};

const psutil = async (folder, seconds) => {
  if (!isInstalled(PYTHON, '-c', 'import psutil')) return undefined;
  const file = join(folder, 'psutil.log');
  appendFileSync(file, '');
  // Half a second beside ours, which keeps to the clock's full seconds.
  await pause((1500 - (Date.now() % 1000)) / 1000);
  return withProcess(PYTHON, [PSUTIL, '1', FOREVER, file], (pid) => perLine(pid, file, seconds)());
};

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const scrape = (port, agent) =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/metrics', agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    }).on('error', reject);
  });

const nodeExporter = async (seconds) => {
  if (!isInstalled(EXPORTER, '--version')) return undefined;
  const port = await freePort();
  const agent = new Agent({ keepAlive: true });
  const args = [`--web.listen-address=127.0.0.1:${port}`, '--log.level=error'];
  try {
    return await withProcess(EXPORTER, args, async (pid) => {
      const scrapes = async (count) => {
        for (let done = 0; done < count; done++) {
          await pause((1750 - (Date.now() % 1000)) / 1000);
          const status = await scrape(port, agent);
          if (status !== 200) throw new Error(`${EXPORTER} answers ${status}`);
        }
      };
      await pause(1);
      await scrapes(SETTLE_SECONDS);
      const cpu = cpuSeconds(pid);
      await scrapes(seconds);
      return (cpuSeconds(pid) - cpu) / seconds;
    });
  } finally {
    agent.destroy();
  }
};

/** Runs `use` while the machine has at least so many processes. */
export const amongProcesses = async (count, use) => {
  const there = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
  const sleepers = Array.from({ length: Math.max(0, count - there) }, () =>
    spawn('sleep', [FOREVER], { stdio: 'ignore' }),
  );
  try {
    return await use();
  } finally {
    for (const one of sleepers) one.kill();
  }
};

const ms = (seconds) => `${(seconds * 1000).toFixed(2)} ms`;

const against = (name, own, peer) => ({
  what: `CPU a sample, --top 0, against ${name}`,
  ours: ms(own),
  ...(peer === undefined
    ? { peer: 'not installed' }
    : { peer: ms(peer), ratio: own / peer, bound: 'below 1', holds: own < peer }),
});

export const measureCpu = ({ quick }) =>
  withFolder(async (folder) => {
    const seconds = quick ? 15 : 60;
    const [own, python, exporter] = await Promise.all([
      ours(folder, seconds, '--top', '0'),
      psutil(folder, seconds),
      nodeExporter(seconds),
    ]);
    const crowded = await amongProcesses(300, () => ours(folder, seconds));
    return [
      { what: 'CPU a sample, --top 0', ours: ms(own), bound: '1.5 ms', holds: own <= 0.0015 },
      against("a scrape of node_exporter's", own, exporter),
      against('a psutil program', own, python),
      { what: 'CPU a sample, 300 processes', ours: ms(crowded), bound: '6 ms', holds: crowded <= 0.006 },
    ];
  });
