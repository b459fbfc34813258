/** What rotations leave of a log beside it, told by the names: logrotate's (8) numbers, dateext, extension and compress, and what others do alike. */

import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface RotatedName {
  readonly name: string;
  /** What stands before the mark: `.` in `app.log.1`. */
  readonly separator: string;
  /** What the rotation has put into the name: a number, a date, a word. */
  readonly mark: string;
  /** `count`: how often it was rotated, so that the highest is the oldest. `other`: words, serial numbers; of any length and kind. */
  readonly kind: 'count' | 'date' | 'other';
  /** `.gz` and its like; empty for what is plain. */
  readonly packing: string;
}

/** Numbers, dates, times; and what is left beside a file once only. */
const MARK = /^([.\-_])((?:\d[\dTZ:._+-]*)|old|bak)(\.(?:gz|bz2|xz|zst|lz4|Z))?$/;

const COUNT = /^\d{1,5}$/;

/** `dateext` is 20261121, hourly 2026112113; `dateformat` may have dots, dashes, or seconds since 1970 (%s). */
const DATE = /^(?:\d{4}[-.]?\d{2}[-.]?\d{2}(?:[-_.T]?\d{2}[\d:.-]*Z?)?|\d{10})$/;

/** What a rotation made of `log` where `name` is that; undefined for any other name. */
export const rotatedAs = (log: string, name: string): RotatedName | undefined => {
  const dot = log.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [log.slice(0, dot), log.slice(dot)] : [log, ''];
  if (!name.startsWith(stem) || name === log) return undefined;
  const direct = name.startsWith(log) ? MARK.exec(name.slice(log.length)) : null;
  // logrotate's `extension` keeps the end of the name where it was.
  const at = extension === '' ? -1 : name.lastIndexOf(extension);
  const within =
    at > stem.length ? MARK.exec(name.slice(stem.length, at) + name.slice(at + extension.length)) : null;
  const [, separator, mark, packing = ''] = direct ?? within ?? [];
  if (separator === undefined || mark === undefined) return undefined;
  const kind = COUNT.test(mark) ? 'count' : DATE.test(mark) ? 'date' : 'other';
  return { name, separator, mark, kind, packing };
};

type Mark = Pick<RotatedName, 'mark' | 'kind'>;

const digits = (mark: string): string => mark.replace(/\D/g, '');

/** Which of two is the older one, as for `sort`: counts count down, dates and serial numbers up. Undefined where the names do not say. */
export const compareMarks = (a: Mark, b: Mark): number | undefined => {
  if (a.kind === 'count' && b.kind === 'count') return Number(b.mark) - Number(a.mark);
  if (a.kind === 'count' || b.kind === 'count') return undefined;
  const [early, late] = [digits(a.mark), digits(b.mark)];
  if (early === '' || late === '') return undefined;
  return early < late ? -1 : early > late ? 1 : 0;
};

/** Whether a name alone says that a file is the log's past. `app-1.log` may be the log of another one, and `app.log.bak` anything. */
const isSure = ({ kind, separator, packing }: RotatedName): boolean =>
  (kind === 'date' || (kind === 'count' && separator === '.')) && (packing === '' || packing === '.gz');

/**
 * Names among `names` that are the past of `log` and can be read, oldest first; dated ones before numbered ones. Of a file that is there plain and
 * compressed, as while logrotate is at work, the plain one.
 */
export const rotatedAmong = (log: string, names: readonly string[]): readonly string[] =>
  names
    .flatMap((name) => rotatedAs(log, name) ?? [])
    .filter(isSure)
    .filter(({ name, packing }) => packing === '' || !names.includes(name.slice(0, -packing.length)))
    .sort((a, b) => compareMarks(a, b) ?? (a.kind === 'date' ? -1 : 1))
    .map(({ name }) => name);

/** The files that are the past of the one at `path`, oldest first. Throws what the system says. */
export const rotatedFiles = (path: string): readonly string[] =>
  rotatedAmong(basename(path), readdirSync(dirname(path))).map((name) => join(dirname(path), name));
