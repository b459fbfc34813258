/** The options of `sysmon watch`, and what they mean. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Glyphs } from '../../core/glyphs.js';
import { nearestWord } from '../../core/nearest.js';
import { parseTime } from '../../core/time.js';
import { UserError } from '../../exit.js';
import type { Panel } from '../../screen/panel.js';
import { PANELS } from '../../screen/panels/index.js';
import type { Depth } from '../../screen/sgr.js';
import { THEME, type Theme } from '../../screen/style.js';
import { isRole, parseLook, themeWith } from '../../screen/theme.js';
import { SORTS, type Sort } from '../../screen/view.js';
import type { World } from '../../world.js';
import { colourLevel } from '../colour.js';
import * as option from '../options.js';

export interface WatchOptions extends Readonly<Record<string, unknown>>, option.SourceChoice {
  readonly interval: number;
  readonly count?: number;
  readonly file?: string;
  readonly from?: string;
  readonly only?: readonly string[];
  readonly sort: Sort;
  readonly cores?: boolean;
  readonly processArguments?: boolean;
  readonly once?: boolean;
  readonly plain?: boolean;
  readonly json?: boolean;
  readonly glyphs?: Glyphs;
  readonly color?: boolean;
  readonly look: readonly string[];
}

const panelNames = (text: string, before?: readonly string[]): readonly string[] => {
  const names = PANELS.map(({ name }) => name);
  const given = option.list(text, before);
  const unknown = given.find((name) => !names.includes(name));
  if (unknown === undefined) return given;
  const nearest = nearestWord(unknown, names);
  throw new InvalidArgumentError(
    nearest === undefined ? `There are: ${names.join(', ')}.` : `Did you mean ${nearest}?`,
  );
};

const look = (text: string, before: readonly string[] = []): readonly string[] => {
  const [, role = '', looks = ''] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (!isRole(role) || parseLook(looks) === undefined)
    throw new InvalidArgumentError('Give a role and how it looks, such as "warning=bold yellow".');
  return [...before, text];
};

export const addWatchOptions = (command: Command): Command =>
  command
    .optionsGroup('Samples:')
    .addOption(
      new Option('-i, --interval <time>', 'time between samples: seconds, 500ms, 1m')
        .argParser(option.duration(0.1, 3600))
        .default(1, '1'),
    )
    .option('--count <n>', 'stop after so many samples', option.count(1))
    .option('-f, --file <path>', 'show what this log recorded, its archives too')
    .option('--from <time>', 'begin here: 2h (ago), 14:00, yesterday 14:00, 2026-11-20T14:00')
    .option('--process-arguments', 'show process arguments too')
    .optionsGroup('The screen:')
    .option('--only <panels>', `only these: ${PANELS.map(({ name }) => name).join(', ')}`, panelNames)
    .addOption(new Option('--sort <by>', 'order of the processes').choices(SORTS).default('cpu'))
    .option('--cores', 'a line for each core')
    .addOption(
      new Option('--glyphs <kind>', 'what graphs are drawn with').choices(['braille', 'blocks', 'ascii']),
    )
    .addOption(
      new Option('--look <role=look>', 'how a part looks, such as "warning=bold yellow"')
        .argParser(look)
        .default([], 'the terminal’s own colours'),
    )
    .option('--color', 'colours even where it is no terminal')
    .option('--no-color', 'no colours')
    .optionsGroup('Instead of the screen:')
    .option('--once', 'one screen as text')
    .addOption(new Option('--plain', 'a line a sample; so too where output is no terminal').conflicts('once'))
    .addOption(new Option('--json', 'a record of the log a sample').conflicts(['once', 'plain']));

export const panelsFrom = (only: readonly string[] | undefined): readonly Panel[] =>
  only === undefined ? PANELS : PANELS.filter(({ name }) => only.includes(name));

const DEPTHS: readonly Depth[] = ['none', 16, 256, 'true'];

/** How many colours there are to draw with. */
export const depthFrom = (color: boolean | undefined, { stdout, env }: World): Depth =>
  DEPTHS[colourLevel(color, stdout, env)] as Depth;

export const themeFrom = (looks: readonly string[]): Theme => {
  const given = looks.map((text) => {
    const at = text.indexOf('=');
    return [text.slice(0, at), parseLook(text.slice(at + 1))] as const;
  });
  return looks.length === 0 ? THEME : themeWith(Object.fromEntries(given));
};

export const timeFrom = (text: string | undefined, now: number): number | undefined => {
  if (text === undefined) return undefined;
  const time = parseTime(text, now);
  if (time === undefined)
    throw new UserError(`"${text}" is no time`, {
      kind: 'usage',
      hint: 'Give 2h for so long ago, 14:00, yesterday 14:00 or 2026-11-20T14:00.',
    });
  return time;
};
