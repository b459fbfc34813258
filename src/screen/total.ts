/** Sums over the rows that count: what is built on others of them would count twice. */

import { isCounted } from '../core/aside.js';
import type { Row } from '../core/sample.js';
import type { Frame } from './frame.js';

/** The sum of a field; undefined where no row that counts has it. */
export const totalOf = (rows: readonly Row[], field: string): number | undefined => {
  let sum: number | undefined;
  for (const row of rows) {
    const value = row.numbers[field];
    if (value !== undefined && isCounted(row)) sum = (sum ?? 0) + value;
  }
  return sum;
};

/** The past of that sum; NaN where no row was known. */
export const totalPast = (
  { trail }: Frame,
  group: string,
  rows: readonly Row[],
  field: string,
  slots: number,
): readonly number[] => {
  let sums: number[] | undefined;
  for (const row of rows) {
    if (!isCounted(row)) continue;
    const values = trail.values(group, row.id, field, slots);
    if (sums === undefined) {
      sums = values.slice();
      continue;
    }
    for (let at = 0; at < values.length; at++) {
      const value = values[at] as number;
      if (!Number.isNaN(value)) sums[at] = value + (Number.isNaN(sums[at]) ? 0 : (sums[at] as number));
    }
  }
  return sums ?? [];
};
