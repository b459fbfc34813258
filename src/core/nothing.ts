/** Why a rule found nothing to judge, in words that say what to write instead where the path is at fault. */

import { fieldOf } from './group.js';
import { file } from './outside.js';
import { formatPath } from './path.js';
import type { Rule } from './rule.js';
import type { Reading, Row } from './sample.js';

/** What a group is about, where its name says that only to who knows the kernel. */
const ABOUT: Readonly<Record<string, string>> = {
  hwmon: 'no temperature sensor',
  thermal_zone: 'no temperature sensor of this kind',
  conntrack: 'no tracking of connections',
  pressure: 'no pressure measured by this kernel',
};

/** The machine does not have the group at all, or not just now. */
export const noGroup = (group: string): string =>
  `there is ${Object.hasOwn(ABOUT, group) ? ABOUT[group] : `no "${group}"`} here`;

/** The group has no number of this name. */
export const noField = ({ group }: Reading, field: string): string =>
  Object.hasOwn(group.texts, field)
    ? `"${field}" is a text, and only numbers can be judged`
    : `"${group.name}" has no field "${field}"`;

/** The group has no row that the rule means. */
export const noRow = ({ path, title, nearest }: Rule, { group }: Reading): string => {
  const { id, field } = path;
  if (id === undefined) return `there is no ${group.name} to judge`;
  if (group === file) return 'there is no such file';
  const named = formatPath(path).slice(0, -field.length - 1);
  // A directory of which not even the filesystem above it was looked for.
  if (group.name === 'filesystem' && !nearest && title !== formatPath(path))
    return 'there is no such directory';
  const general = `${group.name}.${field}`;
  if (group.identity.length === 0)
    return `there is no ${named}: write ${general}${group.name === 'cpu' ? `, or core[${id[0]}].${field} for one CPU` : ''}`;
  if (id.some((part) => part.includes('*'))) return `there is no ${named}: any of them is ${general}`;
  return `there is no ${named}`;
};

/** The row is there, and nothing could be read of it. */
export const unreadable = ({ group }: Reading, row: Row): string => {
  const why = row.numbers['device_error'] === 1 ? fieldOf(group, 'device_error')?.help : undefined;
  return why ? `${why[0]?.toLowerCase()}${why.slice(1)}` : 'it could not be read';
};
