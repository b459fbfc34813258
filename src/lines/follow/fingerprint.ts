/** What a file was seen to hold: its first bytes, and those before the place that reading has come to. */

/** Gives what the file holds at a place, fewer bytes at its end. They are valid until the next call. */
export type ReadAt = (position: number, length: number) => Uint8Array;

/** What is remembered of what was read. */
export interface Seen {
  /** The first bytes. */
  readonly head: Uint8Array;
  /** The bytes that end at the place reading has come to. */
  readonly before: Uint8Array;
}

export interface Fingerprint {
  /** Bytes that were read on. */
  readonly note: (bytes: Uint8Array) => void;
  /** Whether a file holds the same where this one was read, as far as it is remembered. */
  readonly matches: (read: ReadAt) => boolean;
  /** Whether a file that has become shorter is still the same up to its new end, and there is enough of it to tell. */
  readonly matchesUpTo: (size: number, read: ReadAt) => boolean;
  /** Forgets what was beyond this place. */
  readonly cut: (size: number) => void;
  readonly seen: () => Seen;
}

/** Bytes of the head that are remembered. */
export const HEAD = 1024;

/** Bytes before the place. A torn record that is cut off again should lie within. */
export const BEFORE = 4096;

/** As many bytes that agree are no chance: with fewer, a file that is shorter is taken for a new one. */
const ENOUGH = 512;

/** What a file holds before `offset`, as much as is remembered of it. */
export const takeSeen = (offset: number, read: ReadAt): Seen => {
  const length = Math.min(BEFORE, offset);
  return {
    head: Uint8Array.from(read(0, Math.min(HEAD, offset))),
    before: Uint8Array.from(read(offset - length, length)),
  };
};

/** The fingerprint of a file that was read up to `offset`. */
export const openFingerprint = (offset: number, seen: Seen): Fingerprint => {
  let { head, before } = seen;
  let place = offset;

  /** Whether up to `size` all is as remembered. */
  const agrees = (size: number, read: ReadAt): boolean => {
    const first = Math.min(head.length, size);
    if (Buffer.compare(read(0, first), head.subarray(0, first)) !== 0) return false;
    // A file no longer than its head has no more to show.
    if (size <= first) return true;
    const start = place - before.length;
    const last = before.subarray(0, size - start);
    return Buffer.compare(read(start, last.length), last) === 0;
  };

  return {
    note: (bytes) => {
      if (head.length < HEAD && place === head.length)
        head = Buffer.concat([head, bytes.subarray(0, HEAD - head.length)]);
      const kept = Math.min(before.length, Math.max(0, BEFORE - bytes.length));
      before =
        kept === 0
          ? Uint8Array.from(bytes.subarray(-BEFORE))
          : Buffer.concat([before.subarray(before.length - kept), bytes]);
      place += bytes.length;
    },
    matches: (read) => agrees(place, read),
    matchesUpTo: (size, read) => size >= ENOUGH && size > place - before.length && agrees(size, read),
    cut: (size) => {
      before = before.subarray(0, Math.max(0, size - (place - before.length)));
      head = head.subarray(0, size);
      place = size;
    },
    seen: () => ({ head, before }),
  };
};
