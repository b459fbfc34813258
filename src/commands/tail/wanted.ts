/** From the options of a call to the lines that are wanted, and how they are shown. Loaded only where lines are asked for. */

import { UserError } from '../../exit.js';
import { openPalette } from '../../formats/palette.js';
import { openFormat } from '../../lines/formats/index.js';
import type { Level } from '../../lines/line.js';
import { compilePattern, plainPattern } from '../../lines/pattern/index.js';
import { parseWhere } from '../../lines/where/index.js';
import type { World } from '../../world.js';
import { colourLevel } from '../colour.js';
import { runLines } from './lines.js';
import type { LinesCall } from './lines-call.js';
import { openPrinter } from './printer.js';
import type { Wanted } from './reading.js';
import { openFieldsSink, openJsonSink, openPeopleSink, openRawSink, type Sink } from './sinks.js';
import type { Source } from './source.js';

type Options = Readonly<Record<string, unknown>>;

/** What a call of lines has in common with one of bytes. */
type Call = Pick<LinesCall, 'sources' | 'amount' | 'separator' | 'wish' | 'later' | 'say' | 'signal'>;

export interface View {
  /** Whether lines are shown for people. */
  readonly isPeople: boolean;
  readonly withHeaders: boolean;
  /** Whether standard input may go on for ever. */
  readonly isLive: boolean;
}

/** Shows the lines that the options ask for; gives the exit code. */
export const runWanted = async (world: World, call: Call, options: Options, view: View): Promise<number> => {
  const format = options['format'] as string | undefined;
  return runLines(world, {
    ...call,
    wanted: wantedOf(options),
    format: format === undefined || format === 'auto' ? undefined : openFormat(format),
    multiline: options['multiline'] !== false,
    zone: options['utc'] === true ? 0 : undefined,
    merge: options['merge'] === true,
    archives: options['archives'] === true,
    live: view.isLive,
    sink: await openSink(world, options, call.sources, view),
  });
};

const wantedOf = (options: Options): Wanted => {
  const { since, until, level, where, grep } = options as {
    since?: number;
    until?: number;
    level?: Level;
    where?: string;
    grep?: readonly string[];
  };
  if (since !== undefined && until !== undefined && since > until)
    throw new UserError('--since is later than --until', { kind: 'usage' });
  return {
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(level !== undefined && { level }),
    ...(where !== undefined && { where: parseWhere(where) }),
    ...(grep !== undefined && {
      grep: compilePattern(
        plainPattern({
          patterns: grep,
          ignoreCase: options['ignoreCase'] === true,
          zero: options['zeroTerminated'] === true,
        }),
      ),
    }),
  };
};

const openSink = async (
  world: World,
  options: Options,
  sources: readonly Source[],
  { isPeople, withHeaders }: View,
): Promise<Sink> => {
  const only = options['fields'] as readonly string[] | undefined;
  const choice = { ...(only && { only }), hide: new Set((options['hide'] as readonly string[]) ?? []) };
  if (options['json'] === true) return openJsonSink(world, sources.length > 1, choice);
  if (isPeople)
    return openPeopleSink(world, {
      palette: await openPalette(
        colourLevel(options['color'] as boolean | undefined, world.stdout, world.env),
      ),
      choice,
      utc: options['utc'] === true,
      sources,
      isNamed: withHeaders,
    });
  const printer = openPrinter(world, withHeaders);
  return only === undefined ? openRawSink(printer) : openFieldsSink(printer, choice);
};
