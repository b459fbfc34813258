/** Reads one part of a recorded machine, as the sampler would. */

import { afterEach } from 'vitest';
import type { Reading, Row } from '../../src/core/sample.js';
import { rowsOf } from '../../src/core/sample.js';
import type { Ask } from '../../src/core/vital.js';
import { openPart, type Part } from '../../src/vitals/part.js';
import type { Tree } from '../../src/vitals/tree.js';
import { type Recorded, record } from './recorded.js';

/** Recorded machines that are removed after each test. */
export const openMachines = (): ((files: Readonly<Record<string, string>>) => Recorded) => {
  const open: Recorded[] = [];
  afterEach(() => {
    for (const one of open.splice(0)) one.remove();
  });
  return (files) => {
    const recorded = record(files);
    open.push(recorded);
    return recorded;
  };
};

/** What reads a part again and again: raw readings. */
export const readerOf = (part: Part, tree: Tree): ((ask: Ask) => Promise<readonly Reading[]>) => {
  const vital = openPart(part, tree);
  // A new Ask each time: it stands for one sample.
  return async (ask) => (await vital?.read({ ...ask })) ?? [];
};

export const rowsFrom = async (
  part: Part,
  tree: Tree,
  ask: Ask,
  group = part.groups[0]?.name as string,
): Promise<readonly Row[]> => rowsOf(await readerOf(part, tree)(ask), group);

/** What derive makes of one row of a part's first group, and the row before. */
export const derived = (
  part: Part,
  now: Row,
  before: Row | undefined,
  seconds: number,
  ask: Ask,
): Row | undefined => {
  const [group] = part.groups;
  if (group === undefined || part.derive === undefined) return undefined;
  const wrap = (one: Row): Reading[] => [{ group, rows: [one] }];
  return rowsOf(part.derive(wrap(now), before && wrap(before), seconds, ask), group.name)[0];
};
