/** Where bytes go, with GNU tail's headers between the files. */

import { clean } from '../../core/clean.js';
import type { World } from '../../world.js';
import { nameOf } from './input.js';
import type { Source } from './source.js';

export interface Printer {
  /** Names the file that comes next. */
  readonly head: (source: Source) => void;
  /** Bytes of a file, named before where the last ones were of another. They are the printer's from then on. */
  readonly write: (source: Source, bytes: string | Uint8Array) => void;
  /** What comes next of this file needs no name: GNU tail takes the last of its files for the one shown last, though it was not there. */
  readonly goOnFrom: (source: Source | undefined) => void;
}

export const openPrinter = ({ stdout }: World, withHeaders: boolean): Printer => {
  let last: Source | undefined;
  let isFirst = true;
  const head = (source: Source): void => {
    last = source;
    if (!withHeaders) return;
    const name = stdout.isTerminal ? clean(nameOf(source.path)) : nameOf(source.path);
    stdout.write(`${isFirst ? '' : '\n'}==> ${name} <==\n`);
    isFirst = false;
  };
  return {
    head,
    write: (source, bytes) => {
      if (last !== source) head(source);
      stdout.write(bytes);
    },
    goOnFrom: (source) => {
      last = source;
    },
  };
};
