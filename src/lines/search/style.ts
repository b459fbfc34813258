/** The marks that GNU grep puts around the parts of a line where colour is asked for (its manual: GREP_COLORS' defaults). */

const start = (code: string): string => `\x1b[${code}m\x1b[K`;

export const END = '\x1b[m\x1b[K';

export const STYLE = {
  match: start('01;31'),
  name: start('35'),
  number: start('32'),
  separator: start('36'),
} as const;

/** A text in a style; as it is without one. */
export const styled = (style: string, text: string, isOn: boolean): string =>
  isOn ? `${style}${text}${END}` : text;
