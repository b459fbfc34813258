/** Which parts of which files are counted: those of the last minutes, or those that no run before has seen. */

import { closeSync, fstatSync, readSync } from 'node:fs';
import { UserError } from '../../exit.js';
import { openFormat } from '../../lines/formats/index.js';
import { rotatedFiles } from '../../lines/rotated.js';
import { type Feed, fileFeed } from '../../lines/search/feed.js';
import type { Traits } from '../../lines/search/plan.js';
import { isTooOld, narrow, openFile } from '../texts/open.js';
import { peek, traitsOf } from '../texts/traits.js';
import type { LineWatch } from './line-options.js';
import type { Positions } from './positions.js';

/** A part of a file, which can be read several times. */
export interface Part {
  readonly traits: Traits;
  readonly open: () => Feed;
}

export interface Parts {
  readonly parts: readonly Part[];
  readonly close: () => void;
}

const HEAD_BYTES = 64 * 1024;

const headOf = (fd: number): Buffer => {
  const head = Buffer.alloc(HEAD_BYTES);
  return head.subarray(0, readSync(fd, head, 0, head.length, 0));
};

const optionsFor = ({ format }: LineWatch, now: number) => ({ format, zone: undefined, now });

/** A file by the times of its lines. */
const datedPart = async (path: string, watch: LineWatch, since: number, now: number): Promise<Part> => {
  const text = openFile(path, { since });
  const { head, feed } = await peek(text.feed);
  const file =
    text.fd === undefined || text.stat === undefined ? undefined : { fd: text.fd, stat: text.stat };
  const traits = traitsOf(head, file, text.stat?.mtimeMs, optionsFor(watch, now));
  feed.close();
  const format = openFormat(traits.format);
  const lines = head.toString('utf8').split('\n');
  if (head.length > 0 && lines.every((line) => format.parse(line, traits.context)?.time === undefined))
    throw new UserError('its lines have no times: leave --within out, and each counts once');
  return { traits, open: () => narrow(openFile(path, { since }), { since }, traits).feed };
};

/** The lines of the last seconds: in the file, and in what was rotated away from it since. */
export const partsWithin = async (path: string, watch: LineWatch, now: number): Promise<Parts> => {
  const since = now - (watch.within as number) * 1000;
  const parts: Part[] = [];
  for (const one of [...rotatedFiles(path).filter((past) => !isTooOld(past, { since })), path])
    parts.push(await datedPart(one, watch, since, now));
  return { parts, close: () => {} };
};

/** The lines that no run before has seen. What is reached is noted. */
export const partsSince = (path: string, watch: LineWatch, positions: Positions, now: number): Parts => {
  const rests = positions.resume(path);
  const parts = rests.map(({ fd, start, end }): Part => {
    const stat = fstatSync(fd);
    const traits = traitsOf(headOf(fd), { fd, stat }, stat.mtimeMs, optionsFor(watch, now));
    return { traits, open: () => ({ ...fileFeed(fd, { start, end }), close: () => {} }) };
  });
  return {
    parts,
    close: () => {
      for (const { fd } of rests) closeSync(fd);
    },
  };
};
