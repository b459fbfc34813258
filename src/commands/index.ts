/** The registry: a new command is its file and an entry here. */

import { CHECK_EXIT } from '../exit.js';
import type { CommandEntry } from './command.js';

/** The output format in the words of a call that may be wrong; undefined where none is asked for. */
const formatAsked = (argv: readonly string[]): string | undefined =>
  argv.includes('--json') ? 'json' : /(?:^| )--format[= ](\w+)/.exec(argv.join(' '))?.[1];

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'check',
    summary: 'judge thresholds; exit 0 ok, 1 warning, 2 critical, 3 unknown',
    load: () => import('./check.js'),
    // It ends with no other code than 0 to 3, whatever happens.
    exits: { usage: CHECK_EXIT.unknown, failed: CHECK_EXIT.unknown },
    excuse: (argv, text) => {
      const [why = ''] = text.split('\n', 1);
      const format = formatAsked(argv);
      // Nagios shows nothing else, and who reads JSON from a pipe waits for some.
      if (format === 'nagios') return `SYSMON UNKNOWN - ${why.replaceAll('|', '/')}\n`;
      return format === 'json' ? `${JSON.stringify({ state: 'unknown', error: why })}\n` : '';
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
];
