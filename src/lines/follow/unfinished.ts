/** Holds back a last line until it is finished. */

export interface Unfinished {
  /** Whole lines, with what was held before them; undefined where there is none yet. Valid until the next call. */
  readonly take: (bytes: Uint8Array) => Uint8Array | undefined;
  /** What is held, and holds it no more; undefined where nothing is. */
  readonly release: () => Uint8Array | undefined;
  /** Forgets the last so many bytes of what is held. */
  readonly cut: (bytes: number) => void;
  /** Bytes held. */
  readonly length: () => number;
}

/** A longer line is not worth its memory: what came of it is to be released. */
export const LONGEST_HELD = 64 * 1024 * 1024;

export const holdUnfinished = (separator: number): Unfinished => {
  /** Grows by doubling, so that a line that comes in many small pieces costs no more than a few copies of it. */
  let held = Buffer.alloc(0);
  let length = 0;

  const hold = (bytes: Uint8Array): void => {
    const needed = length + bytes.length;
    if (needed > held.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * held.length));
      held.copy(larger, 0, 0, length);
      held = larger;
    }
    held.set(bytes, length);
    length = needed;
  };

  const release = (): Uint8Array | undefined => {
    if (length === 0) return undefined;
    const all = held.subarray(0, length);
    held = Buffer.alloc(0);
    length = 0;
    return all;
  };

  return {
    take: (bytes) => {
      const end = bytes.lastIndexOf(separator) + 1;
      if (end === 0) {
        hold(bytes);
        return undefined;
      }
      let whole = bytes.subarray(0, end);
      if (length > 0) {
        hold(whole);
        whole = release() as Uint8Array;
      }
      if (end < bytes.length) hold(bytes.subarray(end));
      return whole;
    },
    release,
    cut: (bytes) => {
      length = Math.max(0, length - bytes);
    },
    length: () => length,
  };
};
