/** Since when the machine runs, as Node tells it: time asleep is counted, as on Linux. */

import { uptime } from 'node:os';
import type { Group } from '../../core/group.js';
import { row } from '../../core/sample.js';
import type { Portable } from '../portable.js';

export const portableSystem =
  (system: Group) =>
  ({ bootTime }: Portable) =>
  () => [{ group: system, rows: [row([], { uptime_seconds: uptime(), boot_time_seconds: bootTime })] }];
