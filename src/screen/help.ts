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
      ['Ctrl-L Ctrl-Z', 'draw it anew; to the shell, fg comes back'],
    ],
  },
  {
    title: 'Processes',
    keys: [
      ['P M T N n', 'sort by CPU, memory, time, pid, name'],
      ['/', 'only those with a text; Esc shows all'],
      ['f', 'freeze the list; again lets it go'],
      ['c', 'their arguments too, which can hold secrets'],
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
    keys: [['!  !!  -', 'beyond the warning, critical limit; not known']],
  },
];

const KEY_WIDTH = 14;
const SECTION_WIDTH = 58;

/** A title, a key with what it does, or nothing between two sections. */
type Line = string | readonly [keys: string, does: string];

const LINES: readonly (readonly Line[])[] = SECTIONS.map(({ title, keys }) => [title, ...keys]);

/** Columns of `height` rows; no section begins on the last row of one. */
const shareOut = (height: number, gap: readonly Line[]): readonly (readonly Line[])[] => {
  const columns: Line[][] = [[]];
  for (const section of LINES) {
    let column = columns.at(-1) as Line[];
    if (column.length > 0) column.push(...gap);
    if (column.length + 2 > height) columns.push([]);
    for (const line of section) {
      column = columns.at(-1) as Line[];
      if (column.length < height) column.push(line);
      else columns.push([line]);
    }
  }
  return columns;
};

/** The columns that are on the screen together, page by page. */
const pagesOf = ({ width, height }: Area): readonly (readonly (readonly Line[])[])[] => {
  const side = width >= 2 * SECTION_WIDTH ? 2 : 1;
  const spaced = shareOut(height, ['']);
  // Where rows are few, what stands between sections goes first.
  const columns = spaced.length <= side ? spaced : shareOut(height, []);
  return Array.from({ length: Math.ceil(columns.length / side) }, (_, page) =>
    columns.slice(page * side, (page + 1) * side),
  );
};

/** Draws the page that the view is at, and on the last row how to go on. */
export const drawHelp = (area: Area, { view }: Scene): void => {
  const body = areaOf(area, 0, 0, area.width, area.height - 1);
  const pages = pagesOf(body);
  const at = (view.help ?? 0) % pages.length;
  pages[at]?.forEach((column, index) => {
    const x = index * SECTION_WIDTH;
    column.forEach((line, y) => {
      if (typeof line === 'string') {
        put(body, x, y, line, STYLE.title);
        return;
      }
      put(body, x + 2, y, line[0], STYLE.label);
      put(body, x + 2 + KEY_WIDTH, y, line[1]);
    });
  });
  const more = pages.length === 1 ? '' : `space turns the page: ${at + 1} of ${pages.length}; `;
  put(area, 0, area.height - 1, `${more}any ${more === '' ? '' : 'other '}key goes back`, STYLE.dim);
};
