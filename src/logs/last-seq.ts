/** The number that a log's lines go on from, looked up on disk. */

import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { listArchives } from './archives.js';
import { MEMBER_HEADER_BYTES, readMember } from './member.js';
import { lastSeqIn, lastSeqOf } from './tail-repair.js';

const withFile = <T>(path: string, look: (fd: number) => T): T | undefined => {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    return look(fd);
  } finally {
    closeSync(fd);
  }
};

/** Start of the last member, found from header to header; 0 where the archive was not compressed by us. */
const startOfLastMember = (fd: number): number => {
  const { size } = fstatSync(fd);
  const header = Buffer.alloc(MEMBER_HEADER_BYTES);
  for (let at = 0; ; ) {
    readSync(fd, header, 0, header.length, at);
    const member = readMember(header);
    if (member === undefined || member.bytes <= MEMBER_HEADER_BYTES || at + member.bytes > size) return 0;
    if (at + member.bytes === size) return at;
    at += member.bytes;
  }
};

const lastSeqOfGzip = (path: string): number | undefined => {
  const start = withFile(path, startOfLastMember);
  if (start === undefined) return undefined;
  try {
    return lastSeqIn(gunzipSync(readFileSync(path).subarray(start)));
  } catch {
    return undefined;
  }
};

const lastSeqAt = (path: string): number | undefined =>
  path.endsWith('.gz') ? lastSeqOfGzip(path) : withFile(path, lastSeqOf);

/** The highest number at the end of the log at `path`, or of what was rotated out of it by us or by logrotate; 0 for none. */
export const lastSeq = (path: string): number => {
  const live = lastSeqAt(path);
  if (live !== undefined) return live;
  const rotated = [lastSeqAt(`${path}.1`) ?? lastSeqAt(`${path}.1.gz`) ?? 0];
  for (const { name } of [...listArchives(path)].reverse()) {
    const seq = name === undefined ? undefined : lastSeqAt(join(dirname(path), name));
    if (seq === undefined) continue;
    rotated.push(seq);
    break;
  }
  return Math.max(...rotated);
};
