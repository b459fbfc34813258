/** What a mistyped word was meant to be. */

/** Edits that make one word of the other: letters changed, added, left out, or two neighbours swapped (optimal string alignment). */
const distance = (a: string, b: string): number => {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let fewest = Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        fewest = Math.min(fewest, (before[j - 2] as number) + 1);
      next.push(fewest);
    }
    before = row;
    row = next;
  }
  return row[b.length] as number;
};

/** The known word that is nearest; undefined where none is near enough for a slip, of `most` edits. */
export const nearestWord = (
  word: string,
  known: Iterable<string>,
  most = Math.max(1, word.length / 3),
): string | undefined => {
  let nearest: string | undefined;
  let fewest = most;
  for (const candidate of known) {
    const steps = distance(word, candidate);
    if (steps > fewest || (steps === fewest && nearest !== undefined)) continue;
    nearest = candidate;
    fewest = steps;
  }
  return nearest;
};
