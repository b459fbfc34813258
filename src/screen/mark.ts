/** What breaks a threshold is marked with a sign after its value as well as with a colour. */

import { parsePath } from '../core/path.js';
import type { Severity } from '../core/rule.js';
import { sameId } from '../core/sample.js';
import type { Frame, ShownAlert } from './frame.js';
import { STYLE } from './style.js';

const MARKS: Readonly<Record<Severity, string>> = { warning: '!', critical: '!!' };

/** Whether an alert is about this field of this row. Most are told by their ends, without being parsed. */
const isAbout = ({ path }: ShownAlert, group: string, id: readonly string[], field: string): boolean => {
  if (!path.startsWith(group) || !path.endsWith(field)) return false;
  try {
    const parsed = parsePath(path);
    return parsed.group === group && parsed.field === field && sameId(parsed.id ?? [], id);
  } catch {
    return false;
  }
};

/** How serious the most serious alert about a field of a row is; undefined where there is none. */
export const severityOf = (
  { alerts }: Frame,
  group: string,
  id: readonly string[],
  field: string,
): Severity | undefined => {
  let found: Severity | undefined;
  for (const alert of alerts)
    if (found !== 'critical' && isAbout(alert, group, id, field)) found = alert.state;
  return found;
};

/** `!` or `!!`, or nothing. */
export const markOf = (severity: Severity | undefined): string =>
  severity === undefined ? '' : MARKS[severity];

/** The style of a value: as it is marked, or else its own. */
export const markedStyle = (severity: Severity | undefined, style: number = STYLE.plain): number =>
  severity === undefined ? style : STYLE[severity];

/** A value as text with its mark, in the style of its mark or else its own. */
export const markedPiece = (
  frame: Frame,
  group: string,
  id: readonly string[],
  field: string,
  text: string,
  style: number = STYLE.plain,
): { readonly text: string; readonly style: number } => {
  const severity = severityOf(frame, group, id, field);
  return { text: text + markOf(severity), style: markedStyle(severity, style) };
};
