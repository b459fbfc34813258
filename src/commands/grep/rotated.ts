/** The past of a log as logrotate leaves it (logrotate(8): numbers, dateext, compress). */

import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

interface Rotated {
  readonly name: string;
  readonly isDated: boolean;
  /** The number, or the digits of the date. */
  readonly order: number;
  readonly isPacked: boolean;
}

const NUMBERED = /^\.(\d{1,6})(\.gz)?$/;
/** `dateext` is -20261121, hourly -2026112113; `dateformat` may have a dot, dashes, or seconds since 1970 (%s). */
const DATED = /^[-.]((?:\d{4}-?\d{2}-?\d{2})(?:[-T]?\d{2,6})?|\d{10})(\.gz)?$/;

const rotatedAs = (log: string, name: string): Rotated | undefined => {
  if (!name.startsWith(log)) return undefined;
  const rest = name.slice(log.length);
  const [, digits, packed] = NUMBERED.exec(rest) ?? [];
  if (digits !== undefined)
    return { name, isDated: false, order: Number(digits), isPacked: packed !== undefined };
  const [, date, datePacked] = DATED.exec(rest) ?? [];
  if (date === undefined) return undefined;
  const order = Number(date.replace(/\D/g, '').padEnd(14, '0'));
  return { name, isDated: true, order, isPacked: datePacked !== undefined };
};

/**
 * Names among `names` that are the past of `log`, oldest first: the higher the number the older, the earlier the date the older, and
 * dated ones before numbered ones. Of a file that is there plain and compressed, as while logrotate is at work, the plain one.
 */
export const rotatedAmong = (log: string, names: readonly string[]): readonly string[] => {
  const found = names.flatMap((name) => rotatedAs(log, name) ?? []);
  return found
    .filter(({ name, isPacked }) => !isPacked || !names.includes(name.slice(0, -'.gz'.length)))
    .sort(
      (a, b) => Number(b.isDated) - Number(a.isDated) || (a.isDated ? a.order - b.order : b.order - a.order),
    )
    .map(({ name }) => name);
};

/** The files that are the past of the one at `path`, oldest first. */
export const rotatedFiles = (path: string): readonly string[] =>
  rotatedAmong(basename(path), readdirSync(dirname(path))).map((name) => join(dirname(path), name));
