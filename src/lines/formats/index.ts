/** All formats of lines, the more telling before the more general: the first that fits most lines is what a file is in. */

import { nearestWord } from '../../core/nearest.js';
import { UserError } from '../../exit.js';
import type { LineFormat } from '../format.js';

/** What a single record is written in; also what may stand inside a container's line. */
const RECORDS: readonly LineFormat[] = [
  // JSON and logfmt, told by how they are built.
  // Access logs, syslog, error logs: told by their beginning.
  // Plain text last: it takes anything.
];

/** Formats that wrap the lines of another program. */
const WRAPPERS: readonly LineFormat[] = [];

export const FORMATS: ReadonlyMap<string, LineFormat> = new Map(
  [...WRAPPERS, ...RECORDS].map((format) => [format.name, format]),
);

/**
 * The format that `--format` names, except `auto`: one of FORMATS, several joined by `+` that are tried in turn for each line, or
 * `regex:(?<name>…)`. `openFormat(format.name)` gives the same format again. Throws UserError for any other word.
 */
export const openFormat = (spec: string): LineFormat => {
  const format = FORMATS.get(spec);
  if (format !== undefined) return format;
  const near = nearestWord(spec, FORMATS.keys());
  throw new UserError(`"${spec}" is not a format of lines`, {
    kind: 'usage',
    hint: near === undefined ? `known are ${[...FORMATS.keys()].join(', ')}` : `did you mean ${near}?`,
  });
};
