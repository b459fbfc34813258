/** Labels as Prometheus writes them in messages. */

import { type Labels, pairsOf } from '../labels.js';
import { isPlainLabel, quote } from '../strings.js';

/** `{__name__="up", job="node"}` */
export const labelsText = (labels: Labels): string =>
  `{${pairsOf(labels)
    .map(([name, value]) => `${isPlainLabel(name) ? name : quote(name)}=${quote(value)}`)
    .join(', ')}}`;
