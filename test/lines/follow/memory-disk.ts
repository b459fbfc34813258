/** A disk in memory, whose clock, events and inode numbers are a test's own. */

import type { Clock } from '../../../src/core/clock.js';
import type { FileSystem, Status } from '../../../src/lines/follow/file-system.js';
import type { Disk } from './world.js';

interface Inode {
  readonly ino: number;
  data: Buffer;
  length: number;
  links: number;
  handles: number;
  mtime: number;
}

export interface MemoryDisk {
  readonly disk: Disk;
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  /** Called before each call of the file system, and again and again during sleep. */
  onCall: () => void;
}

/** The one directory there is. */
export const DIRECTORY = '/logs';

/** A kernel's clock for files ticks every 4 ms. */
const TICK = 4;

const missing = (path: string): Error => Object.assign(new Error(`ENOENT ${path}`), { code: 'ENOENT' });

export const openMemoryDisk = (): MemoryDisk => {
  const names = new Map<string, Inode>();
  const open = new Map<number, { inode: Inode }>();
  /** Numbers of files that are gone, to be used again at once. */
  const free: number[] = [];
  const watchers = new Set<(name: string | undefined) => void>();
  const fileWatchers = new Map<Inode, Set<() => void>>();
  /** Events not yet told. */
  let events: (() => void)[] = [];
  let now = 1_795_000_000_000;
  let nextIno = 1;
  let nextFd = 3;

  const stamp = (): number => Math.floor(now / TICK) * TICK;
  const nameOf = (path: string): string => path.slice(DIRECTORY.length + 1);

  const tell = (path: string | undefined, inode?: Inode): void => {
    if (path !== undefined)
      for (const watcher of watchers) events.push(() => watchers.has(watcher) && watcher(nameOf(path)));
    if (inode !== undefined) for (const watcher of fileWatchers.get(inode) ?? []) events.push(watcher);
  };
  const pathOf = (inode: Inode): string | undefined => [...names].find(([, other]) => other === inode)?.[0];

  const make = (): Inode => ({
    ino: free.pop() ?? nextIno++,
    data: Buffer.alloc(256),
    length: 0,
    links: 1,
    handles: 0,
    mtime: stamp(),
  });
  const forget = (inode: Inode): void => {
    if (inode.links === 0 && inode.handles === 0) free.push(inode.ino);
  };
  const unname = (path: string): void => {
    const inode = names.get(path);
    if (inode === undefined) throw missing(path);
    names.delete(path);
    inode.links--;
    forget(inode);
  };
  const need = (path: string): Inode => {
    const inode = names.get(path);
    if (inode === undefined) throw missing(path);
    return inode;
  };
  const openInode = (inode: Inode): number => {
    inode.handles++;
    open.set(nextFd, { inode });
    return nextFd++;
  };
  const close = (fd: number): void => {
    const { inode } = open.get(fd) as { inode: Inode };
    open.delete(fd);
    inode.handles--;
    forget(inode);
  };
  const append = (inode: Inode, bytes: Buffer): void => {
    while (inode.data.length < inode.length + bytes.length)
      inode.data = Buffer.concat([inode.data, Buffer.alloc(inode.data.length)]);
    bytes.copy(inode.data, inode.length);
    inode.length += bytes.length;
    inode.mtime = stamp();
  };

  const disk: Disk = {
    open: (path) => {
      let inode = names.get(path);
      if (inode === undefined) {
        inode = make();
        names.set(path, inode);
        tell(path);
      }
      return openInode(inode);
    },
    close,
    write: (fd, text) => {
      const { inode } = open.get(fd) as { inode: Inode };
      append(inode, Buffer.from(text));
      tell(pathOf(inode), inode);
    },
    rename: (from, to) => {
      const inode = need(from);
      if (names.has(to)) unname(to);
      names.delete(from);
      names.set(to, inode);
      tell(from);
      tell(to, inode);
    },
    copy: (from, to) => {
      const source = need(from);
      const copy = make();
      append(copy, source.data.subarray(0, source.length));
      if (names.has(to)) unname(to);
      names.set(to, copy);
      tell(to);
    },
    truncate: (path) => {
      const inode = need(path);
      inode.length = 0;
      inode.mtime = stamp();
      tell(path, inode);
    },
    unlink: (path) => {
      unname(path);
      tell(path);
    },
    exists: (path) => names.has(path),
  };

  const statusOf = (inode: Inode): Status => ({
    dev: 1,
    ino: inode.ino,
    kind: 'file',
    size: inode.length,
    mtime: inode.mtime,
    ctime: inode.mtime,
    links: inode.links,
    mode: 0o100644,
  });
  const folder: Status = {
    dev: 1,
    ino: 0,
    kind: 'directory',
    size: 0,
    mtime: 0,
    ctime: 0,
    links: 2,
    mode: 0o40755,
  };

  const called =
    <A extends unknown[], R>(call: (...args: A) => R) =>
    (...args: A): R => {
      memory.onCall();
      now += 0.005;
      return call(...args);
    };

  const fileSystem: FileSystem = {
    open: called((path) => openInode(need(path))),
    close: called(close),
    stat: called((path) => {
      if (path === DIRECTORY || path === '/') return folder;
      const inode = names.get(path);
      return inode && statusOf(inode);
    }),
    fstat: called((fd) => statusOf((open.get(fd) as { inode: Inode }).inode)),
    read: called((fd, into, length, position = 0) => {
      const { inode } = open.get(fd) as { inode: Inode };
      const end = Math.min(inode.length, position + length);
      if (end <= position) return 0;
      inode.data.copy(into, 0, position, end);
      return end - position;
    }),
    list: called(() => [...names.keys()].map(nameOf)),
    readLink: () => undefined,
    tells: () => true,
    watch: (path, changed) => {
      if (path !== DIRECTORY) return () => {};
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    watchOpen: (fd, changed) => {
      const { inode } = open.get(fd) as { inode: Inode };
      const all = fileWatchers.get(inode) ?? new Set();
      fileWatchers.set(inode, all.add(changed));
      return () => all.delete(changed);
    },
  };

  const clock: Clock = {
    now: () => now,
    monotonic: () => now / 1000,
    sleep: async (ms, signal) => {
      const until = now + ms;
      while (now < until && signal?.aborted !== true) {
        memory.onCall();
        now = Math.min(until, now + Math.min(100, 1 + (until - now) / 50));
        // Events come as one would: after what caused them, in their order, some a little later.
        const due = events;
        events = [];
        for (const event of due) event();
      }
    },
  };

  const memory: MemoryDisk = { disk, fileSystem, clock, onCall: () => {} };
  return memory;
};
