/** How lines of one kind are read: one file each in formats/, and a line in its index.ts. */

import type { LogLine } from './line.js';

export interface LineContext {
  /**
   * ms since 1970: a time without a year is the last such moment before this one, give or take a day; when the file was last
   * changed, or now.
   */
  readonly notAfter: number;
  /** Minutes east of Greenwich for times that name no zone; the local zone's own rules where not given. */
  readonly zone?: number;
}

export interface LineFormat {
  /** What `--format` calls it: `pino`, `logfmt`, `access`. */
  readonly name: string;
  /** What it is, in a few words, for `--explain`: `nginx and Apache access log, combined`. */
  readonly title: string;
  /** What a line says, without its line end; undefined where it is not of this format. Never throws. */
  readonly parse: (line: string, context: LineContext) => LogLine | undefined;
  /** The time alone, where that is cheaper than all of it; the same that `parse` would give. */
  readonly timeOf?: (line: string, context: LineContext) => number | undefined;
}
