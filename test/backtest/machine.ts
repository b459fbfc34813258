/** A machine with four CPUs that lives through the week: its counters as the kernel would count them, step by step. */

import { type Build, DAY, FAULTS, type FaultName, HOUR, planWeek, randomFrom, type Spell } from './plan.js';

const CPUS = 4;
const MEMORY = 16.6e9;
const SWAP = 4.3e9;
const ROOT = 80e9;
const VAR = 200e9;
const PAGE = 4096;

type Numbers = Record<string, number>;

/** What is going on in a step, a second of it where it is a rate. */
interface Activity {
  /** CPUs that programs and the kernel want. */
  user: number;
  system: number;
  /** CPUs idle for a disk. */
  iowait: number;
  readRoot: number;
  writtenRoot: number;
  readVar: number;
  writtenVar: number;
  received: number;
  sent: number;
  memory: number;
  cache: number;
  forks: number;
  majorFaults: number;
  swapIn: number;
  swapOut: number;
  /** Tasks that cannot go on for a disk. */
  blocked: number;
  /** Shares of time that no task got anything done. */
  ioFull: number;
  memoryFull: number;
}

const on = ({ from, until }: Spell, time: number): boolean => time >= from && time < until;

/** Counters and gauges at a moment, by group. */
export interface Machine {
  /** Goes on to a moment, seconds since the week began. */
  readonly advance: (time: number) => void;
  readonly isOff: (time: number) => boolean;
  readonly boot: () => string;
  readonly bootedAt: () => number;
  readonly cpu: () => Numbers;
  readonly memory: () => {
    readonly total: number;
    readonly available: number;
    readonly free: number;
    readonly cached: number;
  };
  readonly swap: () => { readonly total: number; readonly free: number };
  readonly load: () => readonly [number, number, number];
  readonly pressure: () => Numbers;
  readonly vmstat: () => Numbers;
  readonly disks: () => Readonly<Record<string, Numbers>>;
  readonly filesystems: () => Readonly<
    Record<
      string,
      { readonly size: number; readonly used: number; readonly files: number; readonly filesUsed: number }
    >
  >;
  readonly network: () => Numbers;
  readonly link: () => { readonly up: boolean; readonly changes: number };
  readonly processes: () => {
    readonly total: number;
    readonly running: number;
    readonly blocked: number;
    readonly forks: number;
    readonly switches: number;
    readonly interrupts: number;
  };
  readonly openFiles: () => number;
}

export const openMachine = (seed: number): Machine => {
  const week = planWeek(seed);
  const random = randomFrom(seed + 1);
  const noise = (share: number): number => 1 + share * (random() + random() - 1);
  const spellOf = (name: FaultName): Spell => FAULTS.find((one) => one.name === name) as Spell;
  const has = (name: FaultName, time: number): boolean => on(spellOf(name), time);

  let time = -60;
  let boots = 1;
  let bootedAt = -20 * DAY;
  const counters: Numbers = {};
  const add = (name: string, grown: number): void => {
    counters[name] = (counters[name] ?? 0) + grown;
  };
  const load: [number, number, number] = [0.6, 0.6, 0.6];
  let activity: Activity | undefined;
  /** Of these, what is not there for ever goes by itself. */
  let [rootUsed, varUsed, dump, buildOutput] = [39e9, 118e9, 0, 0];
  let swapUsed = 0.2e9;
  let linkChanges = 2;
  let linkUp = true;
  let cached = 5e9;

  /** People come in the morning, and fewer of them at the weekend. */
  const traffic = (now: number): number => {
    const hour = (now % DAY) / HOUR;
    const busy = Math.exp(-(((hour - 11) / 3) ** 2)) + 0.9 * Math.exp(-(((hour - 16) / 3.5) ** 2));
    return (0.12 + busy) * (now >= 5 * DAY ? 0.45 : 1);
  };

  const buildAt = (now: number): Build | undefined => week.builds.find((one) => on(one, now));

  const activityAt = (now: number): Activity => {
    const people = traffic(now) * noise(0.25);
    const a: Activity = {
      user: 0.12 + 0.75 * people,
      system: 0.06 + 0.2 * people,
      iowait: 0.02 + 0.05 * people * random(),
      readRoot: 20e3 * noise(1),
      writtenRoot: 60e3 * noise(1),
      readVar: 400e3 * people,
      writtenVar: 150e3 + 900e3 * people,
      received: 15e3 + 900e3 * people,
      sent: 20e3 + 3.5e6 * people,
      memory: 5.6e9 + 1.3e9 * traffic(now),
      cache: 5e9,
      forks: 3 + 8 * people,
      majorFaults: 0.5 * noise(1),
      swapIn: random() < 0.02 ? 20 : 0,
      swapOut: 0,
      blocked: 0,
      ioFull: 0.004,
      memoryFull: 0,
    };
    const build = buildAt(now);
    if (build !== undefined) {
      // It fetches and configures, compiles for most of its time, and links at the end.
      const part = (now - build.from) / (build.until - build.from);
      const compiling = part > 0.06 && part < 0.92;
      a.user += compiling ? build.jobs * 0.82 : 1.1;
      a.system += compiling ? build.jobs * 0.18 : 0.4;
      a.memory += build.memory * (compiling ? noise(0.2) : 0.6);
      a.forks += compiling ? 160 * noise(0.3) : 25;
      a.writtenVar += 9e6 * noise(0.5);
      a.readVar += 6e6 * noise(0.8);
      a.iowait += 0.15 * noise(1);
      a.majorFaults += 12 * noise(1);
      if (part <= 0.06) a.received += 18e6;
    }
    for (const backup of week.backups) {
      if (!on(backup, now)) continue;
      const dumping = now < backup.dumped;
      // Bursts: where the files are small and lie far apart, the disk seeks.
      const burst = Math.sin(now / 310) > 0.72;
      a.user += dumping ? 0.7 : 0.9;
      a.system += 0.35;
      a.iowait += (burst ? 2.1 : 0.9) * noise(0.3);
      a.readVar += (burst ? 18e6 : 95e6) * noise(0.3);
      a.writtenVar += dumping ? 9e6 : 1e6;
      a.sent += dumping ? 0 : 32e6 * noise(0.2);
      a.cache = 8.5e9;
      a.blocked += burst ? 3 : 1;
      a.ioFull += (burst ? 0.55 : 0.3) * noise(0.3);
      a.majorFaults += 30 * noise(1);
    }
    for (const upgrade of week.upgrades) {
      if (!on(upgrade, now)) continue;
      a.user += 1.1;
      a.system += 0.5;
      a.iowait += 0.6 * noise(0.6);
      a.received += now < upgrade.from + 60 ? 20e6 : 0;
      a.writtenRoot += 38e6 * noise(0.5);
      a.forks += 60;
      a.majorFaults += 60 * noise(1);
      a.memory += 0.5e9;
    }
    if (now - bootedAt < 6 * 60) {
      a.user += 2.6;
      a.system += 0.9;
      a.iowait += 1.2;
      a.readRoot += 60e6;
      a.readVar += 40e6;
      a.majorFaults += 700;
      a.ioFull += 0.4;
      a.forks += 40;
    }
    addFaults(a, now);
    return a;
  };

  const addFaults = (a: Activity, now: number): void => {
    const since = (name: FaultName): number => now - spellOf(name).from;
    if (has('oom kill', now)) {
      // Something takes all it can get within four minutes, and is killed for it.
      if (since('oom kill') < 240) a.memory += 9.5e9 * (since('oom kill') / 240);
      if (since('oom kill') >= 180 && since('oom kill') < 240) a.memoryFull += 0.3;
    }
    if (has('runaway process', now)) a.user += 4.4;
    if (has('disk filling', now)) a.writtenVar += 2.4e6;
    if (has('memory leak', now)) a.memory += 95e3 * since('memory leak');
    if (has('I/O stall', now)) {
      a.iowait += 2.6;
      a.blocked += 14;
      a.ioFull += 0.9;
      a.readVar = 0;
      a.writtenVar = 0;
    }
    if (has('swap storm', now)) {
      a.memory = 0.965 * MEMORY;
      a.cache = 0.3e9;
      a.iowait += 1.3;
      a.swapIn += 3600 * noise(0.4);
      a.swapOut += 3900 * noise(0.4);
      a.majorFaults += 3000 * noise(0.4);
      a.memoryFull += 0.42 * noise(0.3);
      a.ioFull += 0.35;
      a.blocked += 6;
    }
    if (has('dead interface', now)) {
      a.received = 0;
      a.sent = 0;
      a.user *= 0.5;
    }
  };

  const countDisk = (
    name: string,
    seconds: number,
    read: number,
    written: number,
    stalled: boolean,
    waiting: number,
  ): void => {
    const requests = { reads: (read / 90e3) * seconds, writes: (written / 40e3 + 2) * seconds };
    if (stalled) {
      // In work all the time, and nothing comes back: the kernel counts a request's time when it is done.
      add(`${name} io_time`, seconds);
      return;
    }
    const time = requests.reads * 0.004 + requests.writes * 0.003;
    add(`${name} read_bytes`, read * seconds);
    add(`${name} written_bytes`, written * seconds);
    add(`${name} reads`, Math.round(requests.reads));
    add(`${name} writes`, Math.round(requests.writes));
    add(`${name} read_time`, requests.reads * 0.004 * (1 + waiting));
    add(`${name} write_time`, requests.writes * 0.003 * (1 + waiting));
    add(`${name} io_time`, Math.min(seconds * 0.99, time));
    add(`${name} weighted`, time * (1 + waiting));
  };

  const step = (to: number): void => {
    const seconds = to - time;
    const a = activityAt(to);
    activity = a;
    const wanted = a.user + a.system;
    const scale = Math.min(1, (CPUS - 0.02) / wanted);
    const [user, system] = [a.user * scale, a.system * scale];
    const iowait = Math.min(a.iowait, CPUS - user - system);
    for (let cpu = 0; cpu < CPUS; cpu++) {
      // Not quite evenly: the first serves the interrupts.
      const softirq = cpu === 0 ? Math.min(0.03, system * 0.05) : 0;
      add(`cpu${cpu} user`, (user / CPUS) * seconds);
      add(`cpu${cpu} system`, (system / CPUS - softirq) * seconds);
      add(`cpu${cpu} softirq`, softirq * seconds);
      add(`cpu${cpu} iowait`, (iowait / CPUS) * seconds);
      add(`cpu${cpu} steal`, 0.002 * seconds);
      add(`cpu${cpu} idle`, Math.max(0, (CPUS - user - system - iowait) / CPUS - 0.002) * seconds);
    }
    const tasks = wanted + a.blocked + iowait;
    [60, 300, 900].forEach((period, index) => {
      const keeps = Math.exp(-seconds / period);
      load[index] = (load[index] as number) * keeps + tasks * (1 - keeps);
    });
    add('psi cpu_waiting', Math.min(0.98, Math.max(0.01, (wanted - CPUS) / wanted)) * seconds);
    add('psi io_waiting', Math.min(0.99, a.ioFull * 1.4 + 0.01) * seconds);
    add('psi io_stalled', Math.min(0.97, a.ioFull * (1 - (user / CPUS) * 0.7)) * seconds);
    add('psi memory_waiting', Math.min(0.99, a.memoryFull * 1.6) * seconds);
    add('psi memory_stalled', Math.min(0.97, a.memoryFull) * seconds);
    add('pgmajfault', a.majorFaults * seconds);
    add('pgfault', (900 + a.forks * 700 + a.majorFaults) * seconds);
    add('pswpin', a.swapIn * seconds);
    add('pswpout', a.swapOut * seconds);
    add('pgpgin', ((a.readRoot + a.readVar) / 1024) * seconds);
    add('pgpgout', ((a.writtenRoot + a.writtenVar) / 1024) * seconds);
    const killed = spellOf('oom kill').from + 240;
    if (time < killed && to >= killed) add('oom_kill', 1);
    countDisk(
      'vda',
      seconds,
      a.readRoot + a.swapIn * PAGE,
      a.writtenRoot + a.swapOut * PAGE,
      false,
      a.blocked,
    );
    countDisk('vdb', seconds, a.readVar, a.writtenVar, has('I/O stall', to), a.blocked);
    add('rx', a.received * seconds);
    add('tx', a.sent * seconds);
    add('rx packets', (a.received / 900) * seconds);
    add('tx packets', (a.sent / 1100) * seconds);
    // A frame in some hundred thousand is broken: a cable.
    if (random() < 0.02 && a.received > 0) add('rx errs', 1);
    const up = !has('dead interface', to);
    if (up !== linkUp) linkChanges++;
    linkUp = up;
    add('forks', a.forks * seconds);
    add('switches', (2500 + 9000 * wanted) * seconds);
    add('interrupts', (1500 + 2500 * wanted) * seconds);
    cached += (a.cache - cached) * Math.min(1, seconds / 600);
    fillDisks(to, seconds);
    const leaked = a.memory - 0.93 * MEMORY;
    if (has('swap storm', to)) swapUsed = Math.min(0.72 * SWAP, swapUsed + 6e6 * seconds);
    else if (leaked > 0) swapUsed = Math.min(0.97 * SWAP, swapUsed + 0.4e6 * seconds);
    else swapUsed = Math.max(0.2e9, swapUsed - 0.05e6 * seconds);
    time = to;
  };

  const passed = (to: number, moment: number): boolean => time < moment && to >= moment;

  const fillDisks = (to: number, seconds: number): void => {
    const build = buildAt(to);
    if (build !== undefined) buildOutput += build.output * seconds;
    // Most of what a build made goes with it; the caches stay until they are cleaned.
    else if (buildOutput > 0) {
      varUsed += buildOutput * 0.25;
      buildOutput = 0;
    }
    // Logs and data.
    varUsed += (4e3 + 14e3 * traffic(to)) * seconds;
    if (has('disk filling', to)) varUsed += 2.3e6 * seconds;
    if (passed(to, spellOf('disk filling').until)) varUsed -= 2.3e6 * 8 * HOUR;
    for (const backup of week.backups) {
      if (on(backup, to) && to < backup.dumped) dump += 3.6e6 * seconds;
      if (passed(to, backup.until)) dump = 0;
    }
    for (const upgrade of week.upgrades) {
      if (on(upgrade, to)) rootUsed += 4.5e6 * seconds;
      // Old packages are removed a while later, all but a few hundred megabytes.
      if (passed(to, upgrade.until + 20 * 60)) rootUsed -= 1.3e9;
    }
    for (let day = 0; day < 7; day++) {
      // Logs are compressed at midnight, old caches go at half past three, all of them on Sunday.
      if (passed(to, day * DAY + 300)) varUsed -= 0.5e9;
      if (passed(to, day * DAY + 3.5 * HOUR)) varUsed -= day === 6 ? 9e9 : 1.5e9;
    }
  };

  const count = (name: string): number => counters[name] ?? 0;
  const whole = (name: string): number => Math.round(count(name));

  return {
    advance: (to) => {
      if (passed(to, week.reboot.from)) {
        for (const name in counters) delete counters[name];
        bootedAt = week.reboot.until - 20;
        boots++;
        linkChanges = 2;
        load.fill(0);
        swapUsed = 0;
        cached = 0.5e9;
        time = Math.max(bootedAt, to - 30);
      }
      step(to);
    },
    isOff: (now) => on(week.reboot, now) || has('silent log', now),
    boot: () => `00000000-0000-4000-8000-00000000000${boots}`,
    bootedAt: () => bootedAt,
    cpu: () => counters,
    memory: () => {
      const used = Math.min(0.985 * MEMORY, (activity as Activity).memory);
      const available = MEMORY - used;
      return {
        total: MEMORY,
        available,
        free: Math.max(0.1e9, available - cached),
        cached: Math.min(cached, available),
      };
    },
    swap: () => ({ total: SWAP, free: SWAP - swapUsed }),
    load: () => load,
    pressure: () => counters,
    vmstat: () =>
      Object.fromEntries(
        ['oom_kill', 'pgfault', 'pgmajfault', 'pgpgin', 'pgpgout', 'pswpin', 'pswpout'].map((name) => [
          name,
          whole(name),
        ]),
      ),
    disks: () =>
      Object.fromEntries(
        ['vda', 'vdb'].map((name) => [
          name,
          {
            reads_completed: whole(`${name} reads`),
            reads_merged: 0,
            read_bytes: whole(`${name} read_bytes`),
            read_time_seconds: count(`${name} read_time`),
            writes_completed: whole(`${name} writes`),
            writes_merged: 0,
            written_bytes: whole(`${name} written_bytes`),
            write_time_seconds: count(`${name} write_time`),
            in_flight:
              name === 'vdb' && has('I/O stall', time) ? 14 : (activity as Activity).blocked > 0 ? 2 : 0,
            io_time_seconds: count(`${name} io_time`),
            io_time_weighted_seconds: count(`${name} weighted`),
          },
        ]),
      ),
    filesystems: () => ({
      '/': { size: ROOT, used: rootUsed, files: 5e6, filesUsed: 4.1e5 },
      '/var': {
        size: VAR,
        used: Math.min(VAR * 0.97, varUsed + dump + buildOutput),
        files: 13e6,
        filesUsed: 9e5 + buildOutput / 40e3,
      },
    }),
    network: () => ({
      receive_bytes: whole('rx'),
      receive_packets: whole('rx packets'),
      receive_errs: whole('rx errs'),
      transmit_bytes: whole('tx'),
      transmit_packets: whole('tx packets'),
    }),
    link: () => ({ up: linkUp, changes: linkChanges }),
    processes: () => {
      const a = activity as Activity;
      return {
        total: Math.round(210 + a.forks / 4),
        running: Math.max(1, Math.round(a.user + a.system)),
        blocked: Math.round(a.blocked),
        forks: whole('forks'),
        switches: whole('switches'),
        interrupts: whole('interrupts'),
      };
    },
    openFiles: () => Math.round(2600 + 40 * (activity as Activity).forks),
  };
};
