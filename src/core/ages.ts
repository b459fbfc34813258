/** How long ago files were written to, as groups like any other, so that one judge judges them. They are read by `check`, not recorded. */

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
  fields: { age_seconds: gauge('seconds', 'Time since its last record') },
});

/** These groups by name. */
export const AGES: ReadonlyMap<string, Group> = new Map([file, log].map((one) => [one.name, one]));
