/** An expression may begin with a minus, and the parser of options would take it for some of them. */

import type { Command } from 'commander';

/** `-f` with its path behind it, as in `-f/var/log/sysmon.log`, and nothing that could be PromQL. */
const ATTACHED = /^-f[/.~]/;

const isOption = (word: string): boolean => word.startsWith('--') || word.length <= 2 || ATTACHED.test(word);

/** The words with such an expression at their end, behind `--`. */
export const setExpressionApart = (words: readonly string[], command: Command): readonly string[] => {
  if (words.includes('--')) return words;
  const takesValue = (word: string | undefined): boolean =>
    command.options.some(
      ({ long, short, required, optional }) => (required || optional) && (word === long || word === short),
    );
  const at = words.findIndex(
    (word, index) => word.startsWith('-') && !isOption(word) && !takesValue(words[index - 1]),
  );
  return at < 0 ? words : [...words.slice(0, at), ...words.slice(at + 1), '--', words[at] as string];
};
