/** The registry: a new command is its file and an entry here. */

import { CHECK_EXIT, EXIT, GREP_EXIT } from '../exit.js';
import { CHECK_FORMATS } from '../formats/index.js';
import type { Call, CommandEntry } from './command.js';

/** The output format that is asked for; by the words alone where the parser gave up before it came to them. */
const formatAsked = ({ argv, options }: Call): unknown => {
  if (options['json'] === true || argv.includes('--json')) return 'json';
  const at = argv.findLastIndex((word) => word === '--format' || word.startsWith('--format='));
  return options['format'] ?? (argv[at] === '--format' ? argv[at + 1] : argv[at]?.slice('--format='.length));
};

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'check',
    summary: 'judge thresholds; exit 0 ok, 1 warning, 2 critical, 3 unknown',
    load: () => import('./check.js'),
    // It ends with no other code than 0 to 3, whatever happens.
    exits: { usage: CHECK_EXIT.unknown, failed: CHECK_EXIT.unknown },
    excuse: async (call, text) => {
      const [why = ''] = text.split('\n', 1);
      const format = await CHECK_FORMATS.get(String(formatAsked(call)))?.();
      return format?.excuse?.(why) ?? '';
    },
  },
  {
    name: 'log',
    summary: 'append samples of this machine to a rotating log',
    load: () => import('./log.js'),
  },
  {
    name: 'watch',
    summary: 'live vitals on the screen, and the same screen over the past',
    load: () => import('./watch.js'),
  },
  {
    name: 'export',
    summary: 'give the log to other tools: Prometheus, JSON, CSV',
    load: () => import('./export.js'),
  },
  {
    name: 'query',
    summary: 'ask the log in PromQL: a table, a graph, CSV, JSON',
    load: () => import('./query.js'),
    excuse: async (call, text) => {
      if (formatAsked(call) !== 'json') return '';
      const { apiError } = await import('../formats/query-json.js');
      const [error = ''] = text.split('\n', 1);
      return `${apiError(/parse error:/.test(error) ? 'bad_data' : 'execution', error)}\n`;
    },
  },
  {
    name: 'rules',
    summary: "lint, test and backtest Prometheus's rule files",
    load: () => import('./rules.js'),
  },
  {
    name: 'grep',
    summary: 'search any log by patterns, times, levels and fields, as GNU grep',
    load: () => import('./grep.js'),
    exits: { usage: GREP_EXIT.error, failed: GREP_EXIT.error },
  },
  {
    name: 'tail',
    summary: 'the end of any log, and what comes after it, as GNU tail',
    load: () => import('./tail.js'),
    exits: { usage: EXIT.failed, failed: EXIT.failed },
  },
];
