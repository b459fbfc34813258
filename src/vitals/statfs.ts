/** Space on network mounts: statfs in one child, which is killed when a mount does not answer in time. */

import type { StatsFs } from 'node:fs';
import { childScript, openChild } from './child.js';

/** What statfs(2) says, in blocks of `bsize` bytes. As doubles: products round as node_exporter's do. */
export type Space = Pick<StatsFs, 'bsize' | 'blocks' | 'bfree' | 'bavail' | 'files' | 'ffree'>;

export interface RemoteStatfs {
  /** What each path answered; those that failed or did not answer in time are missing. Never rejects. */
  readonly ask: (paths: readonly string[]) => Promise<ReadonlyMap<string, Space>>;
  readonly close: () => void;
}

export interface RemoteOptions {
  /** Longest wait for an answer, ms. Below a sampler's patience, so that a hung mount does not take the others along. */
  readonly deadline?: number;
  /** How long a mount that did not answer is left alone, ms: each try costs a deadline and a new child. */
  readonly rest?: number;
  readonly script?: string;
}

/** Each mount that hangs holds one. */
const THREADS = 16;

/** Starts its child when it is first asked, and another after it had to be killed. */
export const openRemoteStatfs = (options: RemoteOptions = {}): RemoteStatfs => {
  const { deadline = 1500, rest = 60_000, script = childScript('statfs-child') } = options;
  const child = openChild(script, { deadline, threads: THREADS });
  const asked = new Map<string, Promise<Space | undefined>>();
  const resting = new Set<string>();

  /** Not asked again before the rest is over and the process that still waits for it is really gone. */
  const leaveAlone = (path: string): void => {
    resting.add(path);
    setTimeout(() => void child.dead().then(() => resting.delete(path)), rest).unref();
  };

  const request = async (path: string): Promise<Space | undefined> => {
    try {
      return ((await child.ask(path)) as Space | null) ?? undefined;
    } catch {
      leaveAlone(path);
      return undefined;
    } finally {
      asked.delete(path);
    }
  };

  /** Never two requests for one mount at once. */
  const spaceAt = (path: string): Promise<Space | undefined> => {
    const running = asked.get(path);
    if (running !== undefined) return running;
    if (resting.has(path)) return Promise.resolve(undefined);
    const answer = request(path);
    asked.set(path, answer);
    return answer;
  };

  return {
    ask: async (paths) => {
      const spaces = await Promise.all(paths.map(spaceAt));
      const answers = new Map<string, Space>();
      spaces.forEach((space, index) => {
        if (space !== undefined) answers.set(paths[index] as string, space);
      });
      return answers;
    },
    close: child.close,
  };
};
