/** Space on network mounts: statfs in one child, which is killed when a mount does not answer in time. */

import { childScript, openChild, Unanswered } from './child.js';
import { answerOf, type Space, type SpaceAnswer } from './space.js';

export interface RemoteStatfs {
  /** What each path answered; those that failed or did not answer in time are missing. Never rejects. */
  readonly ask: (paths: readonly string[]) => Promise<ReadonlyMap<string, SpaceAnswer>>;
  readonly close: () => void;
}

export interface RemoteOptions {
  /** Longest wait of `ask`, ms. Below a sampler's, so that a hung mount does not take the others along. */
  readonly patience?: number;
  /** When a mount counts as hung and the child is killed, ms: a slow start or a slow server is not worth another child. */
  readonly deadline?: number;
  /** How long a hung mount is left alone, ms: each try costs a wait and a new child. */
  readonly rest?: number;
  readonly script?: string;
}

/** Each mount that hangs holds one. */
const THREADS = 16;

const REFUSALS: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM']);

/** What a path's answer is: its space, or the code of an error. */
const understand = (said: Space | string): SpaceAnswer | undefined =>
  typeof said === 'object' ? answerOf(said) : REFUSALS.has(said) ? 'refused' : undefined;

/** Starts its child when it is first asked, and another after it had to be killed. */
export const openRemoteStatfs = (options: RemoteOptions = {}): RemoteStatfs => {
  const { patience = 1500, deadline = 10_000, rest = 60_000 } = options;
  const child = openChild(options.script ?? childScript('statfs-child'), { deadline, threads: THREADS });
  const asked = new Map<string, Promise<SpaceAnswer | undefined>>();
  /** Asked, and once waited for in vain. */
  const late = new Set<string>();
  const resting = new Set<string>();

  /** Not asked again before the rest is over and the process that still waits for it is really gone. */
  const leaveAlone = (path: string): void => {
    resting.add(path);
    setTimeout(() => void child.dead().then(() => resting.delete(path)), rest).unref();
  };

  const request = async (path: string): Promise<SpaceAnswer | undefined> => {
    try {
      return understand((await child.ask(path)) as Space | string);
    } catch (error) {
      if (error instanceof Unanswered || late.has(path)) leaveAlone(path);
      return undefined;
    } finally {
      asked.delete(path);
      late.delete(path);
    }
  };

  /** Never two requests for one mount at once. */
  const spaceAt = (path: string): Promise<SpaceAnswer | undefined> => {
    if (resting.has(path)) return Promise.resolve(undefined);
    const answer = asked.get(path) ?? request(path);
    asked.set(path, answer);
    return answer;
  };

  return {
    ask: async (paths) => {
      const answers = new Map<string, SpaceAnswer>();
      const waiting = paths
        .filter((path) => !late.has(path))
        .map(async (path) => {
          const space = await spaceAt(path);
          if (space !== undefined) answers.set(path, space);
        });
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise((resolve) => {
        timer = setTimeout(resolve, patience);
      });
      await Promise.race([Promise.all(waiting), enough]);
      clearTimeout(timer);
      for (const path of paths) if (asked.has(path)) late.add(path);
      // A copy: what comes from now on is of another moment.
      return new Map(answers);
    },
    close: child.close,
  };
};
