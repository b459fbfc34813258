/** The thresholds that have an option of their own: what it is called, and which rules it makes. */

import { DEFAULT_RULES } from './defaults.js';
import type { Unit } from './group.js';
import { file, log } from './outside.js';
import { above, below } from './range.js';
import type { Limits, Rule } from './rule.js';

export interface ThresholdOption {
  /** Without the dashes. */
  readonly name: string;
  readonly help: string;
  /** Its rules: path, titles, and the limits where none are typed. */
  readonly rules: readonly Rule[];
  /** Of its limits; a bare number where there is none. */
  readonly unit?: Unit;
  /** A plain number means above it, however far below zero the value is. */
  readonly signed?: boolean;
  /** A row may, or must, be named before the limits: `/var=80,90`. */
  readonly key?: {
    readonly what: 'mount point' | 'process name' | 'file';
    readonly needed?: true;
    readonly example: string;
  };
  /** Each limit is of something of its own: neither has to be the milder one. */
  readonly apart?: true;
  /** Which limit a single one is; the warning's where not given. */
  readonly single?: 'critical';
  /** Only the newest value can be judged, or only an average makes no sense: --for and --over leave it at that. */
  readonly only?: 'now' | 'no average';
}

const byName = (name: string): Rule => {
  const rule = DEFAULT_RULES.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`no default rule ${name}`);
  return rule;
};

/** Something that is judged only when asked for. */
const asked = (name: string, title: string, path: Rule['path'], limits: Limits): Rule => ({
  name,
  title,
  path,
  limits,
  measure: { kind: 'value' },
  missing: 'unknown',
  tooShort: 'unknown',
});

const upTo = (warning: number, critical: number, signed = false): Limits => ({
  warning: above(warning, signed),
  critical: above(critical, signed),
});

const pressure = (resource: string, title: string): Rule =>
  asked(
    `pressure ${resource}`,
    title,
    { group: 'pressure', field: `${resource}_waiting_percent` },
    upTo(40, 80),
  );

const mountpoint = { what: 'mount point', example: 'write --disk /var=80,90' } as const;

export const THRESHOLD_OPTIONS: readonly ThresholdOption[] = [
  { name: 'cpu', help: 'CPU in use, %', rules: [byName('cpu')], unit: 'percent' },
  { name: 'iowait', help: 'CPU time waiting for disks, %', rules: [byName('iowait')], unit: 'percent' },
  {
    name: 'steal',
    help: 'CPU time given to other machines, %',
    rules: [byName('steal')],
    unit: 'percent',
  },
  { name: 'load', help: 'load of 15 minutes, for each CPU', rules: [byName('load')] },
  { name: 'memory', help: 'memory in use, %', rules: [byName('memory')], unit: 'percent' },
  { name: 'swap', help: 'swap in use, %', rules: [byName('swap')], unit: 'percent' },
  {
    name: 'disk',
    help: 'space in use on each disk, or on the one that holds a path, %',
    rules: [byName('disk')],
    unit: 'percent',
    key: mountpoint,
  },
  {
    name: 'inodes',
    help: 'inodes in use on each disk, or on the one that holds a path, %',
    rules: [byName('inodes')],
    unit: 'percent',
    key: { ...mountpoint, example: 'write --inodes /var=80,90' },
  },
  {
    name: 'pressure',
    help: 'time that tasks waited for CPU, disk or memory, %',
    rules: [
      pressure('cpu', 'time waiting for a CPU'),
      pressure('io', 'time waiting for disks'),
      pressure('memory', 'time waiting for memory'),
    ],
    unit: 'percent',
  },
  {
    name: 'temperature',
    help: 'temperature of each sensor, °C',
    rules: [asked('temperature', 'temperature', { group: 'hwmon', field: 'celsius' }, upTo(80, 95, true))],
    unit: 'celsius',
    signed: true,
  },
  {
    name: 'network-errors',
    help: 'packets with errors on each interface, %',
    rules: [byName('network-errors')],
    unit: 'percent',
  },
  {
    name: 'process',
    help: 'how many processes of this name, or in this PID file, there are; a single range is the critical one',
    rules: [asked('process', 'processes', { group: 'process', field: 'count' }, { critical: below(1) })],
    key: { what: 'process name', needed: true, example: 'write --process nginx=1:' },
    only: 'no average',
    single: 'critical',
  },
  {
    name: 'file-age',
    help: 'time since a file was written to',
    rules: [asked('file-age', 'age of', { group: file.name, field: 'age_seconds' }, upTo(240, 600))],
    only: 'now',
    unit: 'seconds',
    key: { what: 'file', needed: true, example: 'write --file-age /var/backups/db=1d,2d' },
  },
  {
    name: 'log-age',
    help: 'time since the last record of the log',
    rules: [asked('log-age', 'age of the log', { group: log.name, field: 'age_seconds' }, upTo(300, 600))],
    only: 'now',
    unit: 'seconds',
  },
];
