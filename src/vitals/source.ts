/** Where vitals are read from: the kernel's files, or systeminformation where there are none. */

import type { Vital } from '../core/vital.js';
import { openVitals } from './index.js';
import type { Aside } from './sensors.js';
import { readBoot, readUptime } from './system.js';
import { type ReadAside, TREE_DEFAULTS, Tree, type TreeRoots } from './tree.js';
import { readHost } from './uname.js';

export type SourceKind = 'auto' | 'linux' | 'portable';

export interface SourceOptions {
  /** `auto` where not given. */
  readonly kind?: SourceKind;
  readonly roots?: TreeRoots;
  /** As Node names it. */
  readonly platform: string;
  readonly hostname: string;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
  /** Whether this process must be able to end while a driver hangs: sensors are then read by a child. */
  readonly mustEnd?: boolean;
}

export interface Source {
  readonly kind: Exclude<SourceKind, 'auto'>;
  readonly vitals: readonly Vital[];
  readonly host: string;
  /** Identifies the boot. */
  readonly boot: string;
  /** s since boot with sleep included; undefined where the system does not say. */
  readonly uptime: () => number | undefined;
  /** Longest time a sampler should give one of the vitals, ms: beyond its own deadlines, so that their reasons are told. */
  readonly patience: number;
  /** Ends the processes that reading started. The vitals are closed by whoever samples them. */
  readonly close: () => void;
}

const isElsewhere = ({ roots }: Tree): boolean => roots.procfs !== TREE_DEFAULTS.procfs;

/**
 * The kernel's files: as asked for, or where they are somewhere else on purpose, or where this is a Linux that shows them.
 * Throws, with the path, where they were asked for and are not there.
 */
const isLinux = (kind: SourceKind, platform: string, tree: Tree): boolean => {
  if (kind === 'portable') return false;
  if (kind === 'linux' || isElsewhere(tree)) {
    tree.proc('stat');
    return true;
  }
  if (platform !== 'linux') return false;
  try {
    return tree.procIfThere('stat') !== undefined;
  } catch {
    return false;
  }
};

const openLinux = (tree: Tree, hostname: string, close: () => void): Source => {
  let vitals: readonly Vital[] | undefined;
  return {
    kind: 'linux',
    // A check that finds all in the log reads none.
    get vitals() {
      vitals ??= openVitals(tree);
      return vitals;
    },
    host: (isElsewhere(tree) ? readHost(tree) : undefined) ?? hostname,
    boot: readBoot(tree),
    uptime: () => readUptime(tree),
    patience: 2000,
    close: () => {
      tree.close();
      close();
    },
  };
};

/** The boot time is the wall clock less the uptime, and wobbles with both: this much of it identifies the boot, s. */
const BOOT_GRAIN = 10;

const openElsewhere = async ({ platform, hostname, now }: SourceOptions): Promise<Source> => {
  const [{ openPortable, DEADLINE }, { uptime }] = await Promise.all([
    import('./portable.js'),
    import('node:os'),
  ]);
  const bootTime = now() / 1000 - uptime();
  const portable = openPortable({ platform, bootTime });
  return {
    kind: 'portable',
    vitals: openVitals(portable),
    host: hostname,
    boot: `boot-${Math.round(bootTime / BOOT_GRAIN) * BOOT_GRAIN}`,
    uptime,
    patience: DEADLINE + 500,
    close: portable.close,
  };
};

/** Opens the source that is asked for, or that fits this machine. Throws where the kernel's files are asked for and not there. */
export const openSource = async (options: SourceOptions): Promise<Source> => {
  const { kind = 'auto', roots = TREE_DEFAULTS, platform, hostname, mustEnd = false } = options;
  let aside: Aside | undefined;
  let opening: Promise<Aside> | undefined;
  const open = async (): Promise<Aside> => {
    const { openAside } = await import('./sensors.js');
    aside = openAside();
    return aside;
  };
  // Loaded with the first sensor: most checks ask for none.
  const read: ReadAside = async (path) => {
    opening ??= open();
    return (await opening).read(path);
  };
  const tree = mustEnd ? new Tree(roots, read) : new Tree(roots);
  return isLinux(kind, platform, tree)
    ? openLinux(tree, hostname, () => aside?.close())
    : openElsewhere(options);
};
