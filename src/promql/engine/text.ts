/** Labels as Prometheus writes them in messages. */

import { type Labels, pairsOf } from '../labels.js';
import { quote } from '../strings.js';

const PLAIN_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** `{__name__="up", job="node"}` */
export const labelsText = (labels: Labels): string =>
  `{${pairsOf(labels)
    .map(([name, value]) => `${PLAIN_NAME.test(name) ? name : quote(name)}=${quote(value)}`)
    .join(', ')}}`;
