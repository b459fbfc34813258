/** How often a byte stands between two offsets. */
export const countByte = (bytes: Buffer, byte: number, start: number, end: number): number => {
  let count = 0;
  for (let at = bytes.indexOf(byte, start); at !== -1 && at < end; at = bytes.indexOf(byte, at + 1)) count++;
  return count;
};
