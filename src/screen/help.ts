/** All the keys, on a screen of their own. */

import { type Area, areaOf, put } from './cells.js';
import type { Scene } from './panel.js';
import { STYLE } from './style.js';

interface Section {
  readonly title: string;
  readonly keys: readonly (readonly [keys: string, does: string])[];
}

const SECTIONS: readonly Section[] = [
  {
    title: 'Screen',
    keys: [
      ['q, Ctrl-C', 'quit'],
      ['p, space', 'pause the screen; samples go on'],
      ['+ -', 'slower, faster samples'],
      ['1', 'a line for each core'],
      ['Tab', 'next panel, to be scrolled'],
      ['arrows, j k', 'scroll; also PgUp PgDn Home End'],
      ['Ctrl-L', 'draw it anew'],
      ['Ctrl-Z', 'to the shell; fg comes back'],
    ],
  },
  {
    title: 'Processes',
    keys: [
      ['P M T N n', 'sort by CPU, memory, time, pid, name'],
      ['/', 'only those with a text; Esc shows all'],
      ['f', 'freeze the list; again lets it go'],
    ],
  },
  {
    title: 'The past, from the log',
    keys: [
      ['left right', 'the sample before, after'],
      ['[ ]  { }', 'a minute, an hour back, on'],
      ['g', 'go to a time: 14:00, yesterday 14:00, 2h'],
      ['A a', 'the alert before, after'],
      ['space', 'play; + - change its speed'],
      ['l', 'back to now; in a file to its end'],
    ],
  },
  {
    title: 'Signs',
    keys: [
      ['!  !!', 'beyond the warning, critical limit'],
      ['-', 'not known'],
    ],
  },
];

const KEY_WIDTH = 14;
const SECTION_WIDTH = 58;

export const drawHelp = (area: Area, _: Scene): void => {
  const columns = area.width >= 2 * SECTION_WIDTH ? 2 : 1;
  const column = (index: number): Area =>
    areaOf(area, index * SECTION_WIDTH, 0, area.width - index * SECTION_WIDTH, area.height);
  let [index, y] = [0, 0];
  const total = SECTIONS.reduce((sum, { keys }) => sum + keys.length + 2, 0);
  // Where rows are few, what stands between sections goes first.
  const spaced = total <= area.height * columns;
  for (const { title, keys } of SECTIONS) {
    if (columns === 2 && index === 0 && y > 0 && y + keys.length + 2 > Math.ceil(total / 2) + 1)
      [index, y] = [1, 0];
    put(column(index), 0, y++, title, STYLE.title);
    for (const [key, does] of keys) {
      put(column(index), 2, y, key, STYLE.label);
      put(column(index), 2 + KEY_WIDTH, y++, does);
    }
    if (spaced) y++;
  }
};
