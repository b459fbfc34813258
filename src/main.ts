/** Arguments → command → exit code; and the last catch. */

import type { Call, CommandEntry } from './commands/command.js';
import { COMMANDS } from './commands/index.js';
import { VERSION } from './commands/version.js';
import { cleanLines } from './core/clean.js';
import { EXIT, systemReason, UserError } from './exit.js';
import { needsWhole } from './whole.js';
import type { World } from './world.js';

export { realWorld } from './world.js';

const EXITS: NonNullable<CommandEntry['exits']> = { usage: EXIT.usage, failed: EXIT.failed };

/** What `sysmon help NAME` stands for: a command's own options are known only when it is the one that is called. */
const helpCall = (name: string | undefined): readonly string[] =>
  name === undefined ? ['--help'] : COMMANDS.some((one) => one.name === name) ? [name, '--help'] : [name];

const HELP = new Set(['--help', '-h']);

/** Ends a run before it is over, as an error with these words would. */
export type Stop = (why: string) => void;

/**
 * Runs `sysmon` with these arguments in this world. Never exits: gives the exit code. Throws nothing but NeedsWhole, before
 * anything was done.
 */
export const main = async (
  words: readonly string[],
  world: World,
  takeStop?: (stop: Stop) => void,
): Promise<number> => {
  const asked = words[0] === 'help' ? helpCall(words[1]) : words;
  const first = asked.find((word) => !word.startsWith('-'));
  const called = COMMANDS.find(({ name }) => name === first);
  // The parser would explain itself to who asks what a command is that there is not.
  const strange = called === undefined && first !== undefined && asked.some((word) => HELP.has(word));
  const argv = strange ? [first] : asked;
  const name = called === undefined ? 'sysmon' : `sysmon ${called.name}`;
  const exits = called?.exits ?? EXITS;
  const code = await run({ argv, options: {} }, called, world, name, exits, takeStop);
  // A stream says only after the write that it failed.
  if (!world.isSettled()) await world.stdout.drained();
  const failure = world.stdout.failure();
  if (failure === undefined) return code;
  world.stderr.write(`${name}: the output could not be written: ${systemReason(failure)}\n`);
  return exits.failed;
};

const run = async (
  call: Call,
  called: CommandEntry | undefined,
  world: World,
  name: string,
  exits: typeof EXITS,
  takeStop: ((stop: Stop) => void) | undefined,
): Promise<number> => {
  const { argv } = call;
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    // Scripts ask this often, and it needs no parser.
    world.stdout.write(`${VERSION}\n`);
    return EXIT.ok;
  }
  const { CallError, runProgram } = await import('./commands/program.js');
  const stopped = new Promise<never>((_, reject) => {
    takeStop?.((why) => reject(new UserError(why)));
  });
  try {
    return (await Promise.race([runProgram(call, called, world), stopped])) ?? exits.usage;
  } catch (error) {
    if (needsWhole(error)) throw error;
    const { text, isUsage } = explain(error, error instanceof CallError);
    const safe = cleanLines(text);
    world.stderr.write(`${name}: ${safe}\n`);
    world.stdout.write((await called?.excuse?.(call, safe)) ?? '');
    return isUsage ? exits.usage : exits.failed;
  }
};

/** What went wrong: a line, and perhaps a hint, for what a person can mend; everything for a bug. */
const explain = (error: unknown, isCall: boolean): { readonly text: string; readonly isUsage: boolean } => {
  if (isCall) return { text: (error as Error).message, isUsage: true };
  if (error instanceof UserError) {
    const hint = error.hint === undefined ? '' : `\n  ${error.hint}`;
    return { text: `${error.message}${hint}`, isUsage: error.kind === 'usage' };
  }
  const { syscall, path } = error as NodeJS.ErrnoException;
  if (syscall !== undefined)
    return { text: `${path === undefined ? '' : `${path}: `}${systemReason(error)}`, isUsage: false };
  const stack = error instanceof Error ? error.stack : String(error);
  return { text: `this is a bug in sysmon ${VERSION}\n${stack}`, isUsage: false };
};
