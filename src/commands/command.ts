/** What a file in this folder gives: its options, and what it does. Loaded only when it is called. */

import type { Command } from 'commander';
import type { World } from '../world.js';

export interface CommandModule {
  /** Adds arguments, options and examples, and hands the action to `run`. */
  readonly define: (command: Command, run: Run, world: World) => void;
  /**
   * The words behind the command's name as the parser takes them, for a command that stands in for one with a grammar of its
   * own, such as `-5`. Throws a UserError for words that are wrong.
   */
  readonly translate?: (words: readonly string[], command: Command) => readonly string[];
}

/**
 * Runs once the command line and the configuration are one; gives the exit code. `isTyped` tells whether an option stands
 * in the call itself.
 */
export type Action = (
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
  isTyped: (option: string) => boolean,
) => Promise<number>;

/** `on` is a command within the command, where the action is that one's. */
export type Run = (action: Action, on?: Command) => void;

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
  /** The code for a wrong call and for a crash, where they are not 2 and 1; bin/sysmon.js knows the second as well. */
  readonly exits?: { readonly usage: number; readonly failed: number };
  /** What to print beside an error for a caller who reads standard output only. */
  readonly excuse?: (call: Call, text: string) => Promise<string>;
}

/** A call, and what is known of its options by now: from its words and from files. */
export interface Call {
  readonly argv: readonly string[];
  options: Readonly<Record<string, unknown>>;
}

/** What a line of help may take. */
const HELP_WIDTH = 80;

/** Text under the options: calls to copy, and what each does beside it, or below where that would be too wide. */
export const examples = (...lines: readonly (readonly [call: string, what: string])[]): string => {
  const width = Math.max(...lines.map(([call]) => call.length));
  const beside = lines.map(([call, what]) => `  ${call.padEnd(width)}  ${what}`);
  const fits = beside.every((line) => line.length <= HELP_WIDTH);
  const below = (): readonly string[] => lines.map(([call, what]) => `  ${call}\n      ${what}`);
  return `\nExamples:\n${(fits ? beside : below()).join('\n')}`;
};
