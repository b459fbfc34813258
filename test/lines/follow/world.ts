/** A program that writes lines to a log, and one that rotates it: steps at random, from a seed. */

/** What the two do to a disk. */
export interface Disk {
  /** Opens for appending, and makes the file where there is none. */
  readonly open: (path: string) => number;
  readonly close: (handle: number) => void;
  readonly write: (handle: number, text: string) => void;
  readonly rename: (from: string, to: string) => void;
  readonly copy: (from: string, to: string) => void;
  readonly truncate: (path: string) => void;
  readonly unlink: (path: string) => void;
  readonly exists: (path: string) => boolean;
}

export type Random = () => number;

/** mulberry32: small, and the same everywhere. */
export const seeded = (seed: number): Random => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export interface World {
  /** Does a little something. */
  readonly step: () => void;
  /** Brings what was begun to its end: no torn line, a file at the name. Rotates no more. */
  readonly settle: () => void;
  /** A line has come out; throws where it is not the next. */
  readonly receive: (line: string) => void;
  /** Lines that were written and have not come out. */
  readonly outstanding: () => number;
  readonly lines: () => number;
  readonly received: () => number;
  readonly rotations: () => number;
  /** How often each kind of rotation was done. */
  readonly counts: Readonly<Record<string, number>>;
  /** Whether a follower may end now and another one go on later: it is not told of files that are deleted while nobody has them open. */
  readonly mayRest: () => boolean;
  /** Whether there is a follower. */
  isWatched: boolean;
  readonly tell: (what: string) => void;
  readonly story: () => readonly string[];
}

/** Rotated files that are kept. */
const KEPT = 12;

/** Steps after which a follower has had the time for anything. */
const PATIENCE = 100_000;

/** The rotations that a follower may be behind at most: no one can show what was deleted before it was seen. */
const BEHIND = KEPT - 4;

export const openWorld = (disk: Disk, path: string, random: Random, wanted: number): World => {
  let handle = disk.open(path);
  let written = 0;
  let received = 0;
  /** What is still to be written of a line that was begun. */
  let rest = '';
  /** What is left to do of a rotation. */
  let plan: (() => void)[] = [];
  let rotations = 0;
  /** Lines written up to each of the last rotations, so that the follower is not left behind. */
  const marks: number[] = [];
  /** The first line of what the file holds now, since it was last truncated or made. */
  let first = 0;
  const counts: Record<string, number> = {};
  const story: string[] = [];
  const tell = (what: string): void => {
    story.push(what);
    if (story.length > 80) story.shift();
  };

  const nextLine = (number = written): string => `${number} ${'x'.repeat(Math.floor(random() ** 4 * 300))}\n`;

  const finish = (): void => {
    if (rest === '') return;
    disk.write(handle, rest);
    rest = '';
    written++;
    tell(`finished ${written - 1}`);
  };

  const write = (): void => {
    const kind = random();
    if (rest !== '') {
      const some = kind < 0.3 ? rest.slice(0, 3) : rest;
      disk.write(handle, some);
      rest = rest.slice(some.length);
      tell(`more of ${written}`);
      if (rest === '') written++;
      return;
    }
    if (kind < 0.2) {
      const line = nextLine();
      const cut = Math.floor(random() * (line.length - 1)) + 1;
      disk.write(handle, line.slice(0, cut));
      rest = line.slice(cut);
      tell(`begun ${written}`);
      if (rest === '') written++;
      return;
    }
    const many = kind > 0.97 ? 300 : kind > 0.7 ? 5 : 1;
    let text = '';
    const from = written;
    for (let i = 0; i < many; i++) {
      text += nextLine();
      written++;
    }
    disk.write(handle, text);
    tell(`wrote ${from} to ${written - 1}`);
  };

  const shift = (): (() => void)[] =>
    Array.from({ length: KEPT - 1 }, (_, i) => KEPT - 1 - i).map((n) => () => {
      if (disk.exists(`${path}.${n}`)) disk.rename(`${path}.${n}`, `${path}.${n + 1}`);
    });

  const truncate = (): void => {
    disk.truncate(path);
    first = written;
  };

  const reopen = (): void => {
    finish();
    disk.close(handle);
    handle = disk.open(path);
    first = written;
    tell('reopened');
  };

  /** Something else may happen before the next step of the plan. */
  const somewhat = (): (() => void)[] => (random() < 0.5 ? [write] : random() < 0.5 ? [write, write] : []);

  /** `may`: whether nothing is lost by it that nobody could have read. */
  const ways = {
    rename: {
      share: 0.4,
      may: () => true,
      steps: () => [
        ...shift(),
        () => disk.rename(path, `${path}.1`),
        ...somewhat(),
        // Rotators make the file, or leave that to the writer (nocreate).
        ...(random() < 0.5 ? [() => disk.close(disk.open(path)), ...somewhat()] : []),
        reopen,
      ],
    },
    copytruncate: {
      share: 0.3,
      // What is truncated before anything of it was read leaves no trace by which its copy could be known.
      may: () => received > first,
      steps: () => [...shift(), () => disk.copy(path, `${path}.1`), truncate, ...somewhat()],
    },
    truncate: {
      share: 0.15,
      may: () => received === written && received > first,
      steps: () => [truncate, ...somewhat()],
    },
    delete: {
      share: 0.15,
      may: () => world.isWatched && received > first,
      steps: () => [() => disk.unlink(path), ...somewhat(), reopen],
    },
  } as const;

  type Way = keyof typeof ways;

  const chooseWay = (): Way => {
    let left = random();
    for (const [name, { share }] of Object.entries(ways)) {
      left -= share;
      if (left < 0) return name as Way;
    }
    return 'rename';
  };

  /** What is to be done as soon as it may; nothing is written until then. */
  let wish: Way | undefined;
  let waited = 0;
  let last: Way | undefined;

  const rotate = (name: Way): void => {
    const isBehind = marks.length >= BEHIND && received < (marks.at(-BEHIND) as number);
    // From a file that is gone no names lead to those that came after it.
    const isCutOff = last === 'delete' && received <= first;
    if (!ways[name].may() || isBehind || isCutOff) {
      if (waited++ > PATIENCE)
        throw new Error(`line ${received} of ${written} never comes: ${story.join('; ')}`);
      return;
    }
    waited = 0;
    wish = undefined;
    last = name;
    plan = ways[name].steps();
    tell(name);
    counts[name] = (counts[name] ?? 0) + 1;
    rotations++;
    marks.push(written);
  };

  const world: World = {
    isWatched: true,
    mayRest: () => plan.length === 0 && received > first,
    step: () => {
      const next = plan.shift();
      if (next !== undefined) next();
      else if (wish !== undefined) rotate(wish);
      else if (random() < 0.3 && rotations < wanted) {
        wish = chooseWay();
        // Only a whole line is sure to be received.
        finish();
        if (written === first) disk.write(handle, nextLine(written++));
      } else write();
    },
    settle: () => {
      for (const next of plan.splice(0)) next();
      finish();
    },
    receive: (line) => {
      const number = Number(/^(\d+) x*\n$/.exec(line)?.[1] ?? Number.NaN);
      if (number !== received)
        throw new Error(
          `expected line ${received}, got ${JSON.stringify(line.slice(0, 60))}; before: ${story.join('; ')}`,
        );
      received++;
    },
    outstanding: () => written - received,
    lines: () => written,
    received: () => received,
    rotations: () => rotations,
    counts,
    tell,
    story: () => story,
  };
  return world;
};
