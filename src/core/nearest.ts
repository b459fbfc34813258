/** What a mistyped word was meant to be. */

/** Levenshtein's edit distance. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
};

/** The known word that is nearest; undefined where none is near enough for a slip. */
export const nearestWord = (word: string, known: Iterable<string>): string | undefined => {
  let nearest: string | undefined;
  let fewest = Math.max(1, word.length / 3);
  for (const candidate of known) {
    const steps = distance(word, candidate);
    if (steps > fewest || (steps === fewest && nearest !== undefined)) continue;
    nearest = candidate;
    fewest = steps;
  }
  return nearest;
};
