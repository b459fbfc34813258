/** `sysmon rules lint`: `promtool check rules`, and what promtool does not see. */

import { Option } from 'commander';
import { toJson } from '../../core/json-text.js';
import { wrap } from '../../core/wrap.js';
import { LINT_EXIT, UserError } from '../../exit.js';
import type { Finding } from '../../promql/rules/lint.js';
import type { Problem } from '../../promql/rules/rule.js';
import type { World } from '../../world.js';
import { type CommandModule, examples } from '../command.js';
import * as option from '../options.js';
import { namedFiles, readTextFile } from './files.js';

interface LintOptions {
  readonly strict?: boolean;
  readonly json?: boolean;
  /** Seconds. */
  readonly scrapeInterval?: number;
}

export const define: CommandModule['define'] = (command, run, world) => {
  command
    .argument('<files...>', 'rule files')
    .addOption(
      new Option(
        '--scrape-interval <time>',
        'how far apart samples are: says which windows are too short',
      ).argParser(option.duration(0.001, 86_400)),
    )
    .option('--strict', 'warnings count: exit 3')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 Prometheus would load them, 1 it would not, 2 wrong usage, 3 warnings with --strict.
${examples(['sysmon rules lint alerts.yml', 'errors, and what is hardly meant'], ['sysmon rules lint --strict *.yml', 'in CI'])}`,
    );
  run((files, options) => lint(namedFiles(files), options as LintOptions, world));
};

/** What is known of one file. */
interface Verdict {
  readonly file: string;
  readonly rules: number;
  readonly errors: readonly string[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Finding[];
}

const verdictOf = async (file: string, { scrapeInterval }: LintOptions): Promise<Verdict> => {
  const { loadRules } = await import('../../promql/rules/load.js');
  const { lintRules } = await import('../../promql/rules/lint.js');
  try {
    const loaded = await loadRules(readTextFile(file), file);
    const settings = scrapeInterval === undefined ? {} : { scrapeInterval: scrapeInterval * 1000 };
    return {
      file,
      rules: loaded.groups.reduce((sum, group) => sum + group.rules.length, 0),
      errors: [],
      problems: loaded.problems,
      warnings: lintRules(loaded, settings),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { file, rules: 0, errors: [error.message], problems: [], warnings: [] };
  }
};

const hasFailed = ({ errors, problems }: Verdict): boolean => errors.length + problems.length > 0;

const lint = async (files: readonly string[], options: LintOptions, world: World): Promise<number> => {
  const verdicts: Verdict[] = [];
  for (const file of files) verdicts.push(await verdictOf(file, options));
  world.stdout.write(
    options.json
      ? `${toJson({ files: verdicts.map(plain) })}\n`
      : verdicts.map((verdict) => textOf(verdict, widthFor(world))).join('\n'),
  );
  if (verdicts.some(hasFailed)) return LINT_EXIT.failed;
  return options.strict && verdicts.some(({ warnings }) => warnings.length > 0)
    ? LINT_EXIT.warned
    : LINT_EXIT.ok;
};

const plainProblem = ({ at, message, hint }: Problem): Readonly<Record<string, unknown>> => ({
  line: at.line,
  column: at.column,
  message,
  ...(hint && { hint }),
});

const plain = ({ file, rules, errors, problems, warnings }: Verdict): Readonly<Record<string, unknown>> => ({
  file,
  rules,
  errors: [...errors.map((message) => ({ message })), ...problems.map(plainProblem)],
  warnings: warnings.map((finding) => ({ code: finding.code, ...plainProblem(finding) })),
});

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

const hintOf = ({ hint }: Problem): readonly string[] => (hint ? [`      ${hint}`] : []);

/** A pipe's lines are for programs, which have them as long as they are. */
const widthFor = ({ stdout }: World): number =>
  stdout.isTerminal ? stdout.columns() - 1 : Number.POSITIVE_INFINITY;

/** A line within its width; what follows stands below its words. */
const wrapped = (line: string, width: number): string => {
  const [margin = ''] = /^ */.exec(line) ?? [];
  if (line.length <= width) return line;
  return wrap(line.slice(margin.length), width - margin.length, '  ')
    .split('\n')
    .map((part) => margin + part)
    .join('\n');
};

const textOf = (verdict: Verdict, width: number): string => {
  const { file, rules, errors, problems, warnings } = verdict;
  const place = ({ at }: Problem): string => `${file}:${at.line}:${at.column}`;
  const warned = warnings.length === 0 ? '' : `, ${count(warnings.length, 'warning')}`;
  const lines = [
    `Checking ${file}`,
    hasFailed(verdict)
      ? `  FAILED: ${count(errors.length + problems.length, 'error')}${warned}`
      : `  SUCCESS: ${count(rules, 'rule')} found${warned}`,
    ...errors.map((message) => `  error ${message}`),
    ...problems.flatMap((one) => [`  error ${place(one)}: ${one.message}`, ...hintOf(one)]),
    ...warnings.flatMap((one) => [`  warning ${place(one)}: ${one.message} [${one.code}]`, ...hintOf(one)]),
  ];
  return `${lines.map((line) => wrapped(line, width)).join('\n')}\n`;
};
