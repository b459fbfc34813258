/** Which metrics a log can answer, told by its newest records. */

import type { Group, Unit } from '../../core/group.js';
import { createNamer } from '../../core/series-names.js';
import type { Metric } from '../../promql/series.js';
import type { OnProblem } from '../log-file.js';
import { openLog } from '../reader.js';
import { UP } from './wanted.js';

/** ms. What was not seen for so long is not offered. */
const NEWEST = 86_400_000;

/** A run's first sample has no rates, so its records are looked at up to the second newest detail, but no more than these. */
const DETAILS = 2;
const SAMPLES = 500;

const UP_METRIC: Metric = {
  name: UP,
  type: 'gauge',
  help: '1 at each moment of which there is a sample',
  unit: 'boolean',
};

/** A unit of what comes out; a scale makes another one, such as a ratio of a percentage. */
const unitOf = (unit: Unit, scale: number | undefined): Unit | undefined => {
  if (scale === undefined || scale === 1) return unit;
  return unit === 'percent' && scale === 0.01 ? 'ratio' : undefined;
};

export const metricsOf = (
  path: string,
  own: ReadonlyMap<string, Group>,
  onProblem: OnProblem,
): readonly Metric[] => {
  const log = openLog(path, own, onProblem);
  try {
    const name = createNamer();
    const known = new Map<string, Metric>();
    let newest: number | undefined;
    let [details, samples] = [0, 0];
    for (const record of log.newestFirst()) {
      if (record.kind !== 'sample') continue;
      newest ??= record.time;
      if (record.time < newest - NEWEST) break;
      name(record.sample, ({ family }, _, { unit, prometheus }) => {
        if (known.has(family.name)) return;
        const exported = unitOf(unit, prometheus?.scale);
        known.set(family.name, { ...family, ...(exported === undefined ? {} : { unit: exported }) });
      });
      if (record.sample.detail) details++;
      if (details === DETAILS || ++samples === SAMPLES) break;
    }
    if (newest !== undefined) known.set(UP, UP_METRIC);
    return [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  } finally {
    log.close();
  }
};
