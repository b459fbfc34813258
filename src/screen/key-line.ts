/** The last line: what is being typed, what is to be said, or which keys there are. */

import { type Area, fill, put } from './cells.js';
import type { Scene } from './panel.js';
import { STYLE } from './style.js';
import { putPieces } from './title.js';

type Hint = readonly [key: string, does: string];

const LIVE: readonly Hint[] = [
  ['q', 'quit'],
  ['?', 'help'],
  ['/', 'filter'],
  ['PMTN', 'sort'],
  ['1', 'cores'],
  ['p', 'pause'],
  ['←', 'past'],
  ['Tab', 'panel'],
  ['f', 'freeze'],
  ['+-', 'interval'],
  ['c', 'arguments'],
];

/** A pipe has no past, and the other end its own rhythm. */
const PIPE: readonly Hint[] = LIVE.filter(([, does]) => does !== 'past' && does !== 'interval');

const PAST: readonly Hint[] = [
  ['q', 'quit'],
  ['?', 'help'],
  ['←→', 'step'],
  ['[]', 'minute'],
  ['g', 'go to'],
  ['l', 'now'],
  ['space', 'play'],
  ['aA', 'alerts'],
  ['+-', 'speed'],
  ['{}', 'hour'],
  ['/', 'filter'],
];

const HINTS = { live: LIVE, replay: PAST, pipe: PIPE } as const;

const PROMPTS = { filter: 'Filter: ', go: 'Go to (14:00, yesterday 14:00, 2h): ' } as const;

/** Arrows that a font without them would show as boxes. */
const ascii = (text: string): string => text.replace('←→', '<>').replace('←', '<-');

export const drawKeys = (area: Area, { frame, view, glyphs }: Scene): void => {
  const { prompt, notice } = view;
  if (prompt !== undefined) {
    let x = put(area, 0, 0, PROMPTS[prompt.kind], STYLE.label);
    x += put(area, x, 0, prompt.text);
    put(area, x, 0, ' ', STYLE.selected);
    const does = prompt.error ?? 'Enter takes it, Esc leaves';
    put(area, Math.max(x + 2, area.width - does.length), 0, does, prompt.error ? STYLE.warning : STYLE.dim);
    return;
  }
  if (notice !== undefined) {
    fill(area, STYLE.notice);
    put(area, 0, 0, ` ${notice}`, STYLE.notice);
    return;
  }
  let x = 0;
  for (const [key, does] of HINTS[frame.origin.kind]) {
    const name = glyphs === 'ascii' ? ascii(key) : key;
    if (x + name.length + does.length + 2 > area.width) break;
    x += putPieces(area, x, 0, [
      { text: name, style: STYLE.key },
      { text: ` ${does}`, style: STYLE.dim },
    ]);
    x += 2;
  }
};
