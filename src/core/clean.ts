/** Text that came from a process name, a mount point or a log, made safe for a terminal. */

/**
 * What a terminal would act on, or what would show a text otherwise than it is: controls (C0, DEL, C1), lone surrogates,
 * line and paragraph separators, marks that change the direction of writing, and characters that cannot be seen.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\ud800-\udfff]/gu;

const NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const show = (character: string): string => {
  const code = character.codePointAt(0) as number;
  const hex = code.toString(16);
  return (
    NAMES[character] ??
    (code < 0x100
      ? `\\x${hex.padStart(2, '0')}`
      : code < 0x10000
        ? `\\u${hex.padStart(4, '0')}`
        : `\\u{${hex}}`)
  );
};

/** The text with everything that a terminal would act on written out as an escape, such as `\x1b`. */
export const clean = (text: string): string => text.replace(UNSAFE, show);

/** The same for a text of several lines, which stay lines. */
export const cleanLines = (text: string): string => text.split('\n').map(clean).join('\n');
