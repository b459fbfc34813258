/** Which rows of a group a rule speaks of. */

import { isCounted, isShown } from './aside.js';
import type { Rule } from './rule.js';
import type { Row } from './sample.js';
import { rowLike, sameId } from './sample.js';

const isAbove = (place: string, path: string): boolean =>
  place === path || path.startsWith(place.endsWith('/') ? place : `${place}/`);

/** The row whose identity is the nearest directory at or above a path: the filesystem that holds it. */
export const holderOf = (rows: readonly Row[], path: string): Row | undefined => {
  let best: Row | undefined;
  for (const row of rows) {
    const place = row.id[0] ?? '';
    if (isAbove(place, path) && place.length >= (best?.id[0]?.length ?? 0)) best = row;
  }
  return best;
};

/** Rows to judge; `elsewhere` where there are none only because each has a rule of its own. */
export const selectRows = (
  rule: Rule,
  all: readonly Row[],
): { readonly rows: readonly Row[]; readonly elsewhere: boolean } => {
  const { id } = rule.path;
  const { rows: filter, nearest } = rule;
  if (id !== undefined) {
    const found = rowLike(all, id) ?? (nearest ? holderOf(all, id[0] ?? '') : undefined);
    return { rows: found === undefined ? [] : [found], elsewhere: false };
  }
  const meant = filter?.counted ? all.filter(isCounted) : filter?.shown ? all.filter(isShown) : all;
  const except = filter?.except;
  if (except === undefined || except.length === 0) return { rows: meant, elsewhere: false };
  // A place that lies on a row has a rule beside that of the row, not instead of it.
  const rows = meant.filter((row) => !except.some((own) => sameId(row.id, own)));
  return { rows, elsewhere: meant.length > 0 && rows.length === 0 };
};
