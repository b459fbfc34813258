/** What is found: lines by a pattern, records by what they say, or both. */

import type { Matcher, Selector } from '../matcher.js';
import { both, either, laidOut } from '../where/raw/scan.js';
import type { Records } from './records.js';
import type { Find } from './scan.js';
import type { View } from './view.js';

/** Every record there is. */
export const findAll: Find = (text, from) => (from < text.length ? from : -1);

/** From record to record that may be wanted: by both where that can be told line by line, since each passes over what the other would stop at. */
const stepOf = (matching: Find | undefined, selected: Find | undefined, { areLines }: Records): Find => {
  if (matching === undefined)
    return selected === undefined ? findAll : areLines ? selected : either([selected, laidOut]);
  return selected === undefined || !areLines ? matching : both([matching, selected]);
};

/** Records that the selector wants and, with a matcher, have a line that matches; none that does where `invert` is set. */
export const findSelected = (
  selector: Selector,
  matcher: Matcher | undefined,
  invert: boolean,
  view: View,
  records: Records,
): Find => {
  const hasStepped = matcher !== undefined && !invert;
  const step = stepOf(hasStepped ? matcher.next : undefined, selector.next, records);
  return (text, from) => {
    const { base, bytes } = view;
    for (let at = from; at < text.length; ) {
      const hit = step(text, at);
      if (hit === -1) return -1;
      const start = records.start(view, base + hit, base + at);
      const end = records.end(view, base + hit);
      const matches = (): boolean =>
        hasStepped ||
        matcher === undefined ||
        (matcher.next(text.slice(start - base, end - base), 0) !== -1) !== invert;
      if (matches() && selector.accept(bytes.toString('utf8', start, end - 1))) return start - base;
      at = end - base;
    }
    return -1;
  };
};
