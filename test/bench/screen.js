/** `sysmon watch` beside the screens that people leave open today: CPU, bytes to the terminal, memory. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { amongProcesses } from './cpu.js';
import { makeLog } from './make-log.js';
import { isInstalled, median, pause, residentBytes, SYSMON, withFolder } from './process.js';
import { inTerminal } from './terminal.js';

const SIZES = [
  [80, 24],
  [120, 40],
];
const SETTLE = 5;
const OURS = [process.execPath, SYSMON, 'watch', '--interval', '1'];

/** All at one frame a second. */
const peersIn = (folder) => [
  { name: 'htop', command: ['htop', '-d', '10'] },
  { name: 'top', command: ['top', '-d', '1'] },
  { name: 'atop', command: ['atop', '1'] },
  { name: 'btop', command: ['btop', '--utf-force'], env: { XDG_CONFIG_HOME: configureBtop(folder) } },
  { name: 'glances', command: ['glances', '-t', '1', '--disable-check-update'] },
  { name: 'gtop', command: [join(folder, 'node_modules/.bin/gtop')] },
];

const configureBtop = (folder) => {
  const config = join(folder, 'config');
  mkdirSync(join(config, 'btop'), { recursive: true });
  writeFileSync(join(config, 'btop/btop.conf'), 'update_ms = 1000\n');
  return config;
};

const installGtop = (folder) => {
  const words = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', 'gtop'];
  return spawnSync('npm', words, { stdio: 'ignore', timeout: 60_000 }).status === 0;
};

const isThere = ({ name, command }, folder) =>
  name === 'gtop' ? installGtop(folder) : isInstalled('which', command[0]);

/** CPU as percent of a core, bytes a second, resident bytes. */
const run = async (one, size, seconds) => {
  const { cpu, bytes, resident, first, ...counted } = await inTerminal({
    ...one,
    size,
    seconds,
    settle: SETTLE,
  });
  const passed = counted.seconds;
  return { cpu: (cpu / passed) * 100, rate: bytes / passed, resident, first: first * 1000 };
};

const percent = (value) => `${value.toFixed(2)} %`;
const rate = (value) => `${(value / 1000).toFixed(2)} kB/s`;
const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const all = ({ cpu, rate: bytes, resident }) => `${percent(cpu)}, ${rate(bytes)}, ${mb(resident)}`;

const atMost = (what, own, peer, bound, say) =>
  peer === undefined
    ? { what, ours: say(own), peer: 'not installed' }
    : {
        what,
        ours: say(own),
        peer: say(peer),
        ratio: own / peer,
        bound: `${bound}`,
        holds: own <= bound * peer,
      };

/** The mean of two runs, before and after the others. */
const mean = (one, other) =>
  Object.fromEntries(Object.keys(one).map((key) => [key, (one[key] + other[key]) / 2]));

const measureSize = async (size, peers, seconds) => {
  const before = await run({ command: OURS }, size, seconds);
  const found = [];
  for (const { isHere, ...peer } of peers)
    found.push({ name: peer.name, ...(isHere && { result: await run(peer, size, seconds) }) });
  const own = mean(before, await run({ command: OURS }, size, seconds));
  const resultOf = (name) => found.find((peer) => peer.name === name)?.result;
  const [gtop, btop] = [resultOf('gtop'), resultOf('btop')];
  const small = size[0] === SIZES[0][0];
  const watch = `watch at ${size.join('x')}`;
  return [
    ...found.map(({ name, result }) => ({
      what: `${watch} beside ${name}`,
      ours: all(own),
      peer: result === undefined ? 'not installed' : all(result),
    })),
    { what: `${watch}: CPU of a core`, ours: percent(own.cpu), bound: '1 %', holds: own.cpu <= 1 },
    atMost(`${watch}: CPU, against gtop`, own.cpu, gtop?.cpu, 0.2, percent),
    small
      ? {
          what: `${watch}: to the terminal`,
          ours: rate(own.rate),
          bound: '1 kB/s',
          holds: own.rate <= 1000,
        }
      : atMost(`${watch}: to the terminal, against btop`, own.rate, btop?.rate, 0.5, rate),
    atMost(`${watch}: memory, against gtop`, own.resident, gtop?.resident, 1, mb),
    { what: `${watch}: first content`, ours: `${own.first.toFixed(0)} ms`, bound: '150 ms' },
  ];
};

const measureCrowd = (seconds, htop) =>
  amongProcesses(3000, async () => {
    const what = 'watch at 120x40, 3000 processes: CPU, against htop';
    // In turns, for what is cold costs more and what runs beside warms it.
    const own = await run({ command: OURS }, SIZES[1], seconds);
    const peer = htop.isHere ? await run(htop, SIZES[1], seconds) : undefined;
    return atMost(what, own.cpu, peer?.cpu, 2, percent);
  });

const LOOKS = 10;

/** Memory goes up and down with every collection of garbage: the median of some looks. */
const settled = async (pid) => {
  const looks = [];
  while (looks.length < LOOKS) {
    await pause(0.5);
    looks.push(residentBytes(pid));
  }
  return median(looks);
};

/** Frames of another machine's samples through a pipe: at one a second, then as fast as they are drawn. */
const measureMemory = async (folder, { minute, frames }) => {
  const file = join(folder, 'sysmon.log');
  await makeLog(file);
  const lines = readFileSync(file, 'utf8').split('\n');
  let at = 0;
  const feed = async (stdin, count, seconds) => {
    for (let fed = 0; fed < count; fed++) {
      stdin.write(`${lines[at++ % (lines.length - 1)]}\n`);
      await pause(seconds);
    }
  };
  let early;
  let late;
  const command = [process.execPath, SYSMON, 'watch', '-'];
  const { frames: drawn } = await inTerminal({ command, size: SIZES[1], input: true }, async (pid, stdin) => {
    await feed(stdin, minute, 1);
    early = await settled(pid);
    await feed(stdin, frames, 0.002);
    late = await settled(pid);
  });
  return {
    what: `watch: memory after ${drawn} frames, against the first ${minute} s`,
    ours: mb(late),
    peer: mb(early),
    ratio: late / early,
    bound: '5 MB more',
    holds: late - early <= 5e6,
  };
};

export const measureScreen = ({ quick }) =>
  withFolder(async (folder) => {
    const seconds = quick ? 10 : 30;
    const peers = peersIn(folder).map((peer) => ({ ...peer, isHere: isThere(peer, folder) }));
    const rows = [];
    for (const size of SIZES) rows.push(...(await measureSize(size, peers, seconds)));
    rows.push(await measureCrowd(seconds, peers[0]));
    rows.push(
      await measureMemory(folder, quick ? { minute: 15, frames: 2000 } : { minute: 60, frames: 10_000 }),
    );
    return rows;
  });
