/** Formats that wrap each line of another program in a line of their own. */

import type { LineContext, LineFormat } from '../format.js';
import type { LogLine } from '../line.js';

export interface Wrapped {
  /** The line inside, without its end. */
  readonly text: string;
  /** stdout or stderr: lines of one continue lines of the same only. */
  readonly stream: string;
  /** Whether the line inside was too long, so that the next line of the stream goes on with it. */
  readonly partial: boolean;
}

export interface Wrapper extends LineFormat {
  readonly unwrap: (line: string) => Wrapped | undefined;
  /** What a line would say if this text stood in it. */
  readonly parseAs: (line: string, text: string, context: LineContext) => LogLine | undefined;
}

export const isWrapper = (format: LineFormat): format is Wrapper => 'unwrap' in format;
