/** How small the kernel's control groups, version 1 and 2, make the machine for us; where in their tree we and limits are. */

import type { Ask } from '../core/vital.js';
import { oncePerDetail, oncePerSample } from './once.js';
import { numberIn, type Tree } from './tree.js';

export interface Hierarchy {
  readonly version: 1 | 2;
  /** Below sysfs, without the group's own path. */
  readonly mount: string;
  readonly path: string;
}

/** Where our own group is for a controller: version 1 if it is bound there, else version 2. */
export type Controllers = ReadonlyMap<string, Hierarchy>;

/** Whether the hierarchy of version 2 is the only one: then it is mounted where the others would be. */
const isUnified = oncePerDetail((tree) => tree.sysHas('fs/cgroup/cgroup.controllers'));

/** Reads where we are in the hierarchies; none where there are no control groups. */
export const findControllers = oncePerSample((tree, ask): Controllers => {
  // Looking at another machine's files, its own first process stands for it, not us who read them.
  const self = tree.roots.procfs === '/proc' ? 'self' : '1';
  const text = tree.procIfThere(`${self}/cgroup`) ?? tree.procIfThere('self/cgroup') ?? '';
  const found = new Map<string, Hierarchy>();
  for (const line of text.split('\n')) {
    const [, number, names, path] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    if (number === undefined || names === undefined || path === undefined) continue;
    if (names === '') {
      const mount = isUnified(tree, ask) ? 'fs/cgroup' : 'fs/cgroup/unified';
      found.set('', { version: 2, mount, path });
    } else {
      for (const name of names.split(',')) found.set(name, { version: 1, mount: `fs/cgroup/${name}`, path });
    }
  }
  return found;
});

const textsOfSample = oncePerSample(() => new Map<string, string | undefined>());

/** Text of a group's file, read once for a sample: what limits us is asked by several parts. */
export const groupText = (tree: Tree, ask: Ask, path: string): string | undefined => {
  const texts = textsOfSample(tree, ask);
  if (!texts.has(path)) texts.set(path, tree.sysIfThere(path));
  return texts.get(path);
};

const groupNumber = (tree: Tree, ask: Ask, path: string): number | undefined =>
  numberIn(groupText(tree, ask, path));

/** From our own group up to the root: the folders, below sysfs, that can hold limits. */
export const levels = ({ mount, path }: Hierarchy): string[] => {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, up) =>
    [mount, ...parts.slice(0, parts.length - up)].join('/'),
  );
};

/**
 * A systemd service's own limit is a leash on sysmon, not the size of the machine: MemoryMax=100M in our unit file
 * must not make a machine of 100 MB.
 */
const isOwnLeash = (level: string): boolean => level.endsWith('.service');

/**
 * The level, from our own group up, whose limit is the smallest one: of equal ones the outermost, where more is in use,
 * and from where groups below have inherited their CPUs.
 */
export const tightest = (
  hierarchy: Hierarchy | undefined,
  limitAt: (level: string) => number | undefined,
): { level: string; limit: number } | undefined => {
  let found: { level: string; limit: number } | undefined;
  for (const level of hierarchy === undefined ? [] : levels(hierarchy)) {
    const limit = limitAt(level);
    if (limit !== undefined && (found === undefined || limit <= found.limit)) found = { level, limit };
  }
  return found;
};

const nameOf = (level: string, { mount }: Hierarchy): string => `cgroup ${level.slice(mount.length) || '/'}`;

/** Lines of "key value" → the value of one key. */
export const statValue = (text: string | undefined, key: string): number | undefined => {
  const found = text === undefined ? undefined : new RegExp(`^${key} (\\d+)$`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
};

/** Version 1 says "no limit" as a huge number, rounded down to pages: anything from 2^60 up. */
const NO_LIMIT = 2 ** 60;

/** The hierarchy that limits memory. */
export const memoryHierarchy = (controllers: Controllers): Hierarchy | undefined =>
  controllers.get('memory') ?? controllers.get('');

/** The memory limit of a level itself, bytes. */
export const memoryLimitAt =
  (tree: Tree, ask: Ask, version: 1 | 2) =>
  (level: string): number | undefined => {
    const limit = groupNumber(
      tree,
      ask,
      `${level}/${version === 2 ? 'memory.max' : 'memory.limit_in_bytes'}`,
    );
    return limit !== undefined && limit < NO_LIMIT ? limit : undefined;
  };

/** In use at a level: what `memory.current` says without the file pages that can be dropped at once. */
export const memoryUsedAt = (tree: Tree, ask: Ask, version: 1 | 2, level: string): number | undefined => {
  const current = groupNumber(
    tree,
    ask,
    `${level}/${version === 2 ? 'memory.current' : 'memory.usage_in_bytes'}`,
  );
  if (current === undefined) return undefined;
  const key = version === 2 ? 'inactive_file' : 'total_inactive_file';
  return Math.max(0, current - (statValue(groupText(tree, ask, `${level}/memory.stat`), key) ?? 0));
};

export interface MemoryLimit {
  readonly cgroup: string;
  readonly limitBytes: number;
  readonly usedBytes: number | undefined;
}

const findMemoryLimit = oncePerDetail((tree, ask) => {
  const hierarchy = memoryHierarchy(findControllers(tree, ask));
  const limitAt = memoryLimitAt(tree, ask, hierarchy?.version ?? 2);
  const found = tightest(hierarchy, (level) => (isOwnLeash(level) ? undefined : limitAt(level)));
  return hierarchy === undefined || found === undefined ? undefined : { hierarchy, ...found };
});

/** The memory limit that makes us a smaller machine than the hardware is; undefined where there is none. */
export const memoryLimit = (tree: Tree, ask: Ask, totalBytes: number): MemoryLimit | undefined => {
  const found = findMemoryLimit(tree, ask);
  if (found === undefined || found.limit >= totalBytes) return undefined;
  const { hierarchy, level, limit } = found;
  const usedBytes = memoryUsedAt(tree, ask, hierarchy.version, level);
  return { cgroup: nameOf(level, hierarchy), limitBytes: limit, usedBytes };
};

/** The CPU time that a level itself may use, in CPUs. */
export const cpuQuotaAt =
  (tree: Tree, ask: Ask, version: 1 | 2) =>
  (level: string): number | undefined => {
    if (version === 2) {
      const [quota, period] = (groupText(tree, ask, `${level}/cpu.max`) ?? '').trim().split(' ');
      return quota === undefined || quota === '' || quota === 'max'
        ? undefined
        : Number(quota) / Number(period);
    }
    const quota = groupNumber(tree, ask, `${level}/cpu.cfs_quota_us`);
    const period = groupNumber(tree, ask, `${level}/cpu.cfs_period_us`);
    return quota === undefined || period === undefined || quota <= 0 ? undefined : quota / period;
  };

/** How many CPUs a list such as `0-3,8` names. */
export const countCpuList = (list: string): number =>
  list
    .trim()
    .split(',')
    .filter((part) => part !== '')
    .reduce((sum, part) => {
      const [from, to] = part.split('-').map(Number);
      return sum + ((to ?? from ?? 0) - (from ?? 0) + 1);
    }, 0);

const cpusetAt =
  (tree: Tree, ask: Ask, version: 1 | 2) =>
  (level: string): number | undefined => {
    const file = version === 2 ? 'cpuset.cpus.effective' : 'cpuset.effective_cpus';
    const count = countCpuList(groupText(tree, ask, `${level}/${file}`) ?? '');
    return count > 0 ? count : undefined;
  };

/** The hierarchy that limits CPU time. */
export const cpuHierarchy = (controllers: Controllers): Hierarchy | undefined =>
  controllers.get('cpu') ?? controllers.get('');

/** CPU time that a level has used, s. */
export const cpuUsedSeconds = (
  tree: Tree,
  ask: Ask,
  controllers: Controllers,
  level: string,
): number | undefined => {
  const usage = statValue(groupText(tree, ask, `${level}/cpu.stat`), 'usage_usec');
  if (usage !== undefined) return usage / 1e6;
  const accounting = controllers.get('cpuacct');
  if (accounting === undefined) return undefined;
  const mount = cpuHierarchy(controllers)?.mount ?? '';
  const nanoseconds = groupNumber(tree, ask, `${accounting.mount}${level.slice(mount.length)}/cpuacct.usage`);
  return nanoseconds === undefined ? undefined : nanoseconds / 1e9;
};

export interface CpuLimit {
  readonly cgroup: string;
  readonly cores: number;
  readonly usedSeconds: number | undefined;
}

/** The tighter of quota and CPU set. */
const findCpuLimit = oncePerDetail((tree, ask) => {
  const controllers = findControllers(tree, ask);
  const allowed =
    (limitAt: (level: string) => number | undefined) =>
    (level: string): number | undefined =>
      isOwnLeash(level) ? undefined : limitAt(level);
  const candidates = [
    { hierarchy: cpuHierarchy(controllers), limitAt: cpuQuotaAt },
    { hierarchy: controllers.get('cpuset') ?? controllers.get(''), limitAt: cpusetAt },
  ].flatMap(({ hierarchy, limitAt }) => {
    const found = tightest(hierarchy, allowed(limitAt(tree, ask, hierarchy?.version ?? 2)));
    return hierarchy === undefined || found === undefined ? [] : [{ hierarchy, ...found }];
  });
  const found = candidates.sort((a, b) => a.limit - b.limit)[0];
  return found && { controllers, ...found };
});

/** The limit where it leaves less than the CPUs online. */
export const cpuLimit = (tree: Tree, ask: Ask, online: number): CpuLimit | undefined => {
  const found = findCpuLimit(tree, ask);
  if (found === undefined || found.limit >= online) return undefined;
  const { controllers, hierarchy, level, limit } = found;
  const cpuLevel = `${cpuHierarchy(controllers)?.mount ?? ''}${level.slice(hierarchy.mount.length)}`;
  const usedSeconds = cpuUsedSeconds(tree, ask, controllers, cpuLevel);
  return { cgroup: nameOf(level, hierarchy), cores: limit, usedSeconds };
};

/**
 * The level, from our own group up, that is the first to have a limit of its own, and has the kernel's newer files
 * (version 2): its folder below sysfs. Undefined where nothing limits us.
 */
export const limitedLevel = (
  tree: Tree,
  ask: Ask,
): { readonly cgroup: string; readonly folder: string } | undefined => {
  const hierarchy = findControllers(tree, ask).get('');
  if (hierarchy === undefined) return undefined;
  const folder = levels(hierarchy).find(
    (level) =>
      !isOwnLeash(level) &&
      (memoryLimitAt(tree, ask, 2)(level) !== undefined || cpuQuotaAt(tree, ask, 2)(level) !== undefined),
  );
  return folder === undefined ? undefined : { cgroup: nameOf(folder, hierarchy), folder };
};
