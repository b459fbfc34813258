/** Where sysmon's own files are. */

import { accessSync, constants, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { World } from '../world.js';

const ROOT_LOG = '/var/log/sysmon/sysmon.log';

/** What is the machine's, and no user's: see `World.systemRoot`. */
const system = (world: World, path: string): string => join(world.systemRoot, path);

const home = (world: World): string => world.env['HOME'] ?? world.env['USERPROFILE'] ?? '/';

/** A set, absolute XDG folder, or the standard's default (XDG Base Directory Specification: relative ones are ignored). */
const xdg = (world: World, name: string, fallback: readonly string[]): string => {
  const set = world.env[name];
  return set?.startsWith('/') ? set : join(home(world), ...fallback);
};

/** Where this user's log is written unless told otherwise. */
export const defaultLog = (world: World): string => {
  const set = world.env['SYSMON_LOG'];
  if (set !== undefined && set !== '') return resolve(set);
  return world.uid === 0
    ? system(world, ROOT_LOG)
    : join(xdg(world, 'XDG_STATE_HOME', ['.local', 'state']), 'sysmon', 'sysmon.log');
};

/** Where sysmon keeps what it must remember between runs. */
export const stateFolder = (world: World): string =>
  world.uid === 0
    ? system(world, '/var/lib/sysmon')
    : join(xdg(world, 'XDG_STATE_HOME', ['.local', 'state']), 'sysmon');

/** When a file was last written to, ms since 1970; undefined where it is not there, or not ours to read. */
const writtenAt = (path: string): number | undefined => {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
};

/** The log to read when none is named: this user's own or root's, whichever may be read and goes on. */
export const findLog = (world: World, rootLog = system(world, ROOT_LOG)): string => {
  const own = defaultLog(world);
  if (world.env['SYSMON_LOG'] || own === rootLog) return own;
  const roots = writtenAt(rootLog);
  return roots === undefined || roots <= (writtenAt(own) ?? 0) ? own : rootLog;
};

/** Root's log where it is there for others than this user; undefined where it may be read, or is not there. */
export const closedLog = (rootLog = ROOT_LOG): string | undefined => {
  try {
    accessSync(rootLog, constants.R_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? rootLog : undefined;
  }
};

/** Configuration files, weakest first. */
export const configFiles = (world: World): readonly string[] => [
  system(world, '/etc/sysmon.yml'),
  join(xdg(world, 'XDG_CONFIG_HOME', ['.config']), 'sysmon', 'sysmon.yml'),
];
