/** Styles as a terminal is told them: Select Graphic Rendition (ECMA-48, 8.3.117), for what it can show. */

import { type Colour, type Look, lookOf, type Style, THEME, type Theme } from './style.js';

/** How many colours the terminal has; `none` still has bold, dim, underline and reverse. */
export type Depth = 'none' | 16 | 256 | 'true';

const MIXED = 0x1000000;

/** The sixteen as xterm shows them; a terminal may have its own. */
const SIXTEEN = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000,
  0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
];

/** The six steps of a colour of xterm's cube. */
const STEPS = [0, 95, 135, 175, 215, 255];

/** Red, green and blue of a colour of the 256: sixteen, the cube of 216, 24 greys. */
const mixOf = (colour: number): number => {
  if (colour < 16) return SIXTEEN[colour] as number;
  if (colour >= 232) return (8 + (colour - 232) * 10) * 0x010101;
  const at = colour - 16;
  const step = (divisor: number): number => STEPS[Math.floor(at / divisor) % 6] as number;
  return (step(36) << 16) | (step(6) << 8) | step(1);
};

const distance = (one: number, other: number): number => {
  const red = (one >> 16) - (other >> 16);
  const green = ((one >> 8) & 0xff) - ((other >> 8) & 0xff);
  const blue = (one & 0xff) - (other & 0xff);
  return red * red + green * green + blue * blue;
};

const nearest = (mix: number, from: number, to: number): number => {
  let best = from;
  for (let colour = from + 1; colour < to; colour++)
    if (distance(mixOf(colour), mix) < distance(mixOf(best), mix)) best = colour;
  return best;
};

/** The nearest colour that the terminal has. The sixteen stay what they are: they are the person's own. */
export const reduceColour = (colour: Colour, depth: 16 | 256 | 'true'): Colour => {
  if (depth === 'true' || colour < 16) return colour;
  if (colour < MIXED) return depth === 256 ? colour : nearest(mixOf(colour), 0, 16);
  return depth === 256 ? nearest(colour & 0xffffff, 16, 256) : nearest(colour & 0xffffff, 0, 16);
};

/** `base` is 30 for the text, 40 behind it. */
const colourCode = (colour: Colour | undefined, base: 30 | 40, depth: Depth): string => {
  if (colour === undefined || depth === 'none') return '';
  const shown = reduceColour(colour, depth);
  if (shown < 8) return String(base + shown);
  if (shown < 16) return String(base + 52 + shown);
  if (shown < MIXED) return `${base + 8};5;${shown}`;
  return `${base + 8};2;${(shown >> 16) & 0xff};${(shown >> 8) & 0xff};${shown & 0xff}`;
};

/** What has to be said to come from one look to another, without the reset of all. */
const changes = (from: Look, to: Look, depth: Depth): string => {
  const codes: string[] = [];
  // Bold and dim are switched off by one code.
  const lighter = (from.bold && !to.bold) || (from.dim && !to.dim);
  if (lighter) codes.push('22');
  if (to.bold && (lighter || !from.bold)) codes.push('1');
  if (to.dim && (lighter || !from.dim)) codes.push('2');
  if ((to.underline === true) !== (from.underline === true)) codes.push(to.underline ? '4' : '24');
  if ((to.reverse === true) !== (from.reverse === true)) codes.push(to.reverse ? '7' : '27');
  const ink = colourCode(to.ink, 30, depth);
  if (ink !== colourCode(from.ink, 30, depth)) codes.push(ink || '39');
  const paper = colourCode(to.paper, 40, depth);
  if (paper !== colourCode(from.paper, 40, depth)) codes.push(paper || '49');
  return codes.join(';');
};

const shorter = (one: string, other: string): string => (one.length <= other.length ? one : other);

/** The bytes that turn one style into another; '' where both look the same. */
export const sgrBetween = (from: Style, to: Style, depth: Depth, theme: Theme = THEME): string => {
  const before = lookOf(from, theme);
  const after = lookOf(to, theme);
  const change = changes(before, after, depth);
  if (change === '') return '';
  const anew = changes({}, after, depth);
  return `\u001b[${shorter(anew === '' ? '' : `0;${anew}`, change)}m`;
};

/** The bytes that give a style whatever was set before. */
export const sgr = (style: Style, depth: Depth, theme: Theme = THEME): string => {
  const codes = changes({}, lookOf(style, theme), depth);
  return `\u001b[${codes === '' ? '' : `0;${codes}`}m`;
};

/** What the map has under the key, made when it is first asked for. */
const remember = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
};

/** A terminal's colours and a theme, with what was asked once remembered. */
export interface Pen {
  /** Gives the plain style, which a theme can colour too, whatever was set before. */
  readonly plain: string;
  readonly between: (from: Style, to: Style) => string;
  /** Whether a blank of this style can be told from empty screen. */
  readonly isSeen: (style: Style) => boolean;
}

export const openPen = (depth: Depth, theme: Theme = THEME): Pen => {
  const changesFrom = new Map<Style, Map<Style, string>>();
  const seen = new Map<Style, boolean>();
  return {
    plain: sgr(0, depth, theme),
    between: (from, to) => {
      if (from === to) return '';
      const changesTo = remember(changesFrom, from, () => new Map<Style, string>());
      return remember(changesTo, to, () => sgrBetween(from, to, depth, theme));
    },
    isSeen: (style) =>
      remember(seen, style, () => {
        const { paper, underline, reverse } = lookOf(style, theme);
        return (paper !== undefined && depth !== 'none') || underline === true || reverse === true;
      }),
  };
};
