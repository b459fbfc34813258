/** Where wanted lines go: as they are, as JSON, or shown for people. */

import { widthOf } from '../../core/width.js';
import { dayOf, formatFields, formatLogJson, formatLogLine, type LineName } from '../../formats/log-line.js';
import type { Palette } from '../../formats/palette.js';
import type { World } from '../../world.js';
import { nameOf } from './input.js';
import type { Printer } from './printer.js';
import { type FieldChoice, jsonLine, shownLine } from './shown.js';
import type { Source } from './source.js';
import type { Unit } from './units.js';

export interface Sink {
  /** A file begins, whether or not a line of it will be shown. */
  readonly head: (source: Source) => void;
  /** A file that was not there at first will be shown too. */
  readonly appeared: (source: Source) => void;
  readonly show: (unit: Unit) => void;
  readonly goOnFrom: (source: Source | undefined) => void;
}

/** The bytes of the lines, untouched. */
export const openRawSink = (printer: Printer): Sink => ({
  ...printer,
  appeared: () => {},
  show: ({ source, bytes }) => printer.write(source, bytes),
});

/** Lines name their files themselves, or need no name. */
const silent = { head: () => {}, appeared: () => {}, goOnFrom: () => {} };

/** Only some fields, as `name=value` on a line. */
export const openFieldsSink = (printer: Printer, choice: FieldChoice): Sink => ({
  ...printer,
  appeared: () => {},
  show: (unit) => {
    const text = formatFields(jsonLine(unit, choice).fields);
    // Of a line that has none of them nothing is left to show.
    if (text !== '') printer.write(unit.source, `${text}\n`);
  },
});

export const openJsonSink = ({ stdout }: World, withNames: boolean, choice: FieldChoice): Sink => ({
  ...silent,
  show: (unit) =>
    stdout.write(formatLogJson(jsonLine(unit, choice), withNames ? nameOf(unit.source.path) : undefined)),
});

/** The shortest ends of some paths that tell them apart: `web/access.log`, `db/access.log`. */
export const shortNames = (paths: readonly string[]): ReadonlyMap<string, string> => {
  const parts = new Map(
    paths.map((path) => [
      path,
      nameOf(path)
        .split('/')
        .filter((part) => part !== ''),
    ]),
  );
  const end = (path: string, count: number): string =>
    (parts.get(path) ?? []).slice(-count).join('/') || path;
  return new Map(
    [...parts].map(([path, own]) => {
      for (let count = 1; count < own.length; count++) {
        const name = end(path, count);
        if ([...parts.keys()].every((other) => other === path || end(other, count) !== name))
          return [path, name] as const;
      }
      return [path, nameOf(path)] as const;
    }),
  );
};

export interface PeopleOptions {
  readonly palette: Palette;
  readonly choice: FieldChoice;
  readonly utc: boolean;
  readonly sources: readonly Source[];
  /** Whether their names stand in front of their lines. */
  readonly isNamed: boolean;
}

export const openPeopleSink = (
  world: World,
  { palette, choice, utc, sources, isNamed }: PeopleOptions,
): Sink => {
  const { stdout, clock } = world;
  const offset = utc ? () => 0 : (time: number) => -new Date(time).getTimezoneOffset();
  const names = new Map<Source, LineName>();
  const nameNew = (all: readonly Source[]): void => {
    const short = shortNames(all.map(({ path }) => path));
    const width = Math.max(...[...short.values()].map(widthOf));
    all.forEach((source, hue) => {
      names.set(source, { text: short.get(source.path) ?? source.path, width, hue });
    });
  };
  if (isNamed && sources.length > 0) nameNew(sources);
  let before: string | undefined;
  return {
    ...silent,
    appeared: (source) => {
      if (isNamed && !names.has(source)) nameNew([...names.keys(), source]);
    },
    show: (unit) => {
      const line = shownLine(unit, choice);
      const width = stdout.isTerminal ? stdout.columns() : Number.POSITIVE_INFINITY;
      const look = { palette, width, offset, today: dayOf(clock.now(), offset) };
      stdout.write(formatLogLine(line, look, { name: names.get(unit.source), before }));
      if (line.time !== undefined) before = dayOf(line.time, offset);
    },
  };
};
