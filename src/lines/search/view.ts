/** What is looked at: a part of a text in a buffer, of which a piece at a time is made a string. */

export interface View {
  bytes: Buffer;
  /** Offset in the text of the buffer's first byte. */
  origin: number;
  /** Offset in the buffer of the piece's first character. */
  base: number;
}
