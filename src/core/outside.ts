/**
 * What `check` looks at beside the vitals: how long ago files were written to, and lines of other logs. Groups like any
 * other, so that one judge judges them; they are read at the moment of the check, not recorded.
 */

import { type Group, gauge, group } from './group.js';

export const file = group({
  name: 'file',
  help: 'Files whose silence means trouble',
  identity: ['path'],
  texts: { error: 'why it could not be looked at' },
  fields: { age_seconds: gauge('seconds', 'Time since it was written to') },
});

export const log = group({
  name: 'log',
  help: 'The log of sysmon itself',
  fields: {
    age_seconds: gauge('seconds', 'Time since its last record'),
    overdue_seconds: gauge('seconds', 'Time since its next sample was due; 0 where it was ended on purpose', {
      // Prometheus does not know when the next one is due. For six hours it tells which machine went silent.
      promql: 'time() - max_over_time(node_time_seconds[6h])',
    }),
  },
});

export const matches = group({
  name: 'matches',
  help: 'Lines of other logs that were looked for',
  identity: ['pattern'],
  texts: { error: 'why they could not be counted' },
  fields: {
    lines: gauge('count', 'Lines that match'),
    warning_lines: gauge('count', 'Those of them that are warnings or worse, as a field of theirs says'),
    critical_lines: gauge('count', 'Those of them that are errors or worse, as a field of theirs says'),
  },
});

/** These groups by name. */
export const OUTSIDE: ReadonlyMap<string, Group> = new Map(
  [file, log, matches].map((one) => [one.name, one]),
);
