/** The machine as it is now, for a check: read once, and again where something takes two readings to be known. */

import { isShown } from '../core/aside.js';
import { whyFine } from '../core/judge.js';
import { selectRows } from '../core/rows.js';
import type { Rule } from '../core/rule.js';
import type { Reading, Row, Sample } from '../core/sample.js';
import { row, rowLike, rowsIn } from '../core/sample.js';
import { Sampler } from '../core/sampler.js';
import type { Wanted } from '../core/vital.js';
import type { Source } from '../vitals/source.js';
import { TREE_DEFAULTS, type TreeRoots } from '../vitals/tree.js';
import type { World } from '../world.js';

export interface MachineWish {
  readonly rules: readonly Rule[];
  readonly wanted: Wanted;
  /** Seconds between two readings of the machine. */
  readonly apart: number;
}

const FROM_ROOTFS = ['filesystem'];
const FROM_SYSFS = ['hwmon', 'hwmon_chip', 'thermal_zone', 'cooling_device', 'interface', 'network', 'disk'];

/** Groups that patterns pick rows of: a log may have been told other patterns. */
export const groupsPicked = ({ filters }: Wanted): readonly string[] => [
  ...(filters.filesystem ? ['filesystem'] : []),
  ...(filters.disk ? ['disk', 'disk_info', 'disk_filesystem', 'disk_mapper'] : []),
  ...(filters.network ? ['network', 'interface'] : []),
];

/** Groups that come from another place than the log's, where one is named without another kernel beside it. */
export const groupsMoved = ({ procfs, sysfs, rootfs }: TreeRoots): readonly string[] =>
  procfs !== TREE_DEFAULTS.procfs
    ? [] // Then the boot tells whose log it is.
    : [
        ...(rootfs === TREE_DEFAULTS.rootfs ? [] : FROM_ROOTFS),
        ...(sysfs === TREE_DEFAULTS.sysfs ? [] : FROM_SYSFS),
      ];

/** What a record says of a row now; a row that nobody looks at is in few records, and old. */
const current = (rows: readonly Row[], id: readonly string[]): Row | undefined => {
  const found = rowLike(rows, id);
  return found !== undefined && isShown(found) ? found : undefined;
};

/** The rows that are there now, with what a record knows of each besides. */
const join = (now: Reading, recorded: Reading | undefined): Reading => {
  if (!('rows' in now) || recorded === undefined || !('rows' in recorded)) return now;
  const rows = now.rows.map((one) => {
    const was = current(recorded.rows, one.id);
    return was === undefined ? one : row(one.id, { ...was.numbers, ...one.numbers }, one.texts);
  });
  return { group: now.group, rows };
};

const joinAll = (now: Sample, recorded: Sample | undefined): Sample => {
  if (recorded === undefined) return now;
  const readings = [...now.readings].map(
    ([name, one]) => [name, join(one, recorded.readings.get(name))] as const,
  );
  return { ...now, readings: new Map(readings) };
};

/** Whether a value that a rule asks for is still to come. */
const isIncomplete = (rule: Rule, now: Sample, recorded: Sample | undefined): boolean => {
  const { group, field } = rule.path;
  const rows = selectRows(rule, rowsIn(now, group)).rows.filter((one) => whyFine(rule, one) === undefined);
  const lacks = ({ numbers }: Row): boolean => !(field in numbers);
  if (rows.length > 0 && rows.every(lacks)) return true;
  // Another row than the record has: it was told other patterns, or this one has just come.
  return (
    recorded?.readings.has(group) === true &&
    rows.some((one) => lacks(one) && !current(rowsIn(recorded, group), one.id))
  );
};

/**
 * Reads groups of the machine: once, and again where a rule looks at something that takes two readings. `recorded` has
 * values of the last moments: what is in it need not be waited for.
 */
export const readMachine = async (
  { rules, wanted, apart }: MachineWish,
  groups: ReadonlySet<string>,
  recorded: Sample | undefined,
  source: Source,
  { clock }: World,
): Promise<{ readonly sample: Sample; readonly readings: number }> => {
  const { host, boot, vitals, patience } = source;
  const sampler = new Sampler({
    vitals,
    wanted,
    clock,
    host,
    boot,
    groups: (name) => groups.has(name),
    patience,
  });
  const take = (): Promise<Sample> => sampler.take({ time: clock.now(), detail: true, interval: apart });
  try {
    const first = joinAll(await take(), recorded);
    if (!rules.some((rule) => isIncomplete(rule, first, recorded))) return { sample: first, readings: 1 };
    await clock.sleep(apart * 1000);
    return { sample: await take(), readings: 2 };
  } finally {
    sampler.close();
  }
};
