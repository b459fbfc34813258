/**
 * Lines that could not be written, until the log itself says so. They are kept in the name of an empty file beside it, which
 * a full disk has room for: so the next run knows of them too, however this one ends.
 */

import { closeSync, openSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../core/clock.js';
import { systemReason } from '../exit.js';
import { deleteFile } from './archives.js';

/** Lines that no record tells of yet. */
export interface Owed {
  /** The last number that was given, to a line that is lost or to one that was written. */
  readonly seq: number;
  readonly count: number;
  readonly reason: string;
}

export interface Losses {
  readonly owed: () => Owed | undefined;
  /** A line with this number is given up. */
  readonly add: (seq: number, error: unknown) => void;
  /** Lines up to this number were written since, though none of them tells of what was lost. */
  readonly pass: (seq: number) => void;
  /** A record tells of all of them. */
  readonly settle: () => void;
}

export interface LossesOptions {
  /** The log. */
  readonly path: string;
  /** The last number in the log: what was owed before it has been said. */
  readonly lastSeq: number;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Told when lines begin to be lost, now and then while it goes on, and when it ends. */
  readonly say: (message: string) => void;
}

/** How often it is said again while it goes on, and how soon after the last word that it has begun anew, s. */
const AGAIN = 3600;
const ANEW = 60;

const codeOf = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && /^[A-Z0-9]+$/.test(code) ? code : '-';
};

/** From a code alone. */
const reasonOf = (code: string): string =>
  code === '-' ? 'the log could not be written' : systemReason({ code, message: code });

const prefixOf = (path: string): string => `.${basename(path)}.lost.`;

const linesOf = (count: number): string => (count === 1 ? '1 line' : `${count} lines`);

interface Note extends Owed {
  readonly name: string;
  readonly code: string;
}

/** What earlier runs left, the newest last. */
const readNotes = (path: string): readonly Note[] => {
  const prefix = prefixOf(path);
  return readdirSync(dirname(path))
    .flatMap((name) => {
      const [, seq, count, code] =
        (name.startsWith(prefix) &&
          /^(\d{1,15})\.(\d{1,15})\.([A-Z0-9]+|-)$/.exec(name.slice(prefix.length))) ||
        [];
      return code === undefined
        ? []
        : { name, code, seq: Number(seq), count: Number(count), reason: reasonOf(code) };
    })
    .sort((a, b) => a.seq - b.seq);
};

/** Throws what the system says when the directory cannot be read. */
export const openLosses = ({ path, lastSeq, clock, say }: LossesOptions): Losses => {
  const notes = readNotes(path);
  const newest = notes.at(-1);
  /** The note as it is called now. */
  let note = newest?.name;
  let code = newest?.code ?? '-';
  let owed: Owed | undefined = newest;
  let announced = false;
  let saidAt = Number.NEGATIVE_INFINITY;

  const fileOf = (name: string): string => join(dirname(path), name);

  const remove = (name: string): void => {
    try {
      deleteFile(fileOf(name));
    } catch {
      // Its number says that it has been settled.
    }
  };

  const keep = ({ seq, count }: Owed): void => {
    const name = `${prefixOf(path)}${seq}.${count}.${code}`;
    try {
      if (note === undefined) closeSync(openSync(fileOf(name), 'w', 0o640));
      else renameSync(fileOf(note), fileOf(name));
      note = name;
    } catch {
      // Nothing at all can be written there, or somebody has removed it: the next loss tries anew.
      note = undefined;
    }
  };

  const settle = (): void => {
    if (note !== undefined) remove(note);
    if (announced && owed !== undefined)
      say(`${path}: is written again; lost meanwhile: ${linesOf(owed.count)}`);
    announced = false;
    note = undefined;
    owed = undefined;
  };

  for (const { name } of notes.slice(0, -1)) remove(name);
  if (owed !== undefined && owed.seq <= lastSeq) settle();

  return {
    owed: () => owed,
    add: (seq, error) => {
      const reason = systemReason(error);
      code = codeOf(error);
      owed = { seq, count: (owed?.count ?? 0) + 1, reason };
      keep(owed);
      const now = clock.monotonic();
      if (now - saidAt < (announced ? AGAIN : ANEW)) return;
      say(
        announced
          ? `${path}: ${linesOf(owed.count)} lost so far: ${reason}`
          : `${path}: lines are lost until it can be written: ${reason}`,
      );
      announced = true;
      saidAt = now;
    },
    pass: (seq) => {
      if (owed === undefined) return;
      owed = { ...owed, seq };
      keep(owed);
    },
    settle,
  };
};

/** Of a stream: there is no next run to tell. */
export const countLosses = (): Losses => {
  let owed: Owed | undefined;
  return {
    owed: () => owed,
    add: (seq, error) => {
      owed = { seq, count: (owed?.count ?? 0) + 1, reason: systemReason(error) };
    },
    pass: () => {},
    settle: () => {
      owed = undefined;
    },
  };
};
