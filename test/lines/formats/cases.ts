/** Lines of real logs as data: cases/<format>.jsonl, one case a line, told by the file's name which format they are in. */

import { readdirSync, readFileSync } from 'node:fs';

export interface Case {
  /** Which program and version wrote the line, or which section of a specification it is quoted from. */
  readonly source: string;
  /** The line; of one that goes on over several lines, with newlines between them. */
  readonly line: string;
  /** ISO 8601, with as many digits as the line has; or null where it has none. */
  readonly time: string | null;
  readonly level: string | null;
  readonly message: string | null;
  /** Those of its fields that are looked at. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Of times that name no zone: minutes east of Greenwich; 0 where not given. */
  readonly zone?: number;
  /** Of times without a year; 2026-11-21T12:00:00Z where not given. */
  readonly notAfter?: string;
  /** What a file of only this line is taken for, where that is not the format it is in. */
  readonly recognised?: string;
}

const FOLDER = new URL('cases/', import.meta.url);

/** All cases by the name of their format. */
export const readCases = (): ReadonlyMap<string, readonly Case[]> =>
  new Map(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .map((name) => [
        name.slice(0, -'.jsonl'.length),
        readFileSync(new URL(name, FOLDER), 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as Case),
      ]),
  );
