/**
 * How an archive is laid out: gzip members (RFC 1952) one after the other, each of about 1 MiB of whole lines. Every
 * member's header has an extra field `SM` that says how long the member is and which times are in it, so that a reader can hop
 * from member to member without decompressing. Programs that know nothing of it read the whole as one gzip file.
 *
 *     offset  bytes  little endian
 *          0     10  1f 8b 08 04, mtime 0, XFL 0, OS 255
 *         10      2  28, length of all extra fields
 *         12      4  'S' 'M', 24
 *         16      4  length of the whole member
 *         20      4  length of its lines
 *         24      8  earliest record time in it, ms since 1970, signed
 *         32      8  latest record time
 *         40         deflate data, then CRC-32 and length as in every gzip member
 */

export interface MemberTimes {
  /** Earliest and latest record time, ms since 1970. They differ from first and last where the clock was set. */
  readonly earliest: number;
  readonly latest: number;
}

export interface Member extends MemberTimes {
  /** Length of the whole member in the archive. */
  readonly bytes: number;
  /** Length of what it decompresses to. */
  readonly plainBytes: number;
}

/** Enough to read any header of ours. */
export const MEMBER_HEADER_BYTES = 40;

const FIELD_BYTES = 24;
/** What Node's zlib writes: no name, no extra field. */
const PLAIN_HEADER_BYTES = 10;
const FEXTRA = 4;

/** Turns what `zlib.gzip` gave for some lines into a member. */
export const makeMember = (gzipped: Uint8Array, plainBytes: number, times: MemberTimes): Buffer => {
  if (gzipped[0] !== 0x1f || gzipped[1] !== 0x8b || gzipped[3] !== 0)
    throw new Error('gzip data with an unexpected header');
  const body = gzipped.subarray(PLAIN_HEADER_BYTES);
  const member = Buffer.alloc(MEMBER_HEADER_BYTES + body.length);
  member.set([0x1f, 0x8b, 8, FEXTRA, 0, 0, 0, 0, 0, 255]);
  member.writeUInt16LE(4 + FIELD_BYTES, 10);
  member.write('SM', 12, 'latin1');
  member.writeUInt16LE(FIELD_BYTES, 14);
  member.writeUInt32LE(member.length, 16);
  member.writeUInt32LE(plainBytes, 20);
  member.writeBigInt64LE(BigInt(times.earliest), 24);
  member.writeBigInt64LE(BigInt(times.latest), 32);
  member.set(body, MEMBER_HEADER_BYTES);
  return member;
};

/** What the header at the start of `bytes` says; undefined where it is not one of ours, or cut off. */
export const readMember = (bytes: Uint8Array): Member | undefined => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < 12 || view.readUInt32BE(0) >>> 8 !== 0x1f8b08 || (view.readUInt8(3) & FEXTRA) === 0)
    return undefined;
  const end = 12 + view.readUInt16LE(10);
  if (view.length < end) return undefined;
  for (let at = 12; at + 4 <= end; ) {
    const length = view.readUInt16LE(at + 2);
    const start = at + 4;
    if (view.toString('latin1', at, at + 2) === 'SM' && length >= FIELD_BYTES && start + length <= end) {
      return {
        bytes: view.readUInt32LE(start),
        plainBytes: view.readUInt32LE(start + 4),
        earliest: Number(view.readBigInt64LE(start + 8)),
        latest: Number(view.readBigInt64LE(start + 16)),
      };
    }
    at = start + length;
  }
  return undefined;
};

/** Where a line keeps its time: pino writes level and time first. */
const TIME = /^\{"level":\d+,"time":(-?\d+)/;
/** Longer than any such beginning of ours. */
const HEAD_BYTES = 64;
const NEWLINE = 10;

const ALL_OF_TIME: MemberTimes = { earliest: Number.MIN_SAFE_INTEGER, latest: Number.MAX_SAFE_INTEGER };

/** Of no lines. */
export const NO_TIMES: MemberTimes = {
  earliest: Number.POSITIVE_INFINITY,
  latest: Number.NEGATIVE_INFINITY,
};

/** With what some more lines add. */
export const widenTimes = ({ earliest, latest }: MemberTimes, lines: Buffer): MemberTimes => {
  let [least, most] = [earliest, latest];
  // Line by line: all of it as one text would be as much memory again.
  for (let start = 0; start < lines.length; ) {
    const [head, digits] = TIME.exec(lines.toString('latin1', start, start + HEAD_BYTES)) ?? [];
    if (head !== undefined) {
      const time = Number(digits);
      if (!Number.isSafeInteger(time) || head.length === HEAD_BYTES) return ALL_OF_TIME;
      if (time < least) least = time;
      if (time > most) most = time;
    }
    const newline = lines.indexOf(NEWLINE, start);
    if (newline === -1) break;
    start = newline + 1;
  }
  return { earliest: least, latest: most };
};

/** What a member says: all of time where none of its lines has one, so that no search leaves them out. */
export const settleTimes = (times: MemberTimes): MemberTimes =>
  times.earliest <= times.latest ? times : ALL_OF_TIME;

/** Earliest and latest time in some lines; all of time too where somebody else's has one that is none. */
export const timesIn = (lines: Buffer): MemberTimes => settleTimes(widenTimes(NO_TIMES, lines));
