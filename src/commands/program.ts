/** The command line: every command by name, and the one that is called with its options. */

import { Command, CommanderError } from 'commander';
import type { World } from '../world.js';
import type { Action, Call, CommandEntry } from './command.js';
import { configure, fillIn } from './config.js';
import { describeOption, EXITS, FILES } from './describe.js';
import { COMMANDS } from './index.js';
import { VERSION } from './version.js';

const ABOUT = 'Watch, log, search and check one machine: the whole monitoring stack in one command.';

const EXAMPLES = `
Examples:
  sysmon check                  is this machine well? exits 0, 1, 2 or 3
  sysmon log --interval 5       append a sample every five seconds to the log
  sysmon export --last          the newest values in Prometheus's text format

Each command explains itself: sysmon COMMAND --help`;

/** A call that commander refused; the message is one line. */
export class CallError extends Error {}

/** Commander's "error: …\n(Did you mean …?)" as our one line. */
const oneLine = (message: string): string =>
  message
    .trim()
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*)\?\)$/, '; did you mean $1?')
    .replace(/\n+/g, ' ');

/** What other tools call it: promtool, curl against Prometheus, journalctl. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['--time', '--at'],
  ['--start', '--since'],
  ['--from', '--since'],
  ['--end', '--until'],
  ['--to', '--until'],
  ['--output', '--format'],
  ['--config.file', '--prometheus-config'],
]);

/** What commander does not think of: a word too many is most often a log, and a short option has the other case. */
const hintFor = ({ code, message }: CommanderError, command: Command): string => {
  const [first] = command.args;
  if (code === 'commander.missingArgument') {
    const inner = command.commands.find((one) => one.name() === first);
    return inner === undefined ? '' : `\n  See: sysmon ${command.name()} ${inner.name()} --help`;
  }
  if (code === 'commander.excessArguments' && first !== undefined && first !== '-') {
    if (command.registeredArguments.some((one) => one.name() === 'expression'))
      return `\n  Put the expression in quotes: sysmon ${command.name()} '${command.args.join(' ')}'`;
    const takesFile = command.options.some(({ long }) => long === '--file');
    return takesFile ? `\n  Name a log with --file: sysmon ${command.name()} --file ${first}` : '';
  }
  const [, typed] = /unknown option '(-\w)'$/.exec(message) ?? [];
  const meant = command.options.find(({ short }) => short?.toLowerCase() === typed?.toLowerCase());
  return code === 'commander.unknownOption' && meant?.short ? `; did you mean ${meant.short}?` : '';
};

/** An option under the name that it has elsewhere, where commander would have guessed by its letters. */
const translateOption = (message: string, command: Command): string => {
  const [, typed = ''] = /unknown option '([^'=]+)/.exec(message) ?? [];
  const ours = ELSEWHERE.get(typed);
  return ours !== undefined && command.options.some(({ long }) => long === ours)
    ? `unknown option '${typed}'; it is ${ours} here`
    : oneLine(message);
};

/** The call's words, those of a command with a grammar of its own in the parser's. */
const wordsOf = async (
  argv: readonly string[],
  called: CommandEntry | undefined,
  command: Command | undefined,
): Promise<string[]> => {
  const { translate } = (await called?.load()) ?? {};
  const at = argv.indexOf(called?.name ?? '') + 1;
  if (translate === undefined || command === undefined) return [...argv];
  return [...argv.slice(0, at), ...translate(argv.slice(at), command)];
};

/** The options that somebody gave. */
const given = (command: Command): Call['options'] =>
  Object.fromEntries(
    Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) !== 'default'),
  );

/**
 * Runs the command line; `called` is the command it names, if it names one. Gives the exit code, undefined where nothing was
 * asked for and help was the answer. Throws CallError when the words are wrong, and what the command throws.
 */
export const runProgram = async (
  call: Call,
  called: CommandEntry | undefined,
  world: World,
): Promise<number | undefined> => {
  let code: number | undefined = 0;
  const program = await build(call, called, world, async (command, action) => {
    // A command within a command has its words only: sections of files are for whole commands.
    const asked = command.parent?.parent ? 'run' : await configure(command, world);
    call.options = given(command);
    const isTyped = (option: string): boolean => command.getOptionValueSource(option) === 'cli';
    code = asked === 'printed' ? 0 : await action(command.args, command.opts(), isTyped);
  });
  const command = program.commands.find((one) => one.name() === called?.name);
  try {
    await program.parseAsync(await wordsOf(call.argv, called, command), { from: 'user' });
    return code;
  } catch (error) {
    const isCall = error instanceof CommanderError;
    if (isCall && error.exitCode === 0) return 0;
    if (isCall && error.code === 'commander.help') return undefined;
    // The files of a wrong call were not looked at yet, and may say in what form its caller wants to be told.
    if (isCall && command !== undefined) await fillIn(command, world).catch(() => {});
    if (command !== undefined) call.options = given(command);
    if (!isCall) throw error;
    const asked = command ?? program;
    throw new CallError(`${translateOption(error.message, asked)}${hintFor(error, asked)}`);
  }
};

/** The others are only spoken of where the program as a whole explains itself, or refuses a word before the command. */
const commandsFor = ({ argv }: Call, called: CommandEntry | undefined): readonly CommandEntry[] =>
  called !== undefined && argv[0] === called.name ? [called] : COMMANDS;

const build = async (
  call: Call,
  called: CommandEntry | undefined,
  world: World,
  run: (command: Command, action: Action) => Promise<void>,
): Promise<Command> => {
  const program = new Command('sysmon')
    .description(ABOUT)
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain')
    .addHelpText('after', EXAMPLES);
  settle(program, world);
  for (const entry of commandsFor(call, called)) {
    const command = program
      .command(entry.name)
      .description(entry.summary)
      .helpOption('-h, --help', 'explain');
    settle(command, world);
    if (entry !== called) continue;
    if (entry.exits === undefined) command.addHelpText('after', EXITS);
    command.addHelpText('after', FILES);
    const module = await entry.load();
    module.define(command, (action, on = command) => on.action(() => run(on, action)), world);
    command
      .optionsGroup('Options:')
      .helpOption('-h, --help', 'explain')
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
    .helpCommand(false)
    .configureHelp({ optionDescription: describeOption })
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
