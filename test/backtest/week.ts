/** The machine's week as sysmon would have recorded it: raw readings through the real derivation, rounding and codec. */

import { appendFileSync, writeFileSync } from 'node:fs';
import { type Reading, row, type Sample } from '../../src/core/sample.js';
import { Sampler } from '../../src/core/sampler.js';
import type { Vital } from '../../src/core/vital.js';
import { encodeRecord } from '../../src/logs/codec.js';
import { createLineMaker } from '../../src/logs/line.js';
import type { LogRecord } from '../../src/logs/record.js';
import { part as clock } from '../../src/vitals/clock.js';
import { part as conntrack } from '../../src/vitals/conntrack.js';
import { part as cpu } from '../../src/vitals/cpu.js';
import { part as disk } from '../../src/vitals/disk.js';
import { part as filefd } from '../../src/vitals/filefd.js';
import { part as filesystem } from '../../src/vitals/filesystem.js';
import { part as networkInterface } from '../../src/vitals/interface.js';
import { part as load } from '../../src/vitals/load.js';
import { part as memory } from '../../src/vitals/memory.js';
import { part as network } from '../../src/vitals/network.js';
import type { Part } from '../../src/vitals/part.js';
import { part as pressure } from '../../src/vitals/pressure.js';
import { part as processes } from '../../src/vitals/processes.js';
import { part as system } from '../../src/vitals/system.js';
import { part as vmstat } from '../../src/vitals/vmstat.js';
import { type Machine, openMachine } from './machine.js';
import { DAY, WEEK_BEGINS } from './plan.js';

export const HOST = 'build-1';
/** Seconds between samples; every second one has the detail. */
const INTERVAL = 30;

const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'];
const STALLS = ['cpu_waiting', 'io_waiting', 'io_stalled', 'memory_waiting', 'memory_stalled'];

type Rows = Reading extends infer R ? (R extends { rows: infer Found } ? Found : never) : never;

/** What each part of the machine would read now: rows by group. */
const readingsOf = (
  machine: Machine,
  part: Part,
  time: number,
  detail: boolean,
): Readonly<Record<string, Rows>> => {
  switch (part) {
    case cpu: {
      const counted = machine.cpu();
      const cores = [0, 1, 2, 3].map((core) =>
        row(
          [String(core)],
          Object.fromEntries(MODES.map((mode) => [`${mode}_seconds`, counted[`cpu${core} ${mode}`] ?? 0])),
        ),
      );
      const total = Object.fromEntries(
        MODES.map((mode) => [
          `${mode}_seconds`,
          cores.reduce((sum, { numbers }) => sum + (numbers[`${mode}_seconds`] as number), 0),
        ]),
      );
      return { cpu: [row([], { ...total, cores: 4 })], core: cores };
    }
    case memory: {
      const { total, available, free, cached } = machine.memory();
      const swap = machine.swap();
      return {
        memory: [
          row([], { total_bytes: total, available_bytes: available, free_bytes: free, cached_bytes: cached }),
        ],
        swap: [row([], { total_bytes: swap.total, used_bytes: swap.total - swap.free })],
        ...(detail && {
          meminfo: [
            row([], {
              MemTotal_bytes: total,
              MemAvailable_bytes: available,
              MemFree_bytes: free,
              Cached_bytes: cached,
              SwapTotal_bytes: swap.total,
              SwapFree_bytes: swap.free,
            }),
          ],
        }),
      };
    }
    case load: {
      const [load1, load5, load15] = machine.load();
      return { load: [row([], { load1, load5, load15, cores: 4 })] };
    }
    case pressure: {
      const counted = machine.pressure();
      return {
        pressure: [
          row([], Object.fromEntries(STALLS.map((name) => [`${name}_seconds`, counted[`psi ${name}`] ?? 0]))),
        ],
      };
    }
    case filesystem:
      return {
        filesystem: Object.entries(machine.filesystems()).map(
          ([mountpoint, { size, used, files, filesUsed }], index) =>
            row(
              [mountpoint],
              {
                size_bytes: size,
                free_bytes: size - used,
                // Five percent are root's.
                available_bytes: Math.max(0, size * 0.95 - used),
                files,
                files_free: Math.round(files - filesUsed),
                readonly: 0,
                device_error: 0,
              },
              { device: `/dev/vd${'ab'[index]}1`, fstype: 'ext4' },
            ),
        ),
      };
    case disk:
      return { disk: Object.entries(machine.disks()).map(([device, numbers]) => row([device], numbers)) };
    case network:
      return {
        network: [
          row(
            ['lo'],
            { ...machine.network(), receive_errs: 0, transmit_errs: 0, receive_drop: 0, transmit_drop: 0 },
            { aside: 'inside' },
          ),
          row(['eth0'], { ...machine.network(), transmit_errs: 0, receive_drop: 0, transmit_drop: 0 }),
        ],
      };
    case networkInterface: {
      const { up, changes } = machine.link();
      const one = up ? 1 : 0;
      return {
        interface: [
          row(
            ['eth0'],
            { up: one, carrier: one, carrier_changes: changes, mtu_bytes: 1500 },
            { operstate: up ? 'up' : 'down' },
          ),
        ],
      };
    }
    case processes: {
      const { total, running, blocked, forks, switches, interrupts } = machine.processes();
      return {
        processes: [
          row([], {
            total,
            threads: total * 3,
            running,
            blocked,
            forks,
            context_switches: switches,
            interrupts,
          }),
        ],
      };
    }
    case system:
      return {
        system: [
          row([], {
            uptime_seconds: time - machine.bootedAt(),
            ...(detail && { boot_time_seconds: Math.round(WEEK_BEGINS + machine.bootedAt()) }),
          }),
        ],
      };
    case filefd: {
      const allocated = machine.openFiles();
      return {
        filefd: [row([], { allocated, maximum: 1_600_000, used_percent: (allocated / 1_600_000) * 100 })],
      };
    }
    case conntrack: {
      const entries = Math.round(machine.openFiles() / 3);
      return { conntrack: [row([], { entries, limit: 262_144, used_percent: (entries / 262_144) * 100 })] };
    }
    case vmstat:
      return { vmstat: [row([], machine.vmstat())] };
    case clock:
      return { clock: [row([], { time_seconds: WEEK_BEGINS + time })] };
    default:
      return {};
  }
};

const PARTS: readonly Part[] = [
  cpu,
  memory,
  load,
  pressure,
  filesystem,
  disk,
  network,
  networkInterface,
  processes,
  system,
  filefd,
  conntrack,
  vmstat,
  clock,
];

export const GROUPS_OF_WEEK = PARTS.flatMap((part) => part.groups);

/** Every sample of the week, one after the other. */
export async function* samplesOfWeek(seed: number, until = 7 * DAY): AsyncGenerator<Sample> {
  const machine = openMachine(seed);
  let now = 0;
  const vitals = PARTS.map((part): Vital => {
    const { groups, derive } = part;
    return {
      groups,
      read: ({ detail }) => {
        const rows = readingsOf(machine, part, now, detail);
        return groups.flatMap((group) =>
          rows[group.name] === undefined ? [] : { group, rows: rows[group.name] as Rows },
        );
      },
      ...(derive && { derive }),
    };
  });
  const timer = {
    now: () => (WEEK_BEGINS + now) * 1000,
    monotonic: () => now,
    sleep: () => new Promise<void>(() => {}),
  };
  let sampler: Sampler | undefined;
  let boot = '';
  for (; now <= until; now += INTERVAL) {
    machine.advance(now);
    if (machine.isOff(now)) {
      sampler?.forget();
      continue;
    }
    if (sampler === undefined || boot !== machine.boot()) {
      boot = machine.boot();
      sampler = new Sampler({
        vitals,
        wanted: { top: 0, processArguments: false, processes: [], filters: {} },
        clock: timer,
        host: HOST,
        boot,
        patience: 0,
      });
    }
    yield await sampler.take({ time: timer.now(), detail: now % 60 === 0, interval: INTERVAL });
  }
}

/** Writes the samples into a log, as one file; tells each to `look` before it is written, and writes what that gives. */
export const writeWeek = async (
  path: string,
  seed: number,
  look: (sample: Sample) => readonly LogRecord[] = (sample) => [
    { kind: 'sample', time: sample.time, host: HOST, sample },
  ],
): Promise<void> => {
  const line = await createLineMaker<LogRecord>(encodeRecord);
  let seq = 1;
  const start = WEEK_BEGINS * 1000;
  const opening: LogRecord[] = [{ kind: 'schema', time: start, host: HOST, v: 1, groups: GROUPS_OF_WEEK }];
  writeFileSync(path, opening.map((record) => line(record, seq++)).join(''));
  let pending: string[] = [];
  const flush = (): void => {
    appendFileSync(path, pending.join(''));
    pending = [];
  };
  for await (const sample of samplesOfWeek(seed)) {
    for (const record of look(sample)) pending.push(line(record, seq++));
    if (pending.length >= 2000) flush();
  }
  flush();
};
