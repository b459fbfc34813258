/** Looks as people write them into the config file: `bold red`, `#ff8800 on 17`, `reverse`. */

import { type Colour, type Look, ROLES, type Role, rgb, THEME, type Theme } from './style.js';

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const ATTRIBUTES = ['bold', 'dim', 'underline', 'reverse'] as const;

const isAttribute = (word: string): word is (typeof ATTRIBUTES)[number] =>
  (ATTRIBUTES as readonly string[]).includes(word);

/** `red`, `bright-red`, `0` to `255`, `#ff8800`; undefined for anything else. */
export const parseColour = (word: string): Colour | undefined => {
  const [, bright, name = ''] = /^(bright-)?([a-z]+)$/.exec(word) ?? [];
  const named = NAMES.indexOf(name);
  if (named >= 0) return bright === undefined ? named : named + 8;
  if (/^\d{1,3}$/.test(word) && Number(word) < 256) return Number(word);
  const [, red, green, blue] = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(word) ?? [];
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  return rgb(Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16));
};

/** Attributes, a colour, `on` and the colour behind it, in any order; `plain` or nothing is the terminal's own. Undefined for anything else. */
export const parseLook = (text: string): Look | undefined => {
  const look: { -readonly [K in keyof Look]: Look[K] } = {};
  const words = text.trim().toLowerCase().split(/\s+/);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '' || word === 'plain') continue;
    if (isAttribute(word)) {
      look[word] = true;
      continue;
    }
    const behind = word === 'on';
    const colour = parseColour(behind ? (words[++i] ?? '') : word);
    if (colour === undefined || (behind ? look.paper : look.ink) !== undefined) return undefined;
    if (behind) look.paper = colour;
    else look.ink = colour;
  }
  return look;
};

export const isRole = (name: string): name is Role => (ROLES as readonly string[]).includes(name);

/** The theme with some of its looks replaced as a whole. */
export const themeWith = (looks: Readonly<Partial<Record<Role, Look>>>): Theme => ({ ...THEME, ...looks });
