/** Bytes as they are: GNU tail. */

import { fstatSync } from 'node:fs';
import { type FollowedFile, seenBefore } from '../../lines/follow/index.js';
import type { World } from '../../world.js';
import type { Amount } from './amounts.js';
import { exitOf, follow } from './follow.js';
import { closeInput, type Input, openAgain, openInput, readOn, STDIN, streamOf } from './input.js';
import { findBeginning, openKeeper } from './last.js';
import type { Later } from './later.js';
import { cannotFollow, cannotOpen, cannotRead, NOTHING_LEFT } from './messages.js';
import { openPrinter, type Printer } from './printer.js';
import type { FollowWish, Source } from './source.js';

export interface RawCall {
  readonly sources: readonly Source[];
  readonly amount: Amount;
  readonly separator: number;
  readonly withHeaders: boolean;
  readonly wish: FollowWish | undefined;
  /** Files that are to be followed as well when they appear. */
  readonly later?: Later;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Shows what the amount asks for; gives where the next byte stands in what can be sought. */
const showBeginning = async (
  world: World,
  input: Input,
  show: (bytes: Buffer) => void,
  { amount, separator, signal }: RawCall,
): Promise<number> => {
  const { fd, start } = input;
  const { stdout } = world;
  // Of a directory the first read says what it is.
  if (input.kind !== 'pipe' && input.kind !== 'stream' && fd !== undefined) {
    const found = findBeginning(fd, amount, separator, start);
    const keeper = found === undefined ? openKeeper(amount, separator) : undefined;
    const blocks = readOn(fd, found ?? start);
    for (;;) {
      const { value, done } = blocks.next();
      if (done) {
        for (const bytes of keeper?.rest() ?? []) show(bytes);
        // Where a file is too short for what was asked, what is appended is new all the same.
        return value > start && value === found
          ? Math.min(value, Math.max(start, fstatSync(fd).size))
          : value;
      }
      const bytes = keeper === undefined ? value : keeper.push(value);
      if (bytes !== undefined) show(bytes);
      await stdout.drained();
      if (stdout.gone.aborted || signal.aborted) return 0;
    }
  }
  const stream = streamOf(input, world);
  const end = (): void => void stream.destroy();
  const ends = [signal, stdout.gone];
  for (const one of ends) one.addEventListener('abort', end, { once: true });
  const keeper = openKeeper(amount, separator);
  try {
    for await (const chunk of stream) {
      const bytes = keeper.push(Buffer.from(chunk as Buffer));
      if (bytes === undefined) continue;
      show(bytes);
      await stdout.drained();
    }
  } catch (error) {
    if (!ends.some(({ aborted }) => aborted)) throw error;
  } finally {
    for (const one of ends) one.removeEventListener('abort', end);
  }
  for (const bytes of keeper.rest()) show(bytes);
  return 0;
};

/** Shows a file, and says how to go on with it: undefined where it is not to be followed. */
const begin = async (
  world: World,
  source: Source,
  printer: Printer,
  call: RawCall,
): Promise<{ readonly isOk: boolean; readonly file?: FollowedFile }> => {
  const { wish, say } = call;
  const { path } = source;
  const again = wish?.retry === true;
  const isOver = (code: string): { isOk: boolean; file?: FollowedFile } => ({
    isOk: false,
    ...(again && { file: { path, error: code } }),
  });
  let input: Input;
  try {
    input = openInput(path, world);
  } catch (error) {
    say(cannotOpen(source, error));
    return isOver((error as NodeJS.ErrnoException).code ?? 'EIO');
  }
  printer.head(source);
  const isStream = path !== STDIN && (input.kind === 'pipe' || input.kind === 'stream');
  try {
    const fd = isStream && wish !== undefined ? openAgain(path) : input.fd;
    const offset = await showBeginning(world, input, (bytes) => printer.write(source, bytes), call);
    if (wish === undefined || (input.kind === 'pipe' && path === STDIN)) {
      if (!isStream) closeInput(input);
      return { isOk: true };
    }
    if (input.kind === 'other') {
      say(cannotFollow(source, !again));
      closeInput(input);
      return isOver('EINVAL');
    }
    if (fd === undefined) return { isOk: true, file: { path, offset } };
    // The files after this one are shown before it is followed.
    const seen = input.kind === 'file' ? seenBefore(fd, offset) : undefined;
    return { isOk: true, file: { path, fd, offset, ...(seen && { seen }) } };
  } catch (error) {
    say(cannotRead(source, error));
    closeInput(input);
    if (wish !== undefined && input.kind === 'directory') say(cannotFollow(source, !again));
    return isOver((error as NodeJS.ErrnoException).code ?? 'EIO');
  }
};

/** Shows all files as GNU tail does; gives the exit code. */
export const runRaw = async (world: World, call: RawCall): Promise<number> => {
  const { sources, wish, say, signal } = call;
  const printer = openPrinter(world, call.withHeaders);
  const files = new Map<FollowedFile, Source>();
  let isOk = true;
  for (const source of sources) {
    const begun = await begin(world, source, printer, call);
    if (signal.aborted || world.stdout.gone.aborted) return 0;
    isOk &&= begun.isOk;
    if (begun.file !== undefined) files.set(begun.file, source);
  }
  // Nothing is followed where all there was are pipes that have ended.
  if (wish === undefined || (isOk && files.size === 0 && call.later === undefined)) return isOk ? 0 : 1;
  if (files.size === 0 && call.later === undefined) {
    say(NOTHING_LEFT);
    return 1;
  }
  printer.goOnFrom(sources.at(-1));
  const ending = await follow(world, {
    files,
    wish,
    ...(call.later && { later: call.later }),
    pass: 'raw',
    separator: call.separator,
    onBytes: (source, bytes) => printer.write(source, bytes),
    onIdle: () => {},
    say,
    signal,
  });
  if (ending === 'nothing left') say(NOTHING_LEFT);
  return exitOf(ending, isOk, wish);
};
