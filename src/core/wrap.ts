/** Text over several lines, for a terminal of a given width. Nothing is left out. */

import { widthOf } from './width.js';

/** A name without blanks goes on behind one of these rather than in the middle of a word. */
const BREAKS = /[/._,\]-]/;

/** A word in pieces of at most `width` cells, the first of at most `first`. */
const breakWord = (word: string, first: number, width: number): string[] => {
  const pieces: string[] = [];
  let piece = '';
  let room = first;
  for (const character of word) {
    if (piece !== '' && widthOf(piece + character) > room) {
      let end = piece.length;
      while (end > piece.length / 2 && !BREAKS.test(piece[end - 1] as string)) end--;
      if (end <= piece.length / 2) end = piece.length;
      pieces.push(piece.slice(0, end));
      piece = piece.slice(end);
      room = width;
    }
    piece += character;
  }
  return [...pieces, piece];
};

/** Words in lines of at most `width` cells, those after the first begin with `indent`. A word that is too long is broken. */
export const wrap = (text: string, width: number, indent = ''): string => {
  const room = width - indent.length;
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(' ')) {
    if (line !== undefined && widthOf(`${line} ${word}`) <= width) {
      line = `${line} ${word}`;
      continue;
    }
    if (line !== undefined) lines.push(line);
    const pieces = breakWord(word, lines.length === 0 ? width : room, room).map((piece, index) =>
      lines.length === 0 && index === 0 ? piece : indent + piece,
    );
    line = pieces.pop() as string;
    lines.push(...pieces);
  }
  return [...lines, line ?? ''].join('\n');
};
