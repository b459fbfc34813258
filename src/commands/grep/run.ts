/** A call of grep from its files to its exit code, by GNU grep's rules. */

import { fstatSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { clean, cleanLines } from '../../core/clean.js';
import { GREP_EXIT } from '../../exit.js';
import { openCollector, openPieces, SMALL } from '../../lines/search/collect.js';
import { canSplit, searchInThreads } from '../../lines/search/crew.js';
import { openEngine } from '../../lines/search/engine.js';
import { type Feed, fileFeed } from '../../lines/search/feed.js';
import type { SearchPlan, Traits } from '../../lines/search/plan.js';
import { nameHead } from '../../lines/search/print.js';
import { STYLE, styled } from '../../lines/search/style.js';
import type { World } from '../../world.js';
import { isTooOld, narrow, openChain, openFile, openStdin, type Text } from '../texts/open.js';
import { peek, type Recognition, traitsOf } from '../texts/traits.js';
import type { Request } from './request.js';
import { needsNames, type Source, sourcesOf } from './sources.js';
import { talliesText } from './tallies.js';
import { openTrouble, type Trouble } from './trouble.js';

/** Whether what is written would be read again: the text is the very file that the output goes to. */
const isOutput = ({ stat }: Text, { scan }: SearchPlan, { stdout }: World): boolean => {
  if (stat?.isFile() !== true || stdout.descriptor === undefined) return false;
  if (scan.quiet || scan.most <= 1) return false;
  const out = fstatSync(stdout.descriptor);
  return out.isFile() && out.dev === stat.dev && out.ino === stat.ino;
};

/** Whether lines are read for what they say. */
const readsLines = ({ plan, explain, format }: Request): boolean =>
  plan.selection !== undefined ||
  plan.multiline ||
  plan.output.kind === 'fields' ||
  plan.output.kind === 'tally' ||
  (plan.output.kind === 'json' && format !== 'auto') ||
  explain;

const NEWLINE = 10;

/** Whether a part of a file can stand for the whole: nothing is told of lines that were not read. It is sought by lines that end with newlines. */
const mayNarrow = ({ scan, print, output }: SearchPlan): boolean =>
  scan.eol === NEWLINE &&
  !print.numbers &&
  output.kind !== 'json' &&
  scan.before === undefined &&
  scan.after === undefined;

/** Opens a source, and tells how its lines are read where that matters. */
const openSource = async (
  { paths }: Source,
  request: Request,
  world: World,
  trouble: Trouble,
): Promise<{ readonly text: Text; readonly traits: Recognition | undefined }> => {
  const { plan, format, zone } = request;
  const reads = readsLines(request);
  const times = mayNarrow(plan) ? (plan.selection ?? {}) : {};
  const recent = paths?.filter((path) => !isTooOld(path, times)) ?? [];
  const tell = (head: Buffer, { fd, stat }: Text): Recognition => {
    const file = fd === undefined || stat === undefined ? undefined : { fd, stat };
    return traitsOf(head, file, stat?.isFile() ? stat.mtimeMs : undefined, {
      format,
      zone,
      now: world.clock.now(),
    });
  };
  // The newest tells how all are read.
  const newest = paths?.at(-1);
  const open = newest === undefined ? openStdin(world) : openFile(newest, times);
  if (!reads) {
    if (paths === undefined || paths.length <= 1) return { text: open, traits: undefined };
    open.feed.close();
    return { text: openChain(paths, plan.scan.eol, openFile, trouble.about), traits: undefined };
  }
  const peeked = await peek(open.feed).catch((error) => {
    open.feed.close();
    throw error;
  });
  const traits = tell(peeked.head, open);
  if (paths === undefined) return { text: { ...open, feed: peeked.feed }, traits };
  if (paths.length === 1 && recent.length === 1)
    return {
      text:
        open.fd === undefined
          ? { ...open, feed: peeked.feed }
          : narrow({ ...open, feed: fileFeed(open.fd, { start: 0 }) }, times, traits),
      traits,
    };
  open.feed.close();
  const narrowed = (path: string): Text => narrow(openFile(path, times), times, traits);
  if (recent.length === 1) return { text: narrowed(recent[0] as string), traits };
  return { text: openChain(recent, plan.scan.eol, narrowed, trouble.about), traits };
};

export const runGrep = async (request: Request, world: World): Promise<number> => {
  const { give } = request;
  const { stdout } = world;
  const trouble = openTrouble(request, world);
  const names = request.names ?? needsNames(request);
  const print = { ...request.plan.print, names };
  const plan = { ...request.plan, print };
  const { output } = plan;
  const processors = availableParallelism();
  const isGone = (): boolean => stdout.gone.aborted;

  const pieces = openPieces(stdout.write);
  const out = openCollector(pieces);
  const passOn = async (piece: Buffer): Promise<void> => {
    stdout.write(piece.length < SMALL ? Buffer.from(piece) : piece);
    await stdout.drained();
  };
  const between = async (feed: Feed): Promise<boolean> => {
    if (feed.isLive) out.flush();
    if (pieces.isWaiting()) {
      await stdout.drained();
      pieces.reclaim();
    }
    return !isGone();
  };
  const engine = openEngine(plan, { out, between });
  if (request.isHopeless) return GREP_EXIT.notFound;

  const report = (name: string, count: number): void => {
    if (give === 'counts') out.latin1(`${names ? nameHead(name, ':', print) : ''}${count}\n`);
    if (give === (count > 0 ? 'matching' : 'others')) {
      const bytes = Buffer.from(print.safe ? clean(name) : name).toString('latin1');
      out.latin1(styled(STYLE.name, bytes, print.colour) + (print.nullNames ? '\0' : '\n'));
    }
    if (print.lineBuffered) out.flush();
  };
  const searchText = async (text: Text, name: string, traits: Traits | undefined): Promise<number> => {
    const { fd, stat, start = 0 } = text;
    const size = text.end ?? stat?.size ?? 0;
    if (fd !== undefined && canSplit(plan, size - start, processors)) {
      const file = { fd, start, size, eol: plan.scan.eol };
      return searchInThreads({ plan, file, name, traits, processors, engine, out, give: passOn, isGone });
    }
    await engine.search(text.feed, name, traits, start);
    return engine.count();
  };
  const searchOne = async (source: Source): Promise<number> => {
    const { name } = source;
    let opened: Awaited<ReturnType<typeof openSource>>;
    try {
      opened = await openSource(source, request, world, trouble);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      trouble.about(name, error);
      return 0;
    }
    const { text, traits } = opened;
    let count = 0;
    try {
      if (request.explain && traits !== undefined) {
        const { format, title, why } = traits;
        stdout.write(cleanLines(`${name}: ${format}: ${title}\n  ${why.replaceAll('\n', '\n  ')}\n`));
        return 1;
      }
      if (isOutput(text, plan, world)) {
        trouble.say(`${name}: input file is also the output`);
        return 0;
      }
      count = await searchText(text, name, traits);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      trouble.about(name, error);
      // What was found before something went wrong is found.
      count = engine.count();
    } finally {
      text.feed.close();
    }
    report(name, count);
    return count;
  };

  let isFound = false;
  for (const source of sourcesOf(request, world, trouble)) {
    if ((await searchOne(source)) > 0) isFound = true;
    if (give === 'nothing' && isFound) return GREP_EXIT.found;
    if (isGone()) break;
  }
  if (give === 'lines') engine.finish();
  out.flush();
  if (output.kind === 'tally' && give === 'lines' && !request.explain) {
    stdout.write(await talliesText(engine.tallies, { ...output, json: request.json }));
  }
  if (trouble.isThere()) return GREP_EXIT.error;
  return isFound ? GREP_EXIT.found : GREP_EXIT.notFound;
};
