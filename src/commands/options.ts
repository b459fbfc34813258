/** Options that several commands share, and parsers that say what a good value looks like. */

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { formatDuration, parseDuration, parseSize } from '../core/duration.js';
import { nearestWord } from '../core/nearest.js';
import { processName } from '../core/threshold.js';
import { parseTime } from '../core/time.js';
import type { Filter, ProcessSelector, Wanted } from '../core/vital.js';
import { systemReason, UserError } from '../exit.js';
import { levelOf } from '../lines/levels.js';
import { LEVELS, type Level } from '../lines/line.js';
import { openSource, type Source, type SourceKind } from '../vitals/source.js';
import { TREE_DEFAULTS } from '../vitals/tree.js';
import type { World } from '../world.js';

const fail = (message: string): never => {
  throw new InvalidArgumentError(message);
};

/** A duration of at least `least` and at most `most` seconds; a bare number is seconds. */
export const duration =
  (least: number, most = Number.POSITIVE_INFINITY) =>
  (text: string): number => {
    const seconds = parseDuration(text, 's');
    if (seconds === undefined) return fail('Give seconds or a duration such as 500ms, 5s, 10m, 2h or 7d.');
    if (seconds < least) return fail(`It must be at least ${formatDuration(least)}.`);
    if (seconds > most) return fail(`It must be at most ${formatDuration(most)}.`);
    return seconds;
  };

/** ms since 1970, of a time as people type it. */
export const moment =
  ({ clock }: World) =>
  (text: string): number =>
    parseTime(text, clock.now()) ??
    fail(
      'Give a time such as 14:00, "yesterday 14:00" or 2026-11-21T14:00, or how long ago, such as 30s or 2h.',
    );

/** A level by any word that logs have for it. */
export const level = (text: string): Level => {
  const near = nearestWord(text.toLowerCase(), LEVELS);
  return (
    levelOf(text) ??
    fail(`Give one of ${LEVELS.join(', ')}${near === undefined ? '.' : `; did you mean ${near}?`}`)
  );
};

/** Bytes, from `10MB`, `1GiB` or a bare number. */
export const size =
  (least: number) =>
  (text: string): number => {
    const bytes = parseSize(text);
    if (bytes === undefined) return fail('Give bytes or a size such as 512K, 10MB or 1GiB.');
    if (bytes < least) return fail(`It must be at least ${least} bytes.`);
    return bytes;
  };

export const count =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isNaN(value)) return fail('Give a whole number.');
    if (value < least || value > most) {
      return fail(
        most === Number.MAX_SAFE_INTEGER
          ? `It must be at least ${least}.`
          : `It must be ${least} to ${most}.`,
      );
    }
    return value;
  };

/** Comma-separated words; the option may be repeated. */
export const list = (text: string, before: readonly string[] = []): readonly string[] => {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  return words.length === 0 ? fail('Give one name or more, separated by commas.') : [...before, ...words];
};

/** A repeatable option, each value as it stands. */
export const repeat = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** Where the machine is read from. */
export const addSourceOptions = (command: Command): Command =>
  command
    .optionsGroup('The machine:')
    .option('--procfs <dir>', 'read the kernel from here', '/proc')
    .option('--sysfs <dir>', 'read devices from here', '/sys')
    .option('--rootfs <dir>', 'where the / of the machine is seen: for containers', '/')
    .addOption(
      new Option('--source <kind>', 'how vitals are read')
        .choices(['auto', 'linux', 'portable'])
        .default('auto'),
    );

export interface SourceChoice {
  readonly source: SourceKind;
  readonly procfs: string;
  readonly sysfs: string;
  readonly rootfs: string;
}

/** Throws a UserError where there is no such directory. */
const checkDirectory = (option: string, path: string): void => {
  let reason = 'it is not a directory';
  try {
    if (statSync(path).isDirectory()) return;
  } catch (error) {
    reason = systemReason(error);
  }
  throw new UserError(`${option} ${path}: ${reason}`);
};

/** The machine that the options of `addSourceOptions` name; `mustEnd` where no hanging driver may hold the process. */
export const sourceFrom = async (
  choice: SourceChoice,
  world: World,
  { mustEnd = false } = {},
): Promise<Source> => {
  const { source, procfs, sysfs, rootfs } = choice;
  const { platform, hostname, clock } = world;
  const roots = { procfs, sysfs, rootfs };
  // A machine may have no /sys, and says so by what is absent. A directory that somebody named is there, or is a mistake.
  for (const name of ['sysfs', 'rootfs'] as const)
    if (roots[name] !== TREE_DEFAULTS[name]) checkDirectory(`--${name}`, roots[name]);
  try {
    return await openSource({ kind: source, roots, platform, hostname, now: clock.now, mustEnd });
  } catch (error) {
    const { path, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined || procfs === TREE_DEFAULTS.procfs) throw error;
    throw new UserError(`--procfs ${procfs} is not the kernel's: ${path}: ${systemReason(error)}`, {
      cause: error,
    });
  }
};

/** Which parts of the machine are let in. */
export const addFilterOptions = (command: Command): Command =>
  command
    .optionsGroup('What counts as mine:')
    .option('--mounts <patterns>', 'only these mount points: names with * and ?, separated by commas', list)
    .option('--except-mounts <patterns>', 'not these mount points', list)
    .option('--disks <patterns>', 'only these disks', list)
    .option('--except-disks <patterns>', 'not these disks', list)
    .option('--interfaces <patterns>', 'only these network interfaces', list)
    .option('--except-interfaces <patterns>', 'not these network interfaces', list);

type Options = Readonly<Record<string, unknown>>;

const filterFrom = (only: unknown, except: unknown): Filter | undefined =>
  only === undefined && except === undefined
    ? undefined
    : {
        ...(only === undefined ? {} : { only: only as readonly string[] }),
        ...(except === undefined ? {} : { except: except as readonly string[] }),
      };

/** `nginx`, or a PID file's path: anything with a slash. Throws a UserError where that names no file. */
export const processSelector = (text: string): ProcessSelector => {
  if (!text.includes('/')) return { name: text };
  if (processName(text) === '')
    throw new UserError(`--process ${text}: expected a process name or the path of a PID file`, {
      kind: 'usage',
    });
  return { name: processName(text), pidFile: resolve(text) };
};

/** Each once. Throws a UserError where two would be one in the record. */
const processSelectors = (texts: readonly string[]): readonly ProcessSelector[] => {
  const byName = new Map<string, ProcessSelector>();
  for (const text of texts) {
    const selector = processSelector(text);
    const { name, pidFile } = selector;
    const other = byName.get(name);
    if (other !== undefined && other.pidFile !== pidFile)
      throw new UserError(
        `both ${other.pidFile ?? name} and ${pidFile ?? name} would be the process "${name}"`,
        { kind: 'usage', hint: 'Watch one of them, or let a link with another name lead to the PID file.' },
      );
    byName.set(name, selector);
  }
  return [...byName.values()];
};

/** What the options of a command want to have read. */
export const wantedFrom = (options: Options, processes: readonly string[]): Wanted => {
  const filesystem = filterFrom(options['mounts'], options['exceptMounts']);
  const disk = filterFrom(options['disks'], options['exceptDisks']);
  const network = filterFrom(options['interfaces'], options['exceptInterfaces']);
  return {
    top: (options['top'] as number | undefined) ?? 5,
    processArguments: options['processArguments'] === true,
    processes: processSelectors(processes),
    filters: {
      ...(filesystem && { filesystem }),
      ...(disk && { disk }),
      ...(network && { network }),
    },
  };
};
