/** A log's archives as its past: sysmon's own, and what logrotate leaves. */

import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { systemReason } from '../../exit.js';
import { rotatedFiles } from '../../lines/rotated.js';
import { mayHoldSince } from '../../lines/seek.js';
import { archivesAmong } from '../../logs/archive-name.js';
import { listArchives } from '../../logs/archives.js';
import { findParts, inflate } from '../../logs/log-file.js';
import { followLinks } from '../../logs/log-place.js';
import { pickArchives } from '../../logs/log-set.js';
import { overlaps, type TimeRange } from '../../logs/time-index.js';
import { blocksBackward, splitBackward, splitForward } from './blocks.js';

/** Files that are the past of a log, oldest first. */
export const pastOf = (path: string, range: TimeRange, say: (text: string) => void): readonly string[] => {
  const real = followLinks(path);
  try {
    const own = pickArchives(listArchives(real), range).flatMap(({ name }) =>
      name === undefined ? [] : [join(dirname(real), name)],
    );
    const rotated = rotatedFiles(real).filter(
      (file) =>
        archivesAmong(basename(real), [basename(file)]).length === 0 &&
        mayHoldSince(statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0, range.since),
    );
    return [...rotated, ...own];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      say(`${dirname(real)}: archives are not read: ${systemReason(error)}`);
    return [];
  }
};

interface Read {
  readonly path: string;
  readonly range: TimeRange;
  readonly separator: number;
  readonly say: (text: string) => void;
}

/** Blocks of whole lines of an archive that may be of these times, in its order or the last first. */
function* blocksOf({ path, range, separator, say }: Read, backward: boolean): Generator<Buffer, void> {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    say(`${path}: ${systemReason(error)}`);
    return;
  }
  try {
    const { size } = fstatSync(fd);
    if (!path.endsWith('.gz')) {
      if (backward) yield* blocksBackward(fd, 0, size, separator);
      else yield* splitForward(fd, 0, size, separator);
      return;
    }
    const parts = findParts(fd, size).filter((part) => overlaps(part, range));
    for (const part of backward ? parts.reverse() : parts) {
      const text = inflate(fd, part);
      yield* backward ? splitBackward(text, separator) : [text];
    }
  } catch (error) {
    say(`${path}: ${systemReason(error)}`);
  } finally {
    closeSync(fd);
  }
}

export const archiveBlocks = (read: Read): Generator<Buffer, void> => blocksOf(read, false);

export const archiveBlocksBackward = (read: Read): Generator<Buffer, void> => blocksOf(read, true);
