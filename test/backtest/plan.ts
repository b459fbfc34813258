/**
 * What happens to a machine in an ordinary week, and eight faults. Written from what such machines do, before any rule was
 * looked at: a rule that is noisy here is to be changed, not the week.
 */

export const HOUR = 3600;
export const DAY = 24 * HOUR;
const MINUTE = 60;

/** A Monday. */
export const WEEK_BEGINS = Date.UTC(2026, 10, 9) / 1000;

/** Whole numbers from a seed, evenly spread from 0 to 1 (Mulberry32). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

/** Something that goes on for a while; seconds since the week began. */
export interface Spell {
  readonly from: number;
  readonly until: number;
}

const at = (day: number, hour: number, minute = 0): number => day * DAY + hour * HOUR + minute * MINUTE;

const fault = <Name extends string>(name: Name, from: number, until: number, within: number) => ({
  name,
  from,
  until,
  within,
});

/**
 * The eight faults. `within` is how long whoever runs such a machine would let pass before being told, from the moment at which
 * the fault can be told from an ordinary day.
 */
export const FAULTS = [
  fault('oom kill', at(0, 14, 40), at(0, 14, 45), 10 * MINUTE),
  fault('dead interface', at(1, 10, 15), at(1, 11, 0), 10 * MINUTE),
  fault('runaway process', at(1, 19, 30), at(2, 1, 30), 2 * HOUR),
  fault('disk filling', at(3, 9), at(3, 17), 4 * HOUR),
  fault('memory leak', at(4, 0), at(5, 6), 29 * HOUR),
  fault('I/O stall', at(5, 12, 30), at(5, 13, 10), 15 * MINUTE),
  fault('swap storm', at(6, 11, 0), at(6, 11, 50), 20 * MINUTE),
  fault('silent log', at(6, 17, 0), at(6, 18, 0), 20 * MINUTE),
] as const;

export type FaultName = (typeof FAULTS)[number]['name'];

export interface Build extends Spell {
  /** Compilers side by side. */
  readonly jobs: number;
  readonly memory: number;
  /** Bytes a second that it adds to the disk, most of which go when it ends. */
  readonly output: number;
}

export interface Week {
  readonly builds: readonly Build[];
  /** A dump of the database to the disk, then all of it through the network. */
  readonly backups: readonly (Spell & { readonly dumped: number })[];
  readonly upgrades: readonly Spell[];
  readonly reboot: Spell;
}

/** Five to eight builds a working day and one or two at the weekend; one that comes while another runs waits for it. */
const planBuilds = (random: () => number): readonly Build[] => {
  const builds: Build[] = [];
  for (let day = 0; day < 7; day++) {
    const count = day < 5 ? 5 + Math.floor(random() * 4) : 1 + Math.floor(random() * 2);
    const starts = Array.from({ length: count }, () => at(day, 8) + random() * 11 * HOUR).sort(
      (a, b) => a - b,
    );
    for (const start of starts) {
      const from = Math.max(start, (builds.at(-1)?.until ?? 0) + MINUTE);
      const long = (5 + 35 * random() ** 1.5) * MINUTE;
      const jobs = 8 + Math.floor(random() * 5);
      builds.push({
        from,
        until: from + long,
        jobs,
        memory: jobs * (0.25 + 0.15 * random()) * 1e9,
        output: (1 + 2 * random()) * 1e6,
      });
    }
  }
  return builds;
};

export const planWeek = (seed: number): Week => {
  const random = randomFrom(seed);
  return {
    builds: planBuilds(random),
    backups: Array.from({ length: 7 }, (_, day) => {
      const from = at(day, 2, 10) + random() * 5 * MINUTE;
      const dumped = from + (35 + 30 * random()) * MINUTE;
      return { from, dumped, until: dumped + (40 + 20 * random()) * MINUTE };
    }),
    upgrades: [1, 3, 4].map((day) => {
      const from = at(day, 6, 25) + random() * 20 * MINUTE;
      return { from, until: from + (5 + 6 * random()) * MINUTE };
    }),
    reboot: { from: at(2, 4, 0), until: at(2, 4, 3) },
  };
};
