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

/** A process as it leaves the child. Its use of CPU is left out where it was not measured. */
export type SlimProcess = Omit<Listed, 'parentPid' | 'path' | 'cpu'> & { readonly cpu?: number };

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

/**
 * Drops arguments, the processes that the question itself started, and CPU use that was not measured: where
 * systeminformation takes the difference to its last call, it invents one for processes that were not in that.
 */
export const openSlim = (options: SlimOptions): ((list: readonly Listed[]) => readonly SlimProcess[]) => {
  let before: ReadonlySet<number> = new Set();
  return (list) => {
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
    const measured = before;
    before = new Set(parents.keys());
    return list
      .filter(({ pid }) => !isOurs(pid))
      .map((one) => {
        const { pid, cpu, memRss, started, state, user } = one;
        const slim = { pid, name: programName(one, options), memRss, started, state, user };
        return options.platform === 'darwin' || measured.has(pid) ? { ...slim, cpu } : slim;
      });
  };
};
