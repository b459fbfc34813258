/** Which parts of an archive of sysmon's own may hold records of a range of times: its members say so (src/logs/member.ts). */

import { readSync } from 'node:fs';
import { MEMBER_HEADER_BYTES, readMember } from '../../logs/member.js';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Offsets of members that may hold records of these times, those that follow each other as one. Undefined for a gzip file that does not say:
 * it is read whole.
 */
export const memberSpans = (
  fd: number,
  size: number,
  since: number,
  until: number,
): readonly Span[] | undefined => {
  const header = Buffer.alloc(MEMBER_HEADER_BYTES);
  const spans: { start: number; end: number }[] = [];
  for (let at = 0; at < size; ) {
    const count = readSync(fd, header, 0, header.length, at);
    const member = readMember(header.subarray(0, count));
    if (member === undefined || member.bytes === 0) return undefined;
    const end = at + member.bytes;
    const last = spans.at(-1);
    if (member.latest >= since && member.earliest <= until) {
      if (last?.end === at) last.end = end;
      else spans.push({ start: at, end });
    }
    at = end;
  }
  return spans;
};
