/** One line of any log, and what of it is understood. */

/** pino's names, from the least to the most serious; other formats' words and numbers are brought to these. */
export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

export type Level = (typeof LEVELS)[number];

/** What a field may hold: as JSON has it. Formats that know no types give texts. */
export type Value = string | number | boolean | null | readonly Value[] | Fields;

/** Fields in the order in which they stand. */
export interface Fields {
  readonly [name: string]: Value;
}

/** What cannot be told is absent: a line without a time has none, and nobody makes one up. */
export interface LogLine {
  /** ms since 1970, with a fraction where the line is finer. */
  readonly time?: number;
  readonly level?: Level;
  /** What a person would read first. */
  readonly message?: string;
  /** All that is named, time, level and message under their own names included, nested where the line nests. */
  readonly fields: Fields;
}
