/** The registry: a new vital is its file and a line here. */

import type { Group } from '../core/group.js';
import type { Vital } from '../core/vital.js';
import { part as arp } from './arp.js';
import { part as cgroup } from './cgroup.js';
import { part as clock } from './clock.js';
import { part as conntrack } from './conntrack.js';
import { part as cpu } from './cpu.js';
import { part as disk } from './disk.js';
import { part as entropy } from './entropy.js';
import { part as filefd } from './filefd.js';
import { part as filesystem } from './filesystem.js';
import { part as hwmon } from './hwmon.js';
import { part as networkInterface } from './interface.js';
import { part as load } from './load.js';
import { part as memory } from './memory.js';
import { part as netstat } from './netstat.js';
import { part as network } from './network.js';
import { part as os } from './os.js';
import type { Part } from './part.js';
import { openPart } from './part.js';
import type { Portable } from './portable.js';
import { part as pressure } from './pressure.js';
import { part as process } from './process.js';
import { part as processes } from './processes.js';
import { part as selinux } from './selinux.js';
import { part as sockstat } from './sockstat.js';
import { part as softirq } from './softirq.js';
import { part as softnet } from './softnet.js';
import { part as system } from './system.js';
import { part as thermal } from './thermal.js';
import { part as top } from './top.js';
import type { Tree } from './tree.js';
import { part as uname } from './uname.js';
import { part as vmstat } from './vmstat.js';

/** In the order in which a record shows them. */
const PARTS: readonly Part[] = [
  cpu,
  memory,
  cgroup,
  load,
  pressure,
  filesystem,
  disk,
  network,
  networkInterface,
  processes,
  top,
  process,
  hwmon,
  system,
  filefd,
  conntrack,
  vmstat,
  netstat,
  sockstat,
  softnet,
  softirq,
  arp,
  entropy,
  thermal,
  clock,
  uname,
  os,
  selinux,
];

/** Every group there is, by name. */
export const GROUPS: ReadonlyMap<string, Group> = new Map(
  PARTS.flatMap((part) => part.groups).map((group) => [group.name, group]),
);

export const openVitals = (source: Tree | Portable): readonly Vital[] =>
  PARTS.flatMap((part) => openPart(part, source) ?? []);
