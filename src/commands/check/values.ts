/** Judges values of this machine, its files and logs by thresholds. */

import { resolve } from 'node:path';
import { judgeAll, worst } from '../../core/judge.js';
import { matches } from '../../core/outside.js';
import type { Rule } from '../../core/rule.js';
import { rowsIn, type Sample } from '../../core/sample.js';
import { summarize } from '../../core/summary.js';
import type { Wanted } from '../../core/vital.js';
import { GROUPS } from '../../vitals/index.js';
import type { Source } from '../../vitals/source.js';
import type { TreeRoots } from '../../vitals/tree.js';
import type { World } from '../../world.js';
import { gather, type Wish } from '../evidence.js';
import { groupsMoved } from '../machine.js';
import { describeOrigin } from '../origin.js';
import { findLog } from '../places.js';
import { explainSlips, type openPlaces } from '../rule-places.js';
import type { LineWatch } from './line-options.js';
import type { Part } from './part.js';

/** A container's own limits count as all there is: whoever reads the percentages must know. */
const limitsIn = (sample: Sample): readonly string[] => {
  const limits = ['cpu', 'memory'].flatMap((group) => rowsIn(sample, group)[0]?.texts['limited_by'] ?? []);
  return [...new Set(limits)].map((cgroup) => `within the limits of ${cgroup}`);
};

export interface Values {
  readonly rules: readonly Rule[];
  readonly wanted: Wanted;
  /** Lines of other logs that count. */
  readonly watch: LineWatch | undefined;
  readonly places: ReturnType<typeof openPlaces>;
  /** What named the log. */
  readonly named: Wish['named'];
}

interface ValueOptions extends TreeRoots, Readonly<Record<string, unknown>> {
  readonly file?: string;
  readonly sample: number;
}

export const judgeValues = async (
  { rules, wanted, watch, places, named }: Values,
  source: Source,
  options: ValueOptions,
  world: World,
): Promise<Part> => {
  const counted =
    watch === undefined ? undefined : await (await import('./lines.js')).countLines(watch, world);
  const found = await gather(
    {
      rules,
      wanted,
      moved: groupsMoved(options),
      mountPointOf: places.mountPointOf,
      path: options.file === undefined ? findLog(world) : resolve(options.file),
      named,
      apart: options.sample,
      others: counted === undefined ? [] : [counted.reading],
    },
    source,
    world,
  );
  let verdicts = explainSlips(judgeAll(rules, found.evidence), GROUPS, places);
  if (
    source.kind === 'linux' &&
    verdicts.some(({ path, value }) => path.group === 'process' && value === 0)
  ) {
    const { explainProcesses } = await import('../explain-processes.js');
    verdicts = explainProcesses(verdicts, wanted.processes, options);
  }
  const { now } = found.evidence;
  return {
    time: now.time,
    host: now.host,
    state: worst(verdicts),
    summary: summarize(verdicts, now),
    source: [
      ...(counted === undefined ? [] : [counted.origin]),
      ...(verdicts.every(({ path }) => path.group === matches.name)
        ? []
        : [describeOrigin(found.origin, verdicts), ...limitsIn(now)]),
    ].join('; '),
    verdicts,
    ...(counted === undefined ? {} : { settle: counted.settle }),
  };
};
