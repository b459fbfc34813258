/** Options from YAML files, for what the command line leaves open. They pass the same parsers as the command line's. */

import { existsSync, readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, type Option } from 'commander';
import { nearestWord } from '../core/nearest.js';
import { systemReason, UserError } from '../exit.js';
import type { World } from '../world.js';
import {
  readYaml,
  writeYaml,
  type YamlMap,
  type YamlNode,
  type YamlPlace,
  yamlError,
  yamlToJson,
} from '../yaml.js';
import { COMMANDS } from './index.js';
import { configFiles } from './places.js';

/**
 * Keys outside a command's section speak to every command that has such an option: where things are, and what counts. None
 * is a threshold, since one takes the place of all that a check judges by default.
 */
const SHARED = ['file', 'procfs', 'sysfs', 'rootfs', 'source', 'mounts', 'except-mounts', 'disks'].concat([
  'except-disks',
  'interfaces',
  'except-interfaces',
]);

/** Not for files: they are about the call itself. */
const CALL_ONLY = new Set(['config', 'print-config', 'help']);

/** Fills in what the command line left open; gives the files that did. */
export const fillIn = async (command: Command, world: World): Promise<readonly string[]> => {
  const named = command.getOptionValue('config') as string | undefined;
  const files = named === undefined ? configFiles(world).filter((file) => existsSync(file)) : [named];
  for (const file of files) await apply(command, file, world);
  return files;
};

/** Does the same. `printed` when the person only wanted to see the result. */
export const configure = async (command: Command, world: World): Promise<'run' | 'printed'> => {
  const files = await fillIn(command, world);
  if (command.getOptionValue('printConfig') !== true) return 'run';
  world.stdout.write(await print(command, files));
  return 'printed';
};

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read the configuration ${file}: ${systemReason(error)}`, {
      kind: 'usage',
      cause: error,
    });
  }
};

/** Throws with file, line and column at whatever is not right. */
const apply = async (command: Command, file: string, world: World): Promise<void> => {
  const text = read(file);
  const { root, second } = await readYaml(text, file, { kind: 'usage' });
  const wrong = (message: string, at: YamlPlace, hint?: string): never => {
    throw yamlError(file, at, message, { kind: 'usage', ...(hint && { hint }) });
  };
  if (second !== undefined) wrong('a second document begins here', second);
  if (root === undefined) return;
  if (root.kind !== 'map') return wrong('expected options as "name: value"', root.at);

  const names = COMMANDS.map(({ name }) => name);
  const judges = command.options.some(({ long }) => long === '--warning');
  const slipIn = judges ? (await import('./rule-options.js')).slipIn : undefined;
  const applyAll = async (map: YamlMap, own: boolean): Promise<void> => {
    for (const { key, keyAt, value: node } of map.entries) {
      if (!own && names.includes(key)) continue;
      const known = own ? optionNames(command) : [...names, ...SHARED];
      if (!known.includes(key))
        wrong(`unknown option "${key}"`, keyAt, (await whereTo(key, world)) ?? didYouMean(key, known));
      const option = optionNamed(command, key);
      if (option === undefined) continue;
      const odd = oddItem(node);
      if (odd !== undefined) wrong(`${key}: expected a value`, odd.at, quotesHint(odd));
      const value = yamlToJson(node);
      const reason = set(command, option, value);
      if (reason !== undefined) wrong(`${key}: ${reason}`, node.at);
      const slip = slipIn?.(option.attributeName(), value);
      if (slip !== undefined) wrong(slip.message, node.at, pairHint(value) ?? slip.hint);
    }
  };
  await applyAll(root, false);
  for (const { key, value } of root.entries) {
    if (key !== command.name()) continue;
    if (value.kind === 'map') await applyAll(value, true);
    else if (!(value.kind === 'scalar' && value.value === null))
      wrong(`expected the options of "sysmon ${command.name()}"`, value.at);
  }
};

/** The first item of a list that is no value: a list of options holds values only. */
const oddItem = (node: YamlNode): YamlNode | undefined =>
  node.kind === 'list'
    ? node.items.find(
        (item) => item.kind !== 'scalar' || item.value === null || typeof item.value === 'boolean',
      )
    : undefined;

/** `nginx=1:` without quotes is a map, whose key has no value. */
const quotesHint = (node: YamlNode): string | undefined => {
  const [entry] = node.kind === 'map' ? node.entries : [];
  return entry === undefined ? undefined : `In quotes it is one: "${entry.key}:".`;
};

/** `[80, 90]` are two values of one option, where one value with two limits was meant. */
const pairHint = (value: unknown): string | undefined =>
  Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'number')
    ? `Write "${value.join(',')}" for a warning and a critical limit.`
    : undefined;

/** The sections in which an option would be right, as advice. */
const whereTo = async (key: string, world: World): Promise<string | undefined> => {
  const owners: string[] = [];
  for (const { name, load } of COMMANDS) {
    const other = new Command(name);
    (await load()).define(other, () => {}, world);
    if (optionNames(other).includes(key)) owners.push(`"${name}:"`);
  }
  return owners.length === 0 ? undefined : `It belongs under ${owners.join(' or ')}.`;
};

/** The key in a file: the long name without dashes; `--no-compress` is `compress: false`. */
const keyOf = (option: Option): string => (option.long ?? '').replace(/^--(no-)?/, '');

const optionNames = (command: Command): string[] => [
  ...new Set(command.options.map(keyOf).filter((name) => !CALL_ONLY.has(name))),
];

const optionNamed = (command: Command, key: string): Option | undefined =>
  CALL_ONLY.has(key)
    ? undefined
    : (command.options.find((option) => keyOf(option) === key && !option.negate) ??
      command.options.find((option) => keyOf(option) === key));

/**
 * Sets an option as if its words stood on the command line, unless it does stand there; gives the reason when they would be
 * refused.
 */
const set = (command: Command, option: Option, value: unknown): string | undefined => {
  const name = option.attributeName();
  const put = (result: unknown): undefined => {
    if (command.getOptionValueSource(name) !== 'cli')
      command.setOptionValueWithSource(name, result, 'config');
    return undefined;
  };
  if (typeof value === 'boolean') {
    const flag = option.isBoolean() || option.negate || option.optional;
    return flag ? put(value) : 'expected a value, not true or false';
  }
  if (value === null && option.optional) return 'expected a value, or true for the usual one';
  if (value === null || (typeof value === 'object' && !Array.isArray(value))) return 'expected a value';
  if (option.isBoolean() || option.negate) return 'expected true or false';
  const words = (Array.isArray(value) ? value : [value]).map(String);
  try {
    let result: unknown;
    for (const word of words) {
      if (option.argChoices !== undefined && !option.argChoices.includes(word))
        return `expected one of ${option.argChoices.join(', ')}`;
      result = option.parseArg === undefined ? word : option.parseArg(word, result);
    }
    // The last one would count, as on the command line, where nobody writes two by mistake.
    return words.length > 1 && typeof result !== 'object' ? 'takes one value' : put(result);
  } catch (error) {
    if (error instanceof InvalidArgumentError) return error.message;
    throw error;
  }
};

/** The nearest known word, as advice. */
const didYouMean = (word: string, known: readonly string[]): string | undefined => {
  const nearest = nearestWord(word, known);
  return nearest === undefined ? undefined : `Did you mean ${nearest}?`;
};

/** The options as they stand, as a file that gives the same; what nobody set is a comment. */
const print = async (command: Command, files: readonly string[]): Promise<string> => {
  const given = new Map<string, unknown>();
  const defaults = new Map<string, unknown>();
  for (const option of command.options) {
    const [key, name] = [keyOf(option), option.attributeName()];
    if (CALL_ONLY.has(key)) continue;
    const value = command.getOptionValue(name);
    const isGiven = value !== undefined && command.getOptionValueSource(name) !== 'default';
    const said = option.defaultValueDescription ?? value;
    if (isGiven) given.set(key, value);
    else if (said !== undefined) defaults.set(key, said);
  }
  const lines = async (values: ReadonlyMap<string, unknown>, lead: string): Promise<string> =>
    values.size === 0 ? '' : (await writeYaml(Object.fromEntries(values))).replace(/^(?=.)/gm, lead);
  const read = files.length === 0 ? 'no configuration file' : files.join(', ');
  return [
    `# sysmon ${command.name()}: defaults (commented), ${read}, then the command line\n`,
    `${command.name()}:\n`,
    await lines(given, '  '),
    await lines(defaults, '  # '),
  ].join('');
};
