/** `sysmon watch`: the vitals of this machine on the screen, now or as a log recorded them, or of another one through a pipe. */

import { resolve } from 'node:path';
import { cleanLines } from '../core/clean.js';
import type { Rule } from '../core/rule.js';
import type { Sample } from '../core/sample.js';
import { longestRate } from '../core/schedule.js';
import { UserError } from '../exit.js';
import { type Log, openLog } from '../logs/reader.js';
import { toText } from '../screen/as-text.js';
import { createGrid } from '../screen/cells.js';
import { drawScreen } from '../screen/draw.js';
import { HEADER_GROUPS } from '../screen/header.js';
import { FIRST_VIEW, type View } from '../screen/view.js';
import { GROUPS } from '../vitals/index.js';
import type { World } from '../world.js';
import type { CommandModule } from './command.js';
import { examples } from './command.js';
import { glyphsFrom } from './glyphs.js';
import { isRecorded, NOT_RECORDED } from './log-options.js';
import * as option from './options.js';
import { pastFor } from './past.js';
import { findLog } from './places.js';
import { addRuleOptions, processesOf, rulesFrom } from './rule-options.js';
import { openPlaces, placesIn, refuseSlips } from './rule-places.js';
import { openLive } from './watch/live.js';
import {
  addWatchOptions,
  depthFrom,
  panelsFrom,
  themeFrom,
  timeFrom,
  type WatchOptions,
} from './watch/options.js';
import { openPast } from './watch/past.js';
import { openPipe } from './watch/pipe.js';
import type { OnChange, Opener, Player } from './watch/player.js';
import { runSession } from './watch/session.js';

export const define: CommandModule['define'] = (command, run, world) => {
  addWatchOptions(command);
  addRuleOptions(command, NOT_RECORDED);
  option.addFilterOptions(command);
  option
    .addSourceOptions(command)
    .argument('[-]', 'read samples from a pipe: another machine’s `sysmon log --file -`')
    .addHelpText(
      'after',
      examples(
        ['sysmon watch', 'this machine; ? shows the keys'],
        ['sysmon watch --file vitals.log --from 2h', 'the past, as it was'],
        ['sysmon watch -', 'another machine: ssh web-1 sysmon log --file - | sysmon watch -'],
        ['sysmon watch --plain | tee vitals.txt', 'a line a sample, as vmstat has it'],
        ['sysmon watch --once', 'one screen as text'],
      ),
    );
  run(([input], options, isTyped) => watch(input, options as WatchOptions, isTyped('file'), world));
};

/** What the log has of the time that rules look back over; nothing where it is not this machine's, or of long ago. */
const recordedPast = (path: string, boot: string, rules: readonly Rule[], now: number): readonly Sample[] => {
  let log: Log | undefined;
  try {
    log = openLog(path, GROUPS);
    const groups = new Set(['system', ...rules.map((rule) => rule.path.group)]);
    const samples = pastFor(rules, log, groups, now);
    const last = samples.at(-1);
    const fresh = last !== undefined && now - last.time <= longestRate(last.interval ?? 0) * 1000;
    return fresh && last.boot === boot ? samples : [];
  } catch {
    return []; // The screen does without what it may not read.
  } finally {
    log?.close();
  }
};

/** `isTyped` is whether the call itself names a log: files only say where it is. */
const watch = async (
  input: string | undefined,
  options: WatchOptions,
  isTyped: boolean,
  world: World,
): Promise<number> => {
  if (input !== undefined && input !== '-')
    throw new UserError(`unexpected "${input}"`, {
      kind: 'usage',
      hint: `A log is shown with --file ${input}; - reads samples from a pipe.`,
    });
  const { clock } = world;
  const panels = panelsFrom(options.only);
  const charts = panels.flatMap((panel) => panel.charts ?? []);
  const from = timeFrom(options.from, clock.now());
  const log = options.file === undefined ? findLog(world) : resolve(options.file);
  const replays = isTyped || from !== undefined;
  if (input === '-' && replays)
    throw new UserError('a pipe has no past: leave out --file and --from, or the -', { kind: 'usage' });
  if (input === '-' && world.stdin.isTTY === true)
    throw new UserError('there is no pipe to read from', {
      kind: 'usage',
      hint: 'For example: ssh web-1 sysmon log --file - | sysmon watch -',
    });
  const problems: string[] = [];

  // What comes once a second is cheaper without all that makes a search through a log quick.
  let hurry = replays ? undefined : await world.stayLean();

  const past = (onChange: OnChange, time?: number): Player | string => {
    hurry?.();
    hurry = undefined;
    try {
      const onProblem = (message: string) => problems.push(message);
      const place = { file: log, ...(time === undefined ? {} : { from: time }) };
      const player = openPast(world, { ...place, charts, onChange, onProblem });
      if (player === undefined) return `there are no samples in ${log}: "sysmon log" records them`;
      const close = async (): Promise<void> => {
        player.close();
        if (!replays) hurry = await world.stayLean();
      };
      return { ...player, close: () => void close() };
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
  };

  const opener = await openerFor(input, options, world, { log, charts, replays, from, past });
  const view: View = {
    ...FIRST_VIEW,
    sort: options.sort,
    cores: options.cores === true,
    // Whoever recorded them wanted them.
    args: options.processArguments === true || replays || input === '-',
  };
  const glyphs = glyphsFrom(options.glyphs, world);
  if (options.json || options.plain || options.once || !world.stdout.isTerminal)
    return (await import('./watch/lines.js')).runLines(world, opener, {
      json: options.json === true,
      once: options.once === true,
      ...(options.count === undefined ? {} : { count: options.count }),
      ...(replays ? { replay: { file: log, from } } : {}),
      only: options.only,
      screen: ({ frame }) => {
        // The last row has the keys, and nobody presses any here.
        const grid = createGrid(world.stdout.columns(), world.stdout.rows() + 1);
        drawScreen(grid, { frame: frame(), view, glyphs }, panels);
        return toText(grid).replace(/.*\n$/, '');
      },
    });
  const tty = await world.openTty();
  if (tty === undefined) throw new UserError('there is no terminal to draw on', { hint: 'Use --plain.' });
  try {
    return await runSession(world, {
      tty,
      panels,
      glyphs,
      depth: depthFrom(options.color, world),
      theme: themeFrom(options.look),
      view,
      ...(options.count === undefined ? {} : { count: options.count }),
      open: opener,
      openPast: past,
    });
  } finally {
    tty.close();
    for (const problem of new Set(problems)) world.stderr.write(`sysmon watch: ${cleanLines(problem)}\n`);
  }
};

interface Opening {
  readonly log: string;
  readonly charts: Parameters<typeof openPipe>[1]['charts'];
  readonly replays: boolean;
  readonly from: number | undefined;
  readonly past: (onChange: OnChange, time?: number) => Player | string;
}

/** Makes ready what is looked at first; it begins when it is called. */
const openerFor = async (
  input: string | undefined,
  options: WatchOptions,
  world: World,
  { log, charts, replays, from, past }: Opening,
): Promise<Opener> => {
  if (input === '-') return (events) => openPipe(world, { charts, ...events });
  if (replays)
    return ({ onChange }) => {
      const player = past(onChange, from);
      if (typeof player === 'string') throw new UserError(player);
      return player;
    };
  const rules = openPlaces(options).resolve(rulesFrom(options, NOT_RECORDED).filter(isRecorded));
  refuseSlips(rules, GROUPS);
  const source = await option.sourceFrom(options, world);
  const shown = new Set([
    ...panelsFrom(options.only).flatMap(({ groups }) => groups),
    ...HEADER_GROUPS,
    ...rules.map(({ path }) => path.group),
  ]);
  return (events) =>
    openLive(world, {
      source,
      wanted: {
        ...option.wantedFrom(options, processesOf(options)),
        places: placesIn(rules),
        top: FIRST_PROCESSES,
      },
      groups: (name) => shown.has(name),
      rules,
      past: recordedPast(log, source.boot, rules, world.clock.now()),
      interval: options.interval,
      log,
      charts,
      ...events,
    });
};

/** Until the screen says how many it has room for. */
const FIRST_PROCESSES = 20;
