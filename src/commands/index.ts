/** The registry: a new command is its file and an entry here. */

import { CHECK_EXIT } from '../exit.js';
import type { CommandEntry } from './command.js';

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'check',
    summary: 'judge thresholds; exit 0 ok, 1 warning, 2 critical, 3 unknown',
    load: () => import('./check.js'),
    // It ends with no other code than 0 to 3, whatever happens.
    exits: { usage: CHECK_EXIT.unknown, failed: CHECK_EXIT.unknown },
    // Nagios shows nothing else.
    excuse: (argv, text) =>
      argv.some((word) => /^(--format=)?nagios$/.test(word))
        ? `SYSMON UNKNOWN - ${text.split('\n', 1)[0]?.replaceAll('|', '/')}\n`
        : '',
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
