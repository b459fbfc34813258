/** Arguments → command → exit code; and the last catch. */

import { Command, CommanderError } from 'commander';
import type { Action, CommandEntry } from './commands/command.js';
import { COMMANDS } from './commands/index.js';
import { VERSION } from './commands/version.js';
import { EXIT, systemReason, UserError } from './exit.js';
import type { World } from './world.js';

export { realWorld } from './world.js';

const EXITS: { readonly usage: number; readonly failed: number } = { usage: EXIT.usage, failed: EXIT.failed };

const ABOUT = `Watch, log, search and check one machine: the whole monitoring stack in one command.`;

const ROOT_EXAMPLES = `
Examples:
  sysmon check                  is this machine well? exits 0, 1, 2 or 3
  sysmon log --interval 5       append a sample every five seconds to the log
  sysmon export --last          the newest values in Prometheus's text format

Each command explains itself: sysmon COMMAND --help
`;

/** Commander's "error: …\n(Did you mean …?)" as our one line. */
const oneLine = (message: string): string =>
  message
    .trim()
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*)\?\)$/, '; did you mean $1?')
    .replace(/\n+/g, ' ');

/** Runs `sysmon` with these arguments in this world. Never throws, never exits: gives the exit code. */
export const main = async (argv: readonly string[], world: World): Promise<number> => {
  const entry = COMMANDS.find(({ name }) => name === argv.find((word) => !word.startsWith('-')));
  const exits = entry?.exits ?? EXITS;
  const name = entry === undefined ? 'sysmon' : `sysmon ${entry.name}`;
  let code: number = EXIT.ok;
  try {
    const program = await build(entry, world, async (command, action) => {
      const { configure } = await import('./commands/config.js');
      const configured = await configure(command, world);
      code = configured === 'printed' ? EXIT.ok : await action(command.args, command.opts());
    });
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.ok;
      // Called without a command: help was printed, and it was no answer to anything.
      if (error.code === 'commander.help') return exits.usage;
      world.stderr.write(`${name}: ${oneLine(error.message)}\n`);
      return exits.usage;
    }
    return report(error, name, exits, world);
  }
};

/** Says what went wrong: a line for what a person can mend, everything for a bug. */
const report = (error: unknown, name: string, exits: typeof EXITS, world: World): number => {
  if (error instanceof UserError) {
    world.stderr.write(`${name}: ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`);
    return exits[error.kind];
  }
  if ((error as NodeJS.ErrnoException)?.syscall !== undefined) {
    const path = (error as NodeJS.ErrnoException).path;
    world.stderr.write(`${name}: ${path === undefined ? '' : `${path}: `}${systemReason(error)}\n`);
    return exits.failed;
  }
  const text = error instanceof Error ? error.stack : String(error);
  world.stderr.write(`${name}: this is a bug in sysmon ${VERSION}\n${text}\n`);
  return exits.failed;
};

/** The command line as commander sees it: every command by name, but only the one called with its options. */
const build = async (
  called: CommandEntry | undefined,
  world: World,
  run: (command: Command, action: Action) => Promise<void>,
): Promise<Command> => {
  const program = new Command('sysmon')
    .description(ABOUT)
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain')
    .addHelpText('after', ROOT_EXAMPLES);
  settle(program, world);
  for (const entry of COMMANDS) {
    const command = program
      .command(entry.name)
      .description(entry.summary)
      .helpOption('-h, --help', 'explain');
    settle(command, world);
    if (entry !== called) continue;
    const module = await entry.load();
    module.define(
      command,
      (action) => {
        command.action(() => run(command, action));
      },
      world,
    );
    command
      .option('--config <file>', 'read options from this YAML file instead of the usual places')
      .option('--print-config', 'print the options as they stand and end');
  }
  return program;
};

/** No exits and no process streams: errors come back to main, text goes to the World. */
const settle = (command: Command, world: World): void => {
  command
    .exitOverride()
    .showHelpAfterError(false)
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
      outputError: () => {},
      getOutHelpWidth: () => world.stdout.columns(),
      getErrHelpWidth: () => world.stderr.columns(),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
};
