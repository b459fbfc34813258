/** How often each value of a field comes. Plain data, so that workers can hand it over. */

import type { Value } from '../line.js';

export interface Counts {
  readonly most: Most;
  readonly values: Map<string, number>;
  /** Characters in the values. */
  characters: number;
  /** Lines that have no such field. */
  absent: number;
  /** Values that came when no more different ones were kept. */
  others: number;
}

/** One value, undefined for lines that have none, and how often it came. */
export interface Count {
  readonly value: string | undefined;
  readonly count: number;
}

/** Different values kept, and characters in them. */
export interface Most {
  readonly values: number;
  readonly characters: number;
}

/** A field of request numbers must not fill the memory. */
const MOST: Most = { values: 200_000, characters: 16 * 1024 * 1024 };

export const openCounts = (most = MOST): Counts => ({
  most,
  values: new Map(),
  characters: 0,
  absent: 0,
  others: 0,
});

/** A value as the text that it is counted as; null is absent. */
const textOf = (value: Value): string | undefined => {
  if (typeof value === 'string') return value;
  return value === null ? undefined : typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const addText = (counts: Counts, text: string, times: number): void => {
  const before = counts.values.get(text);
  if (before !== undefined) counts.values.set(text, before + times);
  else if (
    counts.values.size >= counts.most.values ||
    counts.characters + text.length > counts.most.characters
  )
    counts.others += times;
  else {
    counts.values.set(text, times);
    counts.characters += text.length;
  }
};

/** Counts the values that a line has under a name: each of them, or one line without any. */
export const addToCounts = (counts: Counts, values: readonly Value[]): void => {
  let any = false;
  for (const value of values) {
    const text = textOf(value);
    if (text === undefined) continue;
    any = true;
    addText(counts, text, 1);
  }
  if (!any) counts.absent++;
};

/** Adds what another has counted. */
export const mergeCounts = (counts: Counts, more: Counts): void => {
  for (const [text, times] of more.values) addText(counts, text, times);
  counts.absent += more.absent;
  counts.others += more.others;
};

/** The most frequent first, equals by their value, absent ones after all others of their count. */
export const rankCounts = ({ values, absent }: Counts): readonly Count[] => {
  const rows: Count[] = [...values].map(([value, count]) => ({ value, count }));
  if (absent > 0) rows.push({ value: undefined, count: absent });
  return rows.sort((a, b) => {
    if (a.count !== b.count) return b.count - a.count;
    if (a.value === undefined || b.value === undefined) return a.value === undefined ? 1 : -1;
    return a.value < b.value ? -1 : 1;
  });
};
