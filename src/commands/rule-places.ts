/** What rules point at, seen from this machine: directories behind links, and paths that only a slip of the pen explains. */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fieldOf, type Group } from '../core/group.js';
import { nearestWord } from '../core/nearest.js';
import { formatPath, type Path } from '../core/path.js';
import type { Rule, Verdict } from '../core/rule.js';
import { UserError } from '../exit.js';
import { filesystem } from '../vitals/filesystem.js';
import { readMounts } from '../vitals/mount-table.js';
import { isBehindNetwork, type Mount, mountOf } from '../vitals/mounts.js';
import { realPlace } from '../vitals/root-path.js';
import { TREE_DEFAULTS, Tree } from '../vitals/tree.js';

/** Directories that rules name, on the machine that is looked at. */
export interface Places {
  /**
   * The rules with their directories resolved, so that `/srv` is judged by the filesystem it is a link to. One that is not
   * there is on no filesystem: only a mount point of exactly that name can still be meant.
   */
  readonly resolve: (rules: readonly Rule[]) => readonly Rule[];
  /** Where the filesystem that holds a directory is mounted; undefined where there is no mount table. */
  readonly mountPointOf: (path: string) => string | undefined;
  /** The same, behind links; undefined where there is no such directory. */
  readonly holderOf: (path: string) => string | undefined;
  /** Whether a path is that of a disk or a part of one, mounted or not. */
  readonly isDevice: (path: string) => boolean;
}

export const openPlaces = (roots: { readonly procfs: string; readonly rootfs: string }): Places => {
  let table: readonly Mount[] | undefined;
  const mounts = (): readonly Mount[] => {
    try {
      table ??= readMounts(new Tree({ ...TREE_DEFAULTS, ...roots }));
    } catch {
      table = [];
    }
    return table;
  };
  const isFar = (path: string): boolean => isBehindNetwork(path, mounts());
  /** Where a device is mounted. `/dev/vda` lies on a filesystem too, and nobody who names it means that one. */
  const mountedFrom = (path: string): string | undefined => {
    if (!path.startsWith('/dev/')) return undefined;
    const from = mounts().filter(({ device }) => device === path);
    return (from.find(({ root }) => root === '/') ?? from[0])?.mountpoint;
  };
  const isDevice = (path: string): boolean => {
    if (isFar(path)) return false;
    try {
      return statSync(join(roots.rootfs, path)).isBlockDevice();
    } catch {
      // Not there, or not for us to look at: then it is judged as a directory.
      return false;
    }
  };
  const placeOf = (path: string): string | undefined => {
    if (!path.startsWith('/')) return path;
    const place = realPlace(path, roots.rootfs, isFar);
    const mounted = mountedFrom(place ?? path);
    return mounted === undefined && place !== undefined && isDevice(place) ? undefined : (mounted ?? place);
  };
  const resolve = (rule: Rule): Rule => {
    const { nearest, rows, ...rest } = rule;
    if (rows?.except !== undefined) {
      const except = rows.except.map(([path = '', ...more]) => [placeOf(path) ?? path, ...more]);
      return { ...rule, rows: { ...rows, except } };
    }
    const [path] = rule.path.id ?? [];
    if (!nearest || path === undefined) return rule;
    const place = placeOf(path);
    return place === undefined ? rest : { ...rest, nearest, path: { ...rule.path, id: [place] } };
  };
  const mountPointOf = (path: string): string | undefined => mountOf(path, mounts())?.mountpoint;
  return {
    resolve: (rules) => rules.map(resolve),
    mountPointOf,
    isDevice: (path) => path.startsWith('/dev/') && isDevice(path),
    holderOf: (path) => {
      const place = path.startsWith('/') ? placeOf(path) : undefined;
      return place === undefined ? undefined : mountPointOf(place);
    },
  };
};

/** Directories whose filesystems these rules are about. */
export const placesIn = (rules: readonly Rule[]): readonly string[] =>
  rules.flatMap(({ path }) => (path.group === filesystem.name ? (path.id?.slice(0, 1) ?? []) : []));

type Groups = ReadonlyMap<string, Group>;

/** The word that a path was probably meant to have, where it names a group or a field that there is not. */
const intended = ({ group, field }: Path, groups: Groups): string | undefined => {
  const known = groups.get(group);
  if (known === undefined) return nearestWord(group, groups.keys());
  return fieldOf(known, field) === undefined ? nearestWord(field, Object.keys(known.fields)) : undefined;
};

/** Which filesystem a directory lies on that was named as if it were one; undefined where it is one, or is not there. */
const liesOn = ({ group, id: [place = ''] = [], field }: Path, places: Places): string | undefined => {
  const holder = group === filesystem.name && place !== '' ? places.holderOf(place) : undefined;
  if (holder === undefined || holder === place) return undefined;
  return `${place} lies on ${formatPath({ group, id: [holder], field }).slice(0, -field.length - 1)}`;
};

/** Adds to what was not there what may have been meant. */
export const explainSlips = (
  verdicts: readonly Verdict[],
  groups: Groups,
  places: Places,
): readonly Verdict[] =>
  verdicts.map((verdict) => {
    const { absent, reason, path } = verdict;
    if (absent === undefined || reason === undefined) return verdict;
    const meant = intended(path, groups);
    if (meant !== undefined) return { ...verdict, reason: `${reason}; did you mean "${meant}"?` };
    if (path.group === filesystem.name && places.isDevice(path.id?.[0] ?? ''))
      return { ...verdict, reason: 'it is a device that is mounted nowhere' };
    const found = liesOn(path, places);
    return found === undefined ? verdict : { ...verdict, reason: `${reason}: ${found}` };
  });

/** Throws a UserError for a rule that no sample could ever be judged by. */
export const refuseSlips = (rules: readonly Rule[], groups: Groups): void => {
  for (const { path } of rules) {
    const known = groups.get(path.group);
    if (known !== undefined && fieldOf(known, path.field) !== undefined) continue;
    const meant = intended(path, groups);
    throw new UserError(
      known === undefined
        ? `there is no group "${path.group}"`
        : `"${path.group}" has no field "${path.field}"`,
      { kind: 'usage', ...(meant !== undefined && { hint: `Did you mean ${meant}?` }) },
    );
  }
};
