/** The registry: a new command is its file and an entry here. */

import { CHECK_EXIT } from '../exit.js';
import type { CommandEntry } from './command.js';

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'log',
    summary: 'append samples of this machine to a rotating log',
    load: () => import('./log.js'),
  },
  {
    name: 'export',
    summary: 'give the log to other tools: Prometheus, OpenMetrics, JSON, CSV',
    load: () => import('./export.js'),
  },
];

/** `sysmon check` ends with no other code than 0 to 3, whatever happens. */
export const CHECK_EXITS = { usage: CHECK_EXIT.unknown, failed: CHECK_EXIT.unknown };
