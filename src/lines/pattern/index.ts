/** Pattern text → what finds the lines that match. */

import { UserError } from '../../exit.js';
import type { Matcher } from '../matcher.js';

export interface PatternOptions {
  /** One pattern each, or several with newlines between them; a line matches that matches any. */
  readonly patterns: readonly string[];
  readonly syntax: 'extended' | 'basic' | 'fixed';
  readonly ignoreCase: boolean;
  readonly wholeWord: boolean;
  readonly wholeLine: boolean;
  /** Lines end with NUL. */
  readonly zero: boolean;
}

/** A matcher for the patterns; throws UserError, kind usage, for text that is no pattern. */
export const compilePattern = (_options: PatternOptions): Matcher => {
  throw new UserError('patterns are not there yet');
};

/** The patterns in the text of an option: one a line. */
export const patternsOfText = (text: string): string[] => text.split('\n');

/** The patterns in a file: one a line; none in an empty file. */
export const patternsOfFile = (text: string): string[] =>
  text === '' ? [] : (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
