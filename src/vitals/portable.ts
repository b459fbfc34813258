/** systeminformation behind a wall: it starts children and can hang, so it runs in a process of its own. */

import { type Child, childScript, openChild, Unanswered } from './child.js';

/** What can be asked: functions of systeminformation, called without an argument from outside. */
export type PortableName = 'fsSize' | 'mem' | 'networkStats' | 'processes';

export interface Portable {
  readonly kind: 'portable';
  /** As Node names it: `darwin`, `win32`, … What can be believed of an answer depends on it. */
  readonly platform: string;
  /** When the machine booted, s since 1970. */
  readonly bootTime: number;
  /** The answer as plain JSON; rejects with a reason when it fails or is late. Whoever asks meanwhile gets the same one. */
  readonly ask: (name: PortableName) => Promise<unknown>;
  /** Ends the processes behind it. */
  readonly close: () => void;
}

export interface PortableOptions extends Pick<Portable, 'platform' | 'bootTime'> {
  /** Longest time for one answer, ms. */
  readonly deadline?: number;
  /** How long a question that hung twice is left alone, ms. */
  readonly rest?: number;
  /** The child's script, where it is not our own. */
  readonly script?: string;
}

/** Starting PowerShell takes seconds on a slow Windows machine. ms. */
export const DEADLINE = 5000;

/** Who has nothing against them is asked in one child. */
const TOGETHER = 'together';

/**
 * Opens the portable source; starts nothing until it is asked. What was being asked when a child hung or crashed is asked
 * in a child by itself until that goes well, so that it takes nothing else down with it; when it fails there too, it
 * is left alone for a while, because each try can leave a process that hangs.
 */
export const openPortable = (options: PortableOptions): Portable => {
  const { platform, bootTime, deadline = DEADLINE, rest = 60_000 } = options;
  const script = options.script ?? childScript('portable-child');
  const children = new Map<string, Child>();
  const pending = new Map<PortableName, Promise<unknown>>();
  const suspects = new Set<PortableName>();
  const resting = new Map<PortableName, Error>();

  const childFor = (key: string): Child => {
    const child = children.get(key) ?? openChild(script, { deadline });
    children.set(key, child);
    return child;
  };

  const clear = (name: PortableName): void => {
    suspects.delete(name);
    children.get(name)?.close();
    children.delete(name);
  };

  const blame = (name: PortableName, error: Unanswered): void => {
    if (suspects.has(name)) {
      resting.set(name, error);
      setTimeout(() => resting.delete(name), rest).unref();
    }
    suspects.add(name);
  };

  const askChild = async (name: PortableName): Promise<unknown> => {
    const reason = resting.get(name);
    if (reason !== undefined) throw reason;
    const alone = suspects.has(name);
    try {
      const answer = await childFor(alone ? name : TOGETHER).ask(name);
      if (alone) clear(name);
      return answer;
    } catch (error) {
      if (error instanceof Unanswered) blame(name, error);
      throw error;
    }
  };

  return {
    kind: 'portable',
    platform,
    bootTime,
    ask: (name) => {
      const answer = pending.get(name) ?? askChild(name).finally(() => pending.delete(name));
      pending.set(name, answer);
      return answer;
    },
    close: () => {
      for (const child of children.values()) child.close();
    },
  };
};
