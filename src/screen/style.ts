/**
 * How a cell looks, as one small integer: the role its text plays, and attributes beside it; colours are the theme's.
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

// Bits 0-5 the role, 6-9 attributes.
const ROLE_BITS = 0x3f;
export const BOLD = 1 << 6;
export const DIM = 1 << 7;
export const UNDERLINE = 1 << 8;
export const REVERSE = 1 << 9;

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
  return {
    ...role,
    ...((style & BOLD) !== 0 && { bold: true }),
    ...((style & DIM) !== 0 && { dim: true }),
    ...((style & UNDERLINE) !== 0 && { underline: true }),
    ...((style & REVERSE) !== 0 && { reverse: true }),
  };
};

/** The style in words, for tests and whoever looks for a fault: `warning+reverse`. */
export const describeStyle = (style: Style): string =>
  [
    ROLES[style & ROLE_BITS] ?? '?',
    ...((style & BOLD) !== 0 ? ['bold'] : []),
    ...((style & DIM) !== 0 ? ['dim'] : []),
    ...((style & UNDERLINE) !== 0 ? ['underline'] : []),
    ...((style & REVERSE) !== 0 ? ['reverse'] : []),
  ].join('+');
