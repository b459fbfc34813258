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
  /** The child's script, where it is not our own. */
  readonly script?: string;
}

const ALL = 'all';

/**
 * Opens the portable source; starts nothing until it is asked. What was asked when a child hung or crashed is asked in
 * a child by itself until that goes well, so that it takes nothing else down with it.
 */
export const openPortable = (options: PortableOptions): Portable => {
  const { platform, bootTime, deadline = 5000, script = childScript('portable-child') } = options;
  const children = new Map<string, Child>();
  const pending = new Map<PortableName, Promise<unknown>>();
  const suspects = new Set<PortableName>();

  const childFor = (key: string): Child => {
    const child = children.get(key) ?? openChild(script, { deadline });
    children.set(key, child);
    return child;
  };

  const askChild = async (name: PortableName): Promise<unknown> => {
    const alone = suspects.has(name);
    const child = childFor(alone ? name : ALL);
    try {
      const answer = await child.ask(name);
      if (alone) {
        suspects.delete(name);
        child.close();
      }
      return answer;
    } catch (error) {
      if (error instanceof Unanswered) suspects.add(name);
      throw error;
    } finally {
      pending.delete(name);
    }
  };

  return {
    kind: 'portable',
    platform,
    bootTime,
    ask: (name) => {
      const answer = pending.get(name) ?? askChild(name);
      pending.set(name, answer);
      return answer;
    },
    close: () => {
      for (const child of children.values()) child.close();
    },
  };
};
