/**
 * How a cell looks, as one small integer: the role its text plays, attributes and colours beside it.
 *
 * A style is a role of STYLE, with attributes added by `|`: `STYLE.warning | REVERSE`. Two roles are never joined.
 */

export type Style = number;

/** What text can be for; the theme says how each looks. */
export const ROLES = [
  'plain',
  'title',
  'label',
  'dim',
  'ok',
  'warning',
  'critical',
  'unknown',
  'graph',
  'graph2',
  'user',
  'system',
  'wait',
  'cache',
  'border',
  'selected',
  'key',
  'notice',
] as const;

export type Role = (typeof ROLES)[number];

export const STYLE = Object.fromEntries(ROLES.map((role, index) => [role, index])) as Readonly<
  Record<Role, Style>
>;

// Bits 0-5 the role, 6-9 attributes, 10-18 and 19-27 colour + 1 of the text and behind it.
const ROLE_BITS = 0x3f;
export const BOLD = 1 << 6;
export const DIM = 1 << 7;
export const UNDERLINE = 1 << 8;
export const REVERSE = 1 << 9;
const INK = 10;
const PAPER = 19;
const COLOUR_BITS = 0x1ff;

/** The style with this colour of the 256 for its text, whatever its role has. */
export const withInk = (style: Style, colour: number): Style =>
  (style & ~(COLOUR_BITS << INK)) | ((colour + 1) << INK);

/** The style with this colour of the 256 behind its text. */
export const withPaper = (style: Style, colour: number): Style =>
  (style & ~(COLOUR_BITS << PAPER)) | ((colour + 1) << PAPER);

/** A colour: 0-15 the terminal's own, 16-255 of xterm's palette, from `rgb` on a mixed one. */
export type Colour = number;

const MIXED = 0x1000000;

export const rgb = (red: number, green: number, blue: number): Colour =>
  MIXED | (red << 16) | (green << 8) | blue;

export interface Look {
  readonly ink?: Colour;
  readonly paper?: Colour;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly underline?: boolean;
  readonly reverse?: boolean;
}

export type Theme = Readonly<Record<Role, Look>>;

/** Colours are the terminal's own sixteen, so that they fit its background; those that mean something are also bold. */
export const THEME: Theme = {
  plain: {},
  title: { bold: true },
  label: { ink: 6 },
  dim: { dim: true },
  ok: { ink: 2 },
  warning: { ink: 3, bold: true },
  critical: { ink: 1, bold: true },
  unknown: { ink: 5 },
  graph: { ink: 6 },
  graph2: { ink: 5 },
  user: { ink: 2 },
  system: { ink: 1 },
  wait: { ink: 3 },
  cache: { ink: 4 },
  border: { dim: true },
  selected: { reverse: true },
  key: { reverse: true },
  notice: { reverse: true, bold: true },
};

/** How the style looks under the theme. */
export const lookOf = (style: Style, theme: Theme): Look => {
  const role = theme[ROLES[style & ROLE_BITS] ?? 'plain'];
  const ink = (style >> INK) & COLOUR_BITS;
  const paper = (style >> PAPER) & COLOUR_BITS;
  return {
    ...role,
    ...(ink > 0 && { ink: ink - 1 }),
    ...(paper > 0 && { paper: paper - 1 }),
    ...((style & BOLD) !== 0 && { bold: true }),
    ...((style & DIM) !== 0 && { dim: true }),
    ...((style & UNDERLINE) !== 0 && { underline: true }),
    ...((style & REVERSE) !== 0 && { reverse: true }),
  };
};

/** The style in words, for tests and whoever looks for a fault: `warning+reverse`. */
export const describeStyle = (style: Style): string => {
  const ink = (style >> INK) & COLOUR_BITS;
  const paper = (style >> PAPER) & COLOUR_BITS;
  return [
    ROLES[style & ROLE_BITS] ?? '?',
    ...((style & BOLD) !== 0 ? ['bold'] : []),
    ...((style & DIM) !== 0 ? ['dim'] : []),
    ...((style & UNDERLINE) !== 0 ? ['underline'] : []),
    ...((style & REVERSE) !== 0 ? ['reverse'] : []),
    ...(ink > 0 ? [`ink${ink - 1}`] : []),
    ...(paper > 0 ? [`paper${paper - 1}`] : []),
  ].join('+');
};
