/** The registry of panels, in the order of Tab and of `--only`. */

import type { Panel } from '../panel.js';
import { panel as cpu } from './cpu.js';
import { panel as disk } from './disk.js';
import { panel as filesystem } from './filesystem.js';
import { panel as memory } from './memory.js';
import { panel as network } from './network.js';
import { panel as pressure } from './pressure.js';
import { panel as processes } from './processes.js';
import { panel as temperature } from './temperature.js';

export const PANELS: readonly Panel[] = [
  cpu,
  memory,
  pressure,
  disk,
  filesystem,
  network,
  temperature,
  processes,
];
