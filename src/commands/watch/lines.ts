/** Samples for whoever is no terminal: lines as vmstat prints them, records, or one screen as text. */

import type { Sample } from '../../core/sample.js';
import { EXIT, UserError } from '../../exit.js';
import { formatVitalsHeader, formatVitalsLine, VITALS_COLUMNS } from '../../formats/vitals-lines.js';
import { encodeRecord } from '../../logs/codec.js';
import { openLog } from '../../logs/reader.js';
import { GROUPS } from '../../vitals/index.js';
import type { World } from '../../world.js';
import type { Opener, Player } from './player.js';

export interface LinesOptions {
  readonly json?: boolean;
  readonly once?: boolean;
  readonly count?: number;
  /** Names of the panels whose columns are wanted, where not all are. */
  readonly only?: readonly string[] | undefined;
  /** The log to read instead of the machine, and from when on. */
  readonly replay?: { readonly file: string; readonly from: number | undefined };
  /** The screen of what a player shows, as text. */
  readonly screen: (player: Player) => string;
}

const dayOf = (time: number): string => {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

/** A line for a sample, with a header before it where one is due. */
const formatter = async (
  { stdout, clock }: World,
  { json, only }: LinesOptions,
): Promise<(sample: Sample) => string> => {
  if (json === true) {
    const { createLineMaker } = await import('../../logs/line.js');
    const lineOf = await createLineMaker(encodeRecord);
    let seq = 0;
    return (sample) => {
      const { time, host } = sample;
      seq = sample.seq ?? seq + 1;
      return lineOf({ kind: 'sample', time, host, sample }, seq);
    };
  }
  if (only?.some((name) => VITALS_COLUMNS.includes(name)) === false)
    throw new UserError(`lines have no column for ${only.join(', ')}`, {
      kind: 'usage',
      hint: `They have ${VITALS_COLUMNS.join(', ')}; --json has all.`,
    });
  let printed = 0;
  let day = dayOf(clock.now());
  return (sample) => {
    // Wide where nobody's screen ends.
    const layout = { width: stdout.isTerminal ? stdout.columns() : 200, only };
    const every = stdout.isTerminal ? Math.max(2, stdout.rows() - 3) : Number.POSITIVE_INFINITY;
    const header = printed % every === 0 ? formatVitalsHeader(layout) : '';
    printed++;
    // Times alone would not say of which day they are.
    const its = dayOf(sample.time);
    const date = its === day ? '' : `${its}\n`;
    day = its;
    return date + header + formatVitalsLine(sample, layout, -new Date(sample.time).getTimezoneOffset());
  };
};

/** Prints what the log has; a reader that goes away ends it. */
const printLog = async (world: World, options: LinesOptions): Promise<number> => {
  const { stdout } = world;
  const { file, from } = options.replay as NonNullable<LinesOptions['replay']>;
  const format = await formatter(world, options);
  const log = openLog(file, GROUPS);
  if (log.state() === 'missing') throw new UserError(`there is no log at ${file}`);
  let left = options.count ?? Number.POSITIVE_INFINITY;
  let found = false;
  try {
    for (const sample of log.samples(from === undefined ? {} : { since: from })) {
      found = true;
      stdout.write(format(sample));
      if (--left <= 0 || stdout.gone.aborted) break;
      await stdout.drained();
    }
  } finally {
    log.close();
  }
  if (!found)
    throw new UserError(`there are no samples in ${file}${from === undefined ? '' : ' from then on'}`);
  return EXIT.ok;
};

/** A machine's first sample has no rates: it is not shown where another follows. */
const UNRATED = 1;

/** Prints samples as they come until the count, a signal or the end of them; gives the exit code. */
export const runLines = async (world: World, open: Opener, options: LinesOptions): Promise<number> => {
  if (options.replay !== undefined && options.once !== true) return printLog(world, options);
  const { stdout } = world;
  const format = options.once ? undefined : await formatter(world, options);
  let finish: (code: number) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const finished = new Promise<number>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  let seen = 0;
  let printed = 0;
  const onSample = (sample: Sample): void => {
    seen++;
    if (format === undefined) return;
    if (player.frame().origin.kind === 'live' && seen <= UNRATED) return;
    if (printed === options.count) return;
    stdout.write(format(sample));
    if (++printed === options.count) finish(EXIT.ok);
  };
  const onChange = (): void => {
    if (options.once && seen > UNRATED) finish(EXIT.ok);
  };
  const undo = [
    world.onSignal('SIGINT', () => finish(EXIT.interrupted)),
    world.onSignal('SIGTERM', () => finish(EXIT.ok)),
  ];
  stdout.gone.addEventListener('abort', () => finish(EXIT.ok), { once: true });
  const player = open({ onChange, onSample });
  try {
    if (player.frame().origin.kind === 'replay') finish(EXIT.ok);
    player.ended?.then(() => finish(EXIT.ok), fail);
    const code = await finished;
    const { origin } = player.frame();
    if (seen === 0 && origin.kind === 'pipe' && origin.ended)
      throw new UserError('no samples came through the pipe', {
        hint: 'For example: ssh web-1 sysmon log --file - | sysmon watch -',
      });
    if (options.once && code === EXIT.ok) stdout.write(options.screen(player));
    return code;
  } finally {
    for (const off of undo) off();
    player.close();
  }
};
