/** What of systeminformation's processes leaves the child: nothing that may hold a secret, and not the child's own. */

import { join } from 'node:path/posix';

/** The fields of one process that are looked at, as systeminformation gives them. */
export interface Listed {
  readonly pid: number;
  readonly parentPid: number;
  readonly name: string;
  readonly path: string;
  /** Percent: on macOS of one CPU and decaying, elsewhere of all CPUs since the call before. */
  readonly cpu: number;
  /** KiB. */
  readonly memRss: number;
  /** Local time, `2026-01-31 14:00:00`. */
  readonly started: string;
  readonly state: string;
  readonly user: string;
}

export type SlimProcess = Omit<Listed, 'parentPid' | 'path'>;

interface SlimOptions {
  readonly platform: string;
  readonly ownPid: number;
  readonly exists: (path: string) => boolean;
}

/**
 * The name without arguments. Where ps tells only the whole command line, a name with a space is either a program that
 * is really called so, and then there is such a file, or a program with arguments that were not recognized as such.
 */
const programName = ({ name, path }: Listed, { platform, exists }: SlimOptions): string => {
  if (platform === 'win32' || !name.includes(' ')) return name;
  return path !== '' && exists(join(path, name)) ? name : (name.split(' ', 1)[0] as string);
};

/** Drops arguments, and the processes that the question itself started. */
export const slimProcesses = (list: readonly Listed[], options: SlimOptions): readonly SlimProcess[] => {
  const parents = new Map(list.map(({ pid, parentPid }) => [pid, parentPid]));
  const isOurs = (pid: number): boolean => {
    // Bounded, because two processes that ended while they were listed can seem each other's parents.
    let at = parents.get(pid);
    for (let up = 0; at !== undefined && up < 4; up++) {
      if (at === options.ownPid) return true;
      at = parents.get(at);
    }
    return false;
  };
  return list
    .filter(({ pid }) => !isOurs(pid))
    .map((one) => {
      const { pid, cpu, memRss, started, state, user } = one;
      return { pid, name: programName(one, options), cpu, memRss, started, state, user };
    });
};
