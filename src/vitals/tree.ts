/** The kernel's files, under roots that can be moved: a container looking at its host, a recorded tree in a test. */

import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { pathBelow } from './root-path.js';

export interface TreeRoots {
  readonly procfs: string;
  readonly sysfs: string;
  /** Where the machine's own `/` is seen; filesystems and files such as os-release are looked up below it. */
  readonly rootfs: string;
}

export const TREE_DEFAULTS: TreeRoots = { procfs: '/proc', sysfs: '/sys', rootfs: '/' };

/** Text of a file, and `null` where it cannot be read. */
export type ReadAside = (path: string) => Promise<string | null>;

/** One for all reads: they are synchronous, and a procfs file is at most a few hundred KB. */
let buffer = Buffer.allocUnsafe(64 * 1024);

/**
 * The kernel gives a file of one record whole, and of others as many whole records as fit into a page (seq_file). So of
 * those that have no record as long as this, a read of less is all there is.
 */
const SURELY_ALL = 2048;

/** Files of procfs known to be so, of those that are read again and again. All others are read until the kernel says that they end. */
const SHORT_RECORDS =
  /^(stat|meminfo|loadavg|uptime|diskstats|vmstat|softirqs|(self|1)\/cgroup|pressure\/(cpu|io|memory|irq)|(1\/)?net\/(dev|arp|snmp|snmp6|netstat|sockstat|sockstat6|softnet_stat|stat\/nf_conntrack)|sys\/fs\/file-nr|sys\/kernel\/(random\/)?\w+|sys\/net\/netfilter\/nf_conntrack_(count|max))$/;

/** How long a read of such a file must be to need another one, bytes; 0 where each does. */
export const endsBelow = (path: string): number => (SHORT_RECORDS.test(path) ? SURELY_ALL : 0);

/** Whole text of an open file. Throws what the system says. Reads to the end, since procfs files have no size. */
const readOpen = (fd: number, surelyAll = 0): string => {
  let length = 0;
  for (;;) {
    if (length === buffer.length) {
      const larger = Buffer.allocUnsafe(buffer.length * 2);
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
    const count = readSync(fd, buffer, length, buffer.length - length, length);
    length += count;
    if (count === 0 || length < surelyAll) return buffer.toString('utf8', 0, length);
  }
};

/** Whole text of a small file. Throws what the system says. */
const readText = (path: string, surelyAll = 0): string => {
  const fd = openSync(path, 'r');
  try {
    return readOpen(fd, surelyAll);
  } finally {
    closeSync(fd);
  }
};

/** The number that a text of one line is; undefined where it is none. */
export const numberIn = (text = ''): number | undefined => {
  const word = text.trim();
  const value = word === '' ? Number.NaN : Number(word);
  return Number.isNaN(value) ? undefined : value;
};

/** Text of an attribute of sysfs that is open: it is shown whole and at once, and is at most a page long (Documentation/filesystems/sysfs.rst). */
export const readAttribute = (fd: number): string => readOpen(fd, SURELY_ALL);

const readNewAttribute = (path: string): string => readText(path, SURELY_ALL);

const readNames = (path: string): readonly string[] => readdirSync(path);

const readTarget = (path: string): string => readlinkSync(path);

/** Files of procfs that are there as long as the machine runs: all but those of processes, the first one's excepted. */
const isLasting = (path: string): boolean => /^(\D|1\/)/.test(path);

/** ENODEV, EINVAL and ENXIO are how sysfs says that an attribute means nothing for this device. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENODEV', 'EINVAL', 'ENXIO', 'ESRCH', 'EOPNOTSUPP', 'ENODATA']);

/** What `read` gives; undefined where the kernel says that there is no such thing. `onMissing` is told where not even its name is there. */
export const unlessAbsent = <T>(read: () => T, onMissing?: () => void): T | undefined => {
  // Nobody sees where an absent file was missed, and a stack is the dearest part of an error.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return read();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!ABSENT.has(code)) throw error;
    if (code === 'ENOENT') onMissing?.();
    return undefined;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

/** Of places that were not there before, so many are known. Names come and go, as those of interfaces do. */
const MOST_MISSED = 4096;

const QUIETLY = { throwIfNoEntry: false } as const;

interface KeptFile {
  readonly fd: number;
  readonly surelyAll: number;
}

export class Tree {
  readonly kind = 'linux';
  readonly roots: TreeRoots;
  /**
   * Lasting files of the real procfs, kept open: read from the start they tell what is so now, and opening and closing is
   * a third of what a file costs. A recorded tree's files may be others tomorrow.
   */
  readonly #kept = new Map<string, KeptFile>();
  /**
   * Places that were not there when they were last looked for. Hardly any of them is ever there later, and to look whether
   * it is costs half of what it does to open what is not there: that ends in an exception.
   */
  readonly #missed = new Set<string>();
  #constants: { pageSize: number; ticksPerSecond: number } | undefined;

  /** Reads a file that may never answer, where not even the end of this process may wait for it. */
  readonly readAside: ReadAside | undefined;

  constructor(roots: TreeRoots, readAside?: ReadAside) {
    this.roots = roots;
    this.readAside = readAside;
  }

  /** Text of a file below procfs. Throws when it cannot be read. */
  proc(path: string): string {
    const { procfs } = this.roots;
    return (
      this.#readKept(path) ??
      (procfs === TREE_DEFAULTS.procfs && isLasting(path)
        ? this.#readNew(path)
        : readText(`${procfs}/${path}`))
    );
  }

  #readKept(path: string): string | undefined {
    const kept = this.#kept.get(path);
    if (kept === undefined) return undefined;
    try {
      return readOpen(kept.fd, kept.surelyAll);
    } catch {
      // What was behind it has gone, as with a module of the kernel; it may have come again.
      this.#kept.delete(path);
      closeSync(kept.fd);
      return undefined;
    }
  }

  #readNew(path: string): string {
    const fd = openSync(`${this.roots.procfs}/${path}`, 'r');
    try {
      const text = readOpen(fd);
      this.#kept.set(path, { fd, surelyAll: endsBelow(path) });
      return text;
    } finally {
      if (!this.#kept.has(path)) closeSync(fd);
    }
  }

  /** Closes what is kept open. It can still be read from. */
  close(): void {
    for (const { fd } of this.#kept.values()) closeSync(fd);
    this.#kept.clear();
  }

  /** The same, undefined where this machine has no such file. Still throws when it may not be read. */
  procIfThere(path: string): string | undefined {
    return this.#readKept(path) ?? this.#ifThere(`${this.roots.procfs}/${path}`, () => this.proc(path));
  }

  /** Text of an attribute. */
  sysIfThere(path: string): string | undefined {
    return this.#ifThere(`${this.roots.sysfs}/${path}`, readNewAttribute);
  }

  /** Whether anything is there below sysfs. */
  sysHas(path: string): boolean {
    return this.#ifThere(`${this.roots.sysfs}/${path}`, (place) => lstatSync(place, QUIETLY)) !== undefined;
  }

  #ifThere<T>(place: string, read: (place: string) => T): T | undefined {
    return unlessAbsent(
      () => (this.#isMissed(place) ? undefined : read(place)),
      () => this.#miss(place),
    );
  }

  #isMissed(place: string): boolean {
    if (!this.#missed.has(place)) return false;
    if (lstatSync(place, QUIETLY) === undefined) return true;
    this.#missed.delete(place);
    return false;
  }

  #miss(place: string): void {
    if (this.#missed.size >= MOST_MISSED) this.#missed.clear();
    this.#missed.add(place);
  }

  /** A number from a one-line sysfs file; undefined where there is none. */
  sysNumber(path: string): number | undefined {
    return numberIn(this.sysIfThere(path));
  }

  /** Text of a file of the machine itself, such as `etc/os-release`; links lead where they lead there. */
  rootIfThere(path: string): string | undefined {
    return this.#ifThere(pathBelow(this.roots.rootfs, path), readText);
  }

  /** Names in a folder below procfs; none where it is not there. */
  procList(path: string): readonly string[] {
    return this.#ifThere(`${this.roots.procfs}/${path}`, readNames) ?? [];
  }

  sysList(path: string): readonly string[] {
    return this.#ifThere(`${this.roots.sysfs}/${path}`, readNames) ?? [];
  }

  /** Where a link below sysfs points; undefined where there is none. */
  sysLink(path: string): string | undefined {
    return this.#ifThere(`${this.roots.sysfs}/${path}`, readTarget);
  }

  /** The kernel's page size in bytes and its clock ticks per second, from the auxiliary vector it gives every process. */
  constants(): { readonly pageSize: number; readonly ticksPerSecond: number } {
    this.#constants ??= auxiliary();
    return this.#constants;
  }
}

/** AT_PAGESZ and AT_CLKTCK of getauxval(3). A 32-bit process has 4-byte entries; Node's builds for procfs systems that matter are 64-bit. */
const auxiliary = (): { pageSize: number; ticksPerSecond: number } => {
  const AT_PAGESZ = 6n;
  const AT_CLKTCK = 17n;
  const found = { pageSize: 4096, ticksPerSecond: 100 };
  try {
    const fd = openSync('/proc/self/auxv', 'r');
    try {
      const bytes = Buffer.alloc(4096);
      const length = readSync(fd, bytes, 0, bytes.length, 0);
      for (let at = 0; at + 16 <= length; at += 16) {
        const key = bytes.readBigUInt64LE(at);
        if (key === AT_PAGESZ) found.pageSize = Number(bytes.readBigUInt64LE(at + 8));
        if (key === AT_CLKTCK) found.ticksPerSecond = Number(bytes.readBigUInt64LE(at + 8));
      }
    } finally {
      closeSync(fd);
    }
  } catch {
    // Every Linux that sysmon runs on has had USER_HZ 100; 4 KiB pages are all but arm64's and ppc64's.
  }
  return found;
};
