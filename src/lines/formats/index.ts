/** All formats of lines, the more telling before the more general: of those that fit a file as well as any, the first is its format. */

import { nearestWord } from '../../core/nearest.js';
import { UserError } from '../../exit.js';
import type { LineFormat } from '../format.js';
import { access } from './access.js';
import { apacheError } from './apache-error.js';
import { cri, docker } from './container.js';
import { mysql, postgres, redis } from './databases.js';
import { dmesg } from './dmesg.js';
import { journal } from './journal.js';
import { klog } from './klog.js';
import { log4j } from './log4j.js';
import { logfmt } from './logfmt.js';
import { inTurn } from './mixed.js';
import { JSON_FORMATS } from './nested.js';
import { nginxError } from './nginx-error.js';
import { plain } from './plain.js';
import { python } from './python.js';
import { isRegexSpec, openRegex } from './regex.js';
import { syslog } from './syslog.js';

/** What a record is written in; also what may stand inside a container's line. */
const RECORDS: readonly LineFormat[] = [
  ...JSON_FORMATS,
  // Told by their beginning. The kernel's own lines before syslog, which takes anything with a priority.
  ...[access, nginxError, apacheError, dmesg, syslog, klog, postgres, mysql, redis, python, log4j],
  logfmt,
  // Last, as it takes anything.
  plain,
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
  // A pattern may have a plus of its own.
  if (isRegexSpec(spec)) return openRegex(spec);
  const formats = spec.split('+').map((name) => {
    const format = FORMATS.get(name);
    if (format === undefined) throw unknown(name);
    return format;
  });
  return formats.length === 1 ? (formats[0] as LineFormat) : inTurn(formats);
};
