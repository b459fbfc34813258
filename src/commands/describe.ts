/** What the help says. It is put together only when somebody asks for it. */

import type { Option } from 'commander';
import { formatDuration } from '../core/duration.js';
import type { Unit } from '../core/group.js';
import { formatRange, type Range } from '../core/range.js';
import { THRESHOLD_OPTIONS, type ThresholdOption } from '../core/threshold-options.js';

const withExtra = (description: string, extra: readonly (string | undefined)[]): string => {
  const said = extra.filter((one) => one !== undefined).join('; ');
  return said === '' ? description : `${description} (${said})`;
};

/** An option with its choices and its default as a person would say them. */
export const describeOption = (option: Option): string => {
  const { description, argChoices, defaultValue, defaultValueDescription } = option;
  const said = defaultValueDescription ?? (option.isBoolean() ? undefined : defaultValue);
  return withExtra(description, [
    argChoices?.join(', '),
    said === undefined ? undefined : `default: ${said}`,
  ]);
};

/** One of these limits as it is typed: `85`, `10m`, `1:`. */
const typed = (range: Range | undefined, unit: Unit | undefined): string => {
  if (range === undefined) return '';
  const isPlain = !range.inside && range.start <= 0 && range.end !== Infinity;
  return isPlain && unit === 'seconds' ? formatDuration(range.end) : formatRange(range).replace(/^~:/, '');
};

/** `85,95`: what a threshold without a value stands for. */
const limitsWithout = ({ unit, single, rules }: ThresholdOption): string => {
  const { warning, critical } = rules[0]?.limits ?? {};
  if (warning === undefined && single === 'critical') return typed(critical, unit);
  return `${typed(warning, unit)}${critical === undefined ? '' : `,${typed(critical, unit)}`}`;
};

/** The same with the limits that a threshold has where none are given. */
export const describeThreshold = (option: Option): string => {
  const known = THRESHOLD_OPTIONS.find(({ name }) => option.long === `--${name}`);
  return known === undefined
    ? describeOption(option)
    : withExtra(option.description, [`default: ${limitsWithout(known)}`]);
};

export const RANGES = `
Limits are WARN,CRIT; one of them may be left out: 80 or ,95. Each is a range:
  80       alert above 80 (and below 0)      80:     below 80
  10:20    below 10 and above 20             ~:80    above 80 only
  @10:20   from 10 to 20, both included
Units are understood where the value has one: 80%, 5GB, 512MiB, 10MB/s, 90s, 2h.

Paths are group.field, or group[name].field for one of several, such as
memory.used_percent or 'filesystem[/var].used_percent'. What this machine has is
shown by "sysmon check --list-paths".`;

export const FILES = `
Files and environment:
  /var/log/sysmon/sysmon.log         the log of root, or of who may read it
  ~/.local/state/sysmon/sysmon.log   the log of others ($XDG_STATE_HOME)
  $SYSMON_LOG                        another place for it, for every command
  /etc/sysmon.yml                    options, named as on the command line
  ~/.config/sysmon/sysmon.yml        the same of one user ($XDG_CONFIG_HOME)`;

export const EXITS = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.`;
