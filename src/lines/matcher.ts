/** What a search looks for, over texts in which each character is a byte (`latin1`), whatever the bytes mean. */

export interface Matcher {
  /**
   * Offset of a character within the first line at or after the line start `from` that is a match, or -1. The text is whole lines, the last perhaps without its
   * end. Which lines match is exact; where in the line the offset lies is anywhere from its first character to its end.
   */
  readonly next: (text: string, from: number) => number;
  /** A byte that stands in every line that matches: a text without it need not be looked at. Not given where there is none. */
  readonly needed?: number;
  /** Where a line, without its end, matches: start and end of each match, one after the other, empty ones left out. */
  readonly spans: (line: string) => readonly number[];
}

/** Which lines are wanted for what they say: their time, level and fields. */
export interface Selector {
  /**
   * Like `Matcher.next`, but of lines that may be wanted: it may stop at one too many, never pass one over. Absent where
   * every line has to be looked at.
   */
  readonly next?: (text: string, from: number) => number;
  /** Whether a line, or a unit of several lines with the newlines between them, is wanted. UTF-8 already decoded. */
  readonly accept: (unit: string) => boolean;
}
