/** The registry: a new vital is its file and a line here. */

import type { Group } from '../core/group.js';
import type { Vital } from '../core/vital.js';
import { part as cgroup } from './cgroup.js';
import { part as cpu } from './cpu.js';
import { part as memory } from './memory.js';
import type { Part } from './part.js';
import { openPart } from './part.js';
import type { Portable } from './portable.js';
import type { Tree } from './tree.js';

/** In the order in which a record shows them. */
const PARTS: readonly Part[] = [cpu, memory, cgroup];

/** Every group there is, by name. */
export const GROUPS: ReadonlyMap<string, Group> = new Map(
  PARTS.flatMap((part) => part.groups).map((group) => [group.name, group]),
);

export const openVitals = (source: Tree | Portable): readonly Vital[] =>
  PARTS.flatMap((part) => openPart(part, source) ?? []);
