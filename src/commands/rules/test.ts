/** `sysmon rules test`: `promtool test rules`, with its files as they are. */

import { InvalidArgumentError, Option } from 'commander';
import { toJson } from '../../core/json-text.js';
import { EXIT, UserError } from '../../exit.js';
import type { RuleGroup } from '../../promql/rules/rule.js';
import type { TestFailure } from '../../promql/rules/unit/run.js';
import type { World } from '../../world.js';
import { type CommandModule, examples } from '../command.js';
import { globBeside, namedFiles, readTextFile } from './files.js';
import { formatFailure } from './test-text.js';

interface TestOptions {
  readonly run?: readonly RegExp[];
  readonly json?: boolean;
}

const pattern = (text: string, before: readonly RegExp[] = []): readonly RegExp[] => {
  try {
    return [...before, new RegExp(text)];
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
};

export const define: CommandModule['define'] = (command, run, world) => {
  command
    .argument('<files...>', 'files of unit tests')
    .addOption(
      new Option('--run <regex>', 'only tests whose name matches; may be given several times').argParser(
        pattern,
      ),
    )
    .option('--json', 'as JSON')
    .addOption(new Option('--diff', 'as differences, which they always are').hideHelp())
    .addHelpText(
      'after',
      `
Exit codes: 0 all passed, 1 not, 2 wrong usage.
${examples(['sysmon rules test tests.yml', 'the same file that promtool test rules takes'])}`,
    );
  run((files, options) => test(namedFiles(files), options as TestOptions, world));
};

export interface TestedGroup {
  readonly name: string;
  readonly line: number;
  readonly failures: readonly TestFailure[];
}

interface TestedFile {
  readonly file: string;
  /** Why it was not run. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly groups: readonly TestedGroup[];
}

const messages = (
  file: string,
  problems: readonly {
    readonly at: { readonly line: number; readonly column: number };
    readonly message: string;
  }[],
): readonly string[] => problems.map(({ at, message }) => `${file}:${at.line}:${at.column}: ${message}`);

/** Rule files of tests are most often the same for many of them. */
type Loaded = Map<string, { readonly groups: readonly RuleGroup[]; readonly errors: readonly string[] }>;

const rulesOf = async (file: string, loaded: Loaded): Promise<readonly RuleGroup[]> => {
  const { loadRules } = await import('../../promql/rules/load.js');
  let known = loaded.get(file);
  if (known === undefined) {
    const { groups, problems } = await loadRules(readTextFile(file), file);
    known = { groups, errors: messages(file, problems) };
    loaded.set(file, known);
  }
  if (known.errors.length > 0) throw new UserError(known.errors.join('\n'));
  return known.groups;
};

const testFile = async (file: string, { run }: TestOptions, loaded: Loaded): Promise<TestedFile> => {
  const { loadUnitTests } = await import('../../promql/rules/unit/load.js');
  const { runTestGroup } = await import('../../promql/rules/unit/run.js');
  const warnings: string[] = [];
  try {
    const tests = await loadUnitTests(readTextFile(file), file);
    if (tests.problems.length > 0) {
      if (tests.problems.some(({ message }) => message.startsWith('field groups not found')))
        warnings.push(`these are rules, and no tests of them: sysmon rules lint ${file}`);
      return { file, errors: messages(file, tests.problems), warnings, groups: [] };
    }
    const ruleFiles = tests.ruleFiles.flatMap((one) => {
      const found = globBeside(file, one);
      if (found.length === 0) warnings.push(`no file match pattern ${one}`);
      return found;
    });
    const rules: RuleGroup[] = [];
    const wanted = tests.groups.filter(({ name }) => run === undefined || run.some((one) => one.test(name)));
    if (wanted.length > 0) for (const one of new Set(ruleFiles)) rules.push(...(await rulesOf(one, loaded)));
    if (wanted.length === 0 && tests.groups.length > 0) warnings.push('no test has such a name');
    const groups = wanted.map((group) => ({
      name: group.name,
      line: group.at.line,
      failures: runTestGroup(group, rules, tests),
    }));
    return { file, errors: [], warnings, groups };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { file, errors: [error.message], warnings, groups: [] };
  }
};

const hasFailed = ({ errors, groups }: TestedFile): boolean =>
  errors.length > 0 || groups.some(({ failures }) => failures.length > 0);

const test = async (files: readonly string[], options: TestOptions, world: World): Promise<number> => {
  const loaded: Loaded = new Map();
  const tested: TestedFile[] = [];
  for (const file of files) {
    const one = await testFile(file, options, loaded);
    tested.push(one);
    if (!options.json) world.stdout.write(`${tested.length > 1 ? '\n' : ''}${textOf(one)}`);
  }
  if (options.json) world.stdout.write(`${toJson({ files: tested.map(plain) })}\n`);
  return tested.some(hasFailed) ? EXIT.failed : EXIT.ok;
};

const plain = (tested: TestedFile): Readonly<Record<string, unknown>> => ({
  file: tested.file,
  passed: !hasFailed(tested),
  errors: tested.errors,
  warnings: tested.warnings,
  tests: tested.groups.map(({ name, line, failures }) => ({
    name,
    line,
    passed: failures.length === 0,
    failures: failures.map(({ at, evalTime, ...failure }) => ({
      line: at.line,
      evalTimeSeconds: evalTime / 1000,
      ...failure,
    })),
  })),
});

const textOf = (tested: TestedFile): string => {
  const { file, errors, warnings, groups } = tested;
  const failed = groups.filter(({ failures }) => failures.length > 0);
  const count = `${groups.length} test${groups.length === 1 ? '' : 's'}`;
  const lines = [
    `Unit testing ${file}`,
    ...warnings.map((warning) => `  WARNING: ${warning}`),
    !hasFailed(tested)
      ? `  SUCCESS: ${count} passed`
      : errors.length > 0
        ? '  FAILED:'
        : `  FAILED: ${failed.length} of ${count}`,
    ...errors.flatMap((error) => error.split('\n').map((line) => `    ${line}`)),
    ...failed.flatMap((group) =>
      group.failures.flatMap((failure) => formatFailure(file, group.name, failure)),
    ),
  ];
  return `${lines.join('\n')}\n`;
};
