/** Compresses archives off the hot path: in libuv's threads, piece by piece, resting after each member, one archive after the other. */

import { fchownSync, fstatSync, renameSync, statSync, truncateSync, unlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createGzip } from 'node:zlib';
import type { Clock } from '../core/clock.js';
import { systemReason } from '../exit.js';
import { archiveName } from './archive-name.js';
import { deleteFile, listArchives, syncDirectory } from './archives.js';
import { makeMember, NO_TIMES, settleTimes, widenTimes } from './member.js';

/** Lines of about so many bytes go into a member. */
const MEMBER_BYTES = 1024 * 1024;
/** What is read and compressed at once: larger memory that comes and goes is not all given back to the system. */
const CHUNK_BYTES = 64 * 1024;
/** No line of ours is longer: one that is may be cut, so that memory has a limit whatever lies in a file. */
const LONGEST_LINE = 16 * 1024 * 1024;
const NEWLINE = 10;
/** Pause after a member, in times of what it took: a quarter of one processor at most. */
const REST = 3;

/**
 * Whole lines of a file, about `CHUNK_BYTES` at a time; what comes after the last newline is the last piece. Each is a view of the
 * same memory, and holds until the next one is asked for.
 */
async function* piecesOf(file: FileHandle): AsyncGenerator<Buffer> {
  let space = Buffer.allocUnsafe(2 * CHUNK_BYTES);
  let held = 0;
  for (let first = true; ; first = false) {
    if (space.length < held + CHUNK_BYTES) {
      const larger = Buffer.allocUnsafe(2 * space.length);
      space.copy(larger, 0, 0, held);
      space = larger;
    }
    const { bytesRead } = await file.read(space, held, space.length - held);
    const bytes = space.subarray(0, held + bytesRead);
    if (bytesRead === 0) {
      // Without any member it would be no gzip file.
      if (bytes.length > 0 || first) yield bytes;
      return;
    }
    const newline = bytes.lastIndexOf(NEWLINE);
    const end = newline < 0 && bytes.length >= LONGEST_LINE ? bytes.length : newline + 1;
    if (end > 0) yield bytes.subarray(0, end);
    held = bytes.length - end;
    space.copyWithin(0, end, bytes.length);
  }
}

/** Takes lines piece by piece, and gives what became of them as a member. */
const beginMember = () => {
  const stream = createGzip();
  const packed: Buffer[] = [];
  let bytes = 0;
  let times = NO_TIMES;
  const failed = new Promise<never>((_, reject) => stream.on('error', reject));
  failed.catch(() => {});
  const ended = new Promise((resolve) => stream.once('end', resolve));
  stream.on('data', (part: Buffer) => packed.push(part));
  return {
    bytes: () => bytes,
    /** The piece is done with when this resolves. */
    add: async (piece: Buffer): Promise<void> => {
      bytes += piece.length;
      times = widenTimes(times, piece);
      await Promise.race([new Promise<void>((done) => stream.write(piece, () => done())), failed]);
    },
    end: async (): Promise<Buffer> => {
      stream.end();
      await Promise.race([ended, failed]);
      return makeMember(Buffer.concat(packed), bytes, settleTimes(times));
    },
    close: () => stream.destroy(),
  };
};

const writeWhole = async (file: FileHandle, bytes: Buffer): Promise<void> => {
  let done = 0;
  while (done < bytes.length) done += (await file.write(bytes, done)).bytesWritten;
};

/** Copies what a person can see of a file: mode, owner, times. */
const keepLooks = async (from: FileHandle, to: FileHandle): Promise<void> => {
  const { mode, uid, gid, atime, mtime } = await from.stat();
  await to.chmod(mode & 0o777);
  try {
    fchownSync(to.fd, uid, gid);
  } catch {
    // Only root gives files away; then it is ours, as the log is.
  }
  await to.utimes(atime, mtime);
};

const fill = async (
  input: FileHandle,
  output: FileHandle,
  pause: (ms: number) => Promise<void>,
  now: () => number,
  signal: AbortSignal,
): Promise<boolean> => {
  let since = now();
  let member = beginMember();
  const finish = async (): Promise<void> => {
    const packed = await member.end();
    if (signal.aborted) return;
    await writeWhole(output, packed);
    await pause((now() - since) * 1000 * REST);
    since = now();
  };
  try {
    for await (const piece of piecesOf(input)) {
      if (member.bytes() > 0 && member.bytes() + piece.length > MEMBER_BYTES) {
        await finish();
        member = beginMember();
      }
      if (!signal.aborted) await member.add(piece);
      if (signal.aborted) return false;
    }
    await finish();
  } finally {
    member.close();
  }
  await keepLooks(input, output);
  await output.sync();
  return !signal.aborted;
};

interface Work {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly pause: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Puts the archive `plain` → `target`; at every moment one of them is complete. False where it was aborted. */
export const compressFile = async (plain: string, target: string, work: Work): Promise<boolean> => {
  const unfinished = `${target}.tmp`;
  const input = await open(plain, 'r');
  try {
    const output = await open(unfinished, 'w', 0o600);
    let complete = false;
    try {
      complete = await fill(input, output, work.pause, work.clock.monotonic, work.signal);
      // From here on nothing else runs: what was there and not aborted a moment ago still is.
      complete &&= !work.signal.aborted && fstatSync(input.fd).nlink > 0;
      if (complete) {
        renameSync(unfinished, target);
        syncDirectory(dirname(target));
        unlinkSync(plain);
      }
    } finally {
      await output.close();
      if (!complete) deleteFile(unfinished);
    }
    return complete;
  } finally {
    await input.close();
  }
};

export interface CompressorOptions {
  /** The log whose archives are compressed. */
  readonly path: string;
  readonly clock: Clock;
  readonly say: (message: string) => void;
}

export interface Compressor {
  /** Says that there are archives to compress. */
  readonly start: () => void;
  /** Gives up the archive in work and the space it took at once; it is tried again after the next `start`. */
  readonly abandon: () => void;
  /** Ends it: with `finish` when all is compressed, as fast as it goes, else as soon as the present step is over. */
  readonly close: (finish: boolean) => Promise<void>;
}

export const createCompressor = ({ path, clock, say }: CompressorOptions): Compressor => {
  const directory = dirname(path);
  let running: Promise<void> | undefined;
  /** `wake` ends a rest, `stop` the work. */
  let inWork: { unfinished: string; wake: AbortController; stop: AbortController } | undefined;
  let closed = false;
  let hurried = false;
  let wanted = false;

  const compress = async (plain: string, target: string): Promise<void> => {
    const [wake, stop] = [new AbortController(), new AbortController()];
    inWork = { unfinished: `${target}.tmp`, wake, stop };
    const pause = (ms: number): Promise<void> => clock.sleep(hurried ? 0 : ms, wake.signal);
    try {
      await compressFile(plain, target, { clock, pause, signal: stop.signal });
    } finally {
      inWork = undefined;
    }
  };

  const run = async (): Promise<void> => {
    const tried = new Set<number>();
    while (!closed) {
      const next = listArchives(path).find(({ form, serial }) => form === 'plain' && !tried.has(serial));
      if (next?.name === undefined) return;
      tried.add(next.serial);
      const target = join(directory, archiveName(basename(path), { ...next, form: 'gzip' }));
      try {
        await compress(join(directory, next.name), target);
      } catch (error) {
        const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
        if (!gone) say(`${next.name} could not be compressed: ${systemReason(error)}`);
      }
    }
  };

  const runWhileWanted = async (): Promise<void> => {
    try {
      while (wanted && !closed) {
        wanted = false;
        await run();
      }
    } catch (error) {
      say(`archives could not be compressed: ${systemReason(error)}`);
    }
    // In the same step as the last look at `wanted`: a start after it begins anew.
    running = undefined;
  };

  const start = (): void => {
    wanted = true;
    if (running === undefined && !closed) running = Promise.resolve().then(runWhileWanted);
  };

  const abandon = (): void => {
    if (inWork === undefined) return;
    inWork.stop.abort();
    inWork.wake.abort();
    try {
      // Unlinking alone frees nothing while the descriptor is open.
      if (statSync(inWork.unfinished, { throwIfNoEntry: false })) truncateSync(inWork.unfinished);
      deleteFile(inWork.unfinished);
    } catch {
      // Gone, or about to be.
    }
  };

  const close = async (finish: boolean): Promise<void> => {
    hurried = true;
    inWork?.wake.abort();
    if (!finish) {
      closed = true;
      inWork?.stop.abort();
    }
    await running;
    closed = true;
  };

  return { start, abandon, close };
};
