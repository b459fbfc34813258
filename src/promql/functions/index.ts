/** All functions, by name. */

import type { Implementation } from '../functions.js';
import { absentFunctions } from './absent.js';
import { countFunctions } from './counts.js';
import { dateFunctions } from './dates.js';
import { extremeFunctions } from './extremes.js';
import { histogramFunctions } from './histogram.js';
import { labelFunctions } from './labels.js';
import { mathFunctions } from './math.js';
import { quantileFunctions } from './quantiles.js';
import { rateFunctions } from './rate.js';
import { regressionFunctions } from './regression.js';
import { sumFunctions } from './sums.js';
import { varianceFunctions } from './variance.js';
import { vectorFunctions } from './vectors.js';

const tables: readonly Readonly<Record<string, Implementation>>[] = [
  absentFunctions,
  countFunctions,
  dateFunctions,
  extremeFunctions,
  histogramFunctions,
  labelFunctions,
  mathFunctions,
  quantileFunctions,
  rateFunctions,
  regressionFunctions,
  sumFunctions,
  varianceFunctions,
  vectorFunctions,
];

/** Undefined where there is none of that name. */
export const implementationOf = (name: string): Implementation | undefined => {
  for (const table of tables) if (Object.hasOwn(table, name)) return table[name];
  return undefined;
};
