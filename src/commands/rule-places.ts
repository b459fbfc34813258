/** What rules point at, seen from this machine: directories behind links, and paths that only a slip of the pen explains. */

import { realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Group } from '../core/group.js';
import { nearestWord } from '../core/nearest.js';
import type { Path } from '../core/path.js';
import type { Rule, Verdict } from '../core/rule.js';
import { UserError } from '../exit.js';

/** The directory behind a path of the machine whose `/` is `rootfs`; undefined where there is none. */
const realPlace = (path: string, rootfs: string): string | undefined => {
  const root = resolve(rootfs);
  try {
    const real = realpathSync(join(root, path));
    if (root === '/') return real;
    const inside = relative(root, real);
    // A link to an absolute path leads out of a root that is not ours, so it says nothing about that machine.
    return inside.startsWith('..') ? path : `/${inside}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // What may not be looked at may be there.
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : path;
  }
};

/**
 * The rules with their directories resolved, so that `/srv` is judged by the filesystem it is a link to. One that is not there
 * is on no filesystem: only a mount point of exactly that name can still be meant.
 */
export const placeRules = (rules: readonly Rule[], rootfs: string): readonly Rule[] =>
  rules.map((rule) => {
    const { nearest, rows, ...rest } = rule;
    if (!nearest) return rule;
    const except = rows?.except?.map(([path = '', ...more]) => [realPlace(path, rootfs) ?? path, ...more]);
    const filter = rows === undefined ? {} : { rows: { ...rows, ...(except && { except }) } };
    const [path] = rule.path.id ?? [];
    if (path === undefined) return { ...rest, nearest, ...filter };
    const place = realPlace(path, rootfs);
    return place === undefined
      ? { ...rest, ...filter }
      : { ...rest, ...filter, nearest, path: { ...rule.path, id: [place] } };
  });

type Groups = ReadonlyMap<string, Group>;

/** The word that a path was probably meant to have, where it names a group or a field that there is not. */
const intended = ({ group, field }: Path, groups: Groups): string | undefined => {
  const known = groups.get(group);
  if (known === undefined) return nearestWord(group, groups.keys());
  return field in known.fields || '*' in known.fields
    ? undefined
    : nearestWord(field, Object.keys(known.fields));
};

/** Adds to what was not there what may have been meant. */
export const explainSlips = (verdicts: readonly Verdict[], groups: Groups): readonly Verdict[] =>
  verdicts.map((verdict) => {
    const { absent, reason, path } = verdict;
    const meant = absent === undefined || reason === undefined ? undefined : intended(path, groups);
    return meant === undefined ? verdict : { ...verdict, reason: `${reason}; did you mean "${meant}"?` };
  });

/** Throws a UserError for a rule that no sample could ever be judged by. */
export const refuseSlips = (rules: readonly Rule[], groups: Groups): void => {
  for (const { path } of rules) {
    const known = groups.get(path.group);
    if (known !== undefined && (path.field in known.fields || '*' in known.fields)) continue;
    const meant = intended(path, groups);
    throw new UserError(
      known === undefined
        ? `there is no group "${path.group}"`
        : `"${path.group}" has no field "${path.field}"`,
      { kind: 'usage', ...(meant !== undefined && { hint: `Did you mean ${meant}?` }) },
    );
  }
};
