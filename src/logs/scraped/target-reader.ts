/** The lines of one target, read on from key to key. */

import { longestRate } from '../../core/schedule.js';
import { METRIC_NAME } from '../../promql/labels.js';
import type { Column } from './columns.js';
import { type LineHead, readEntries } from './line-head.js';
import type { FamilyEntry } from './record.js';
import { applyNumbers, type Cell } from './scan.js';

type Texts = Readonly<Record<string, string>>;

/** Gives the column of a series that is wanted; undefined for one that is not. Labels that are empty are none. */
export type Want = (labels: Texts) => Column | undefined;

interface Wanted extends Cell {
  readonly column: Column;
}

const OWN = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
].concat(['scrape_series_added']);

/** Each series of a table with its own labels. */
function* seriesIn(entries: readonly FamilyEntry[]): Generator<Texts, void> {
  for (const { name, series } of entries)
    for (const labels of series) yield { [METRIC_NAME]: name, ...labels };
}

export class TargetReader {
  private readonly want: Want;
  private key = Number.NaN;
  private n = Number.NaN;
  private labels: Texts = {};
  private table: Buffer = Buffer.alloc(0);
  private length = 0;
  private cells: Wanted[] = [];
  private own: (Column | undefined)[] = [];
  private interval: number | undefined;
  /** Of the last scrape. */
  private last = Number.NaN;
  /** Whether somebody said that it is not scraped any more. */
  private isEnded = false;

  constructor(want: Want) {
    this.want = want;
  }

  /** Whether a line can be understood after those so far. */
  follows(head: LineHead): boolean {
    return head.isKey || (head.key === this.key && head.n === this.n + 1);
  }

  read(line: Buffer, head: LineHead): void {
    if (head.kind === 'gone') {
      this.isEnded = true;
      return;
    }
    this.settle(head.time);
    const known = head.isKey ? this.begin(line, head) : this.extend(head);
    const isUp = head.up === 1;
    const isRead = known && applyNumbers(line, head.numbers, this.cells, head.isKey);
    if (!isRead) {
      this.lose();
      return;
    }
    this.key = head.key;
    this.n = head.n;
    this.last = head.time;
    this.interval = head.interval ?? this.interval;
    for (const position of head.absent) {
      const cell = this.cells.find((one) => one.position === position);
      if (cell !== undefined) cell.isThere = false;
    }
    this.add(head, isUp);
    const figures = [head.up, head.seconds, head.scraped, head.scraped, head.added];
    for (const [index, column] of this.own.entries()) column?.add(head.time, figures[index] as number);
  }

  /** Nothing more is known up to this time. */
  finish(until: number): void {
    this.settle(until);
  }

  private add(head: LineHead, isUp: boolean): void {
    const stamps = new Map<number, number>();
    for (const [position, count, since] of head.stamps)
      for (let index = 0; index < count && index <= this.length; index++)
        stamps.set(position + index, head.time + since);
    for (const { column, position, value, isThere } of this.cells) {
      if (isUp && isThere) {
        const stamp = stamps.get(position);
        column.isStamped = stamp !== undefined;
        column.isThere = true;
        column.add(stamp ?? head.time, value);
      } else if (column.isThere) {
        column.end(head.time);
        column.isThere = false;
      }
    }
  }

  /** Ends what was over before this time: as for the vitals, one interval after the last scrape where more than three went by. */
  private settle(time: number): void {
    const { interval, isEnded } = this;
    this.isEnded = false;
    if (interval === undefined) return;
    const patience = isEnded ? interval : longestRate(interval);
    if (!(time - this.last > patience * 1000)) return;
    const over = this.last + Math.max(1, interval * 1000);
    for (const { column } of this.cells) {
      column.end(over);
      column.isThere = false;
    }
    for (const column of this.own) column?.end(over);
  }

  private begin(line: Buffer, head: LineHead): boolean {
    const { table, labels } = head;
    if (table === undefined || labels === undefined) return false;
    const bytes = line.subarray(table.start, table.end);
    const isSame = this.table.equals(bytes) && JSON.stringify(labels) === JSON.stringify(this.labels);
    if (isSame && this.tableLength === this.length) return true;
    let entries: readonly FamilyEntry[];
    try {
      entries = readEntries(JSON.parse(bytes.toString('utf8')));
    } catch {
      return false;
    }
    this.table = Buffer.from(bytes);
    this.labels = labels;
    const before = this.cells;
    this.cells = [];
    this.length = 0;
    this.append(entries);
    this.tableLength = this.length;
    const still = new Set(this.cells.map(({ column }) => column));
    for (const { column } of before) {
      if (still.has(column) || !column.isThere) continue;
      column.end(head.time);
      column.isThere = false;
    }
    this.own = OWN.map((name) => this.want({ ...labels, [METRIC_NAME]: name }));
    for (const column of this.own) if (column !== undefined) column.isThere = true;
    return true;
  }

  /** As long as the key's table: what was added since is not in it. */
  private tableLength = -1;

  private extend({ fresh }: LineHead): boolean {
    this.append(fresh);
    return true;
  }

  private append(entries: readonly FamilyEntry[]): void {
    for (const own of seriesIn(entries)) {
      const position = this.length++;
      const column = this.want({ ...this.labels, ...own });
      if (column === undefined) continue;
      this.cells.push({ column, position, value: Number.NaN, places: -1, units: 0, isThere: false });
    }
  }

  /** Nothing is known any more until the next key. */
  private lose(): void {
    this.key = Number.NaN;
    this.n = Number.NaN;
  }
}
