/**
 * Which series the numbers of a row belong to, remembered from record to record: names and labels are made once for each row,
 * not for each of its points.
 */

import { type Due, type Field, fieldOf, type Group } from '../../core/group.js';
import type { Row } from '../../core/sample.js';
import { createNamer, type Series as NamedSeries, type Namer } from '../../core/series-names.js';
import { bare } from '../json.js';
import type { Column } from './columns.js';
import type { Stencil } from './stencil.js';

/** A number of a row: the series it is a point of, and what it is multiplied with on the way there. */
interface Target {
  readonly column: Column;
  readonly scale: number;
  readonly due: Due;
}

interface KnownRow {
  /** `null` where nobody asked for it. */
  readonly targets: Map<string, Target | null>;
  readonly infos: readonly Target[];
}

/** A point of rows that come again: which number it is, or -1 where it says that a row is there. */
interface Point {
  readonly target: Target;
  readonly place: number;
}

export type ColumnFor = (series: NamedSeries, due: Due) => Column | null;
export type Put = (column: Column, value: number) => void;

/** Rows that have gone are forgotten when there are so many times as many as now, and some more. */
const STALE = 4;
const SPARE = 64;

/** What tells rows apart whose series differ: their identity, and the texts that can be labels. With the lengths, no two look as one. */
const keyOf = ({ id, texts }: Row, labels: readonly string[]): string => {
  const [first = ''] = id;
  let key = id.length > 1 ? JSON.stringify(id) : labels.length === 0 ? first : `${first.length}:${first}`;
  for (let index = 0; index < labels.length; index++) {
    const text: unknown = texts[labels[index] as string];
    key += typeof text === 'string' ? `\0${text.length}:${text}` : '\0';
  }
  return key;
};

/** With texts and numbers told apart: see `readRows`. */
const cleanTexts = ({ texts }: Row): Row['texts'] => {
  const clean = bare<string>();
  for (const name in texts) {
    const text: unknown = texts[name];
    if (typeof text === 'string') clean[name] = text;
  }
  return clean;
};

/** Fields of a group that stand in its rows by their own name, and whether there are others. */
interface Shape {
  readonly names: readonly string[];
  readonly open: boolean;
  /** Texts that are labels of any of them. */
  readonly labels: readonly string[];
}

const shapeOf = (group: Group, wanted: ReadonlySet<string>): Shape => ({
  names: Object.keys(group.fields).filter(
    (name) => name !== '*' && wanted.has(name) && (group.fields[name] as Field).kind !== 'info',
  ),
  open: wanted.has('*'),
  labels: [
    ...new Set(
      [...wanted].flatMap((name) => (group.fields[name] as Field).prometheus?.texts ?? group.labels),
    ),
  ],
});

/** Looks after the rows of one group of one host. */
export class RowColumns {
  readonly #group: Group;
  readonly #shape: Shape;
  readonly #namer: Namer = createNamer();
  readonly #columnFor: ColumnFor;
  #rows = new Map<string, KnownRow>();
  readonly #points = new WeakMap<Stencil, readonly Point[]>();

  /** `wanted` are the fields that can be asked for; `*` stands for all that the group does not name. */
  constructor(group: Group, wanted: ReadonlySet<string>, columnFor: ColumnFor) {
    this.#group = group;
    this.#shape = shapeOf(group, wanted);
    this.#columnFor = columnFor;
  }

  get group(): Group {
    return this.#group;
  }

  /** Calls back with all points of rows whose fields are due. */
  visit(rows: readonly Row[], isDue: Readonly<Record<Due, boolean>>, put: Put): void {
    this.#each(rows, (target, value) => {
      if (isDue[target.due]) put(target.column, value === undefined ? 1 : value * target.scale);
    });
  }

  /** The same for rows that differ from those before in their numbers alone. */
  follow(stencil: Stencil, isDue: Readonly<Record<Due, boolean>>, put: Put): void {
    let points = this.#points.get(stencil);
    if (points === undefined) {
      const found: Point[] = [];
      this.#each(stencil.rows, (target, place = -1) => found.push({ target, place }));
      points = found;
      this.#points.set(stencil, points);
    }
    const { values } = stencil;
    for (let index = 0; index < points.length; index++) {
      const { target, place } = points[index] as Point;
      if (isDue[target.due]) put(target.column, place === -1 ? 1 : (values[place] as number) * target.scale);
    }
  }

  /** Calls back with all points of rows: without a value where a row is only said to be there. */
  #each(rows: readonly Row[], found: (target: Target, value?: number) => void): void {
    const { names, open, labels } = this.#shape;
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] as Row;
      const key = keyOf(row, labels);
      let known = this.#rows.get(key);
      if (known === undefined) {
        known = { targets: new Map(), infos: this.#infosOf(row) };
        this.#rows.set(key, known);
      }
      for (const target of known.infos) found(target);
      for (let index = 0; index < names.length; index++)
        this.#point(row, names[index] as string, known, found);
      if (!open) continue;
      for (const name in row.numbers)
        if (name === '*' || !Object.hasOwn(this.#group.fields, name)) this.#point(row, name, known, found);
    }
    if (this.#rows.size > rows.length * STALE + SPARE) this.#forget(rows);
  }

  #point(row: Row, name: string, known: KnownRow, found: (target: Target, value: number) => void): void {
    // Of a plain object what is called like something that all objects have is not its own.
    const value: unknown = row.numbers[name];
    if (typeof value !== 'number') return;
    let target = known.targets.get(name);
    if (target === undefined) {
      target = this.#targetOf(row, name);
      known.targets.set(name, target);
    }
    if (target !== null) found(target, value);
  }

  #forget(rows: readonly Row[]): void {
    const kept = new Map<string, KnownRow>();
    for (const row of rows) {
      const key = keyOf(row, this.#shape.labels);
      const known = this.#rows.get(key);
      if (known !== undefined) kept.set(key, known);
    }
    this.#rows = kept;
  }

  /** The series of a row with these numbers alone, named as everywhere. */
  #named(row: Row, numbers: Row['numbers'], found: (target: Target, field: Field) => void): void {
    const { name } = this.#group;
    const reading = { group: this.#group, rows: [{ id: row.id, texts: cleanTexts(row), numbers }] };
    this.#namer(
      { time: 0, host: '', boot: '', readings: new Map([[name, reading]]) },
      (series, value, field) => {
        const column = this.#columnFor(series, field.due);
        if (column !== null) found({ column, scale: value, due: field.due }, field);
      },
    );
  }

  #infosOf(row: Row): readonly Target[] {
    const infos: Target[] = [];
    this.#named(row, {}, (target) => infos.push(target));
    return infos;
  }

  #targetOf(row: Row, name: string): Target | null {
    const field = fieldOf(this.#group, name);
    if (field === undefined || field.kind === 'info') return null;
    let target: Target | null = null;
    // A number that is 1 comes out as the scale.
    this.#named(row, Object.fromEntries([[name, 1]]), (one, of) => {
      if (of.kind !== 'info') target = one;
    });
    return target;
  }
}
