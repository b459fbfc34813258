/** What has not changed since the last reading is not parsed again: most disks and interfaces are idle most of the time. */

/** Keeps what `make` made of a text, and gives the same again while the text and all else it depends on stay the same. */
export const whileSame = <T, Else>(
  make: (text: string, other: Else) => T,
): ((text: string, other: Else) => T) => {
  let last: { readonly text: string; readonly other: Else; readonly made: T } | undefined;
  return (text, other) => {
    if (last === undefined || last.text !== text || last.other !== other)
      last = { text, other, made: make(text, other) };
    return last.made;
  };
};
