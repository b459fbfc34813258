/** All formats of lines, the more telling before the more general: of those that fit a file as well as any, the first is its format. */

import { nearestWord } from '../../core/nearest.js';
import { UserError } from '../../exit.js';
import type { LineFormat } from '../format.js';
import { cri, docker } from './container.js';
import { journal } from './journal.js';
import { logfmt } from './logfmt.js';
import { inTurn } from './mixed.js';
import { JSON_FORMATS } from './nested.js';

/** What a record is written in; also what may stand inside a container's line. */
const RECORDS: readonly LineFormat[] = [
  ...JSON_FORMATS,
  // Access logs, syslog, error logs: told by their beginning.
  logfmt,
  // Plain text last: it takes anything.
];

/** Formats that wrap the lines of another program come first: what is inside would fit as well. */
export const FORMATS: ReadonlyMap<string, LineFormat> = new Map(
  [journal, docker(RECORDS), cri(RECORDS), ...RECORDS].map((format) => [format.name, format]),
);

const unknown = (spec: string): UserError => {
  const near = nearestWord(spec, FORMATS.keys());
  const hint = near === undefined ? `known are ${[...FORMATS.keys()].join(', ')}` : `did you mean ${near}?`;
  return new UserError(`"${spec}" is not a format of lines`, { kind: 'usage', hint });
};

/**
 * The format that `--format` names, except `auto`: one of FORMATS, several joined by `+` that are tried in turn for each line, or
 * `regex:(?<name>…)`. `openFormat(format.name)` gives the same format again. Throws UserError for any other word.
 */
export const openFormat = (spec: string): LineFormat => {
  const formats = spec.split('+').map((name) => {
    const format = FORMATS.get(name);
    if (format === undefined) throw unknown(name);
    return format;
  });
  return formats.length === 1 ? (formats[0] as LineFormat) : inTurn(formats);
};
