/** Adds to an alarm about processes of a name that none has what similar ones are called. Loaded only then. */

import type { Verdict } from '../core/rule.js';
import { thresholdText } from '../core/words.js';
import { namesLike } from '../vitals/names-like.js';
import { Tree, type TreeRoots } from '../vitals/tree.js';

/** Nothing of that name runs, and somebody minds. */
const isAlone = ({ rule, state, value }: Verdict): boolean =>
  rule.path.group === 'process' && value === 0 && (state === 'warning' || state === 'critical');

/** `named` are those that were asked for by name, and not by a PID file. */
export const explainProcesses = (
  verdicts: readonly Verdict[],
  named: ReadonlySet<string>,
  roots: TreeRoots,
): readonly Verdict[] => {
  const tree = new Tree(roots);
  return verdicts.map((verdict) => {
    const [name] = verdict.path.id ?? [];
    if (!isAlone(verdict) || name === undefined || !named.has(name)) return verdict;
    const like = namesLike(tree, name)
      .slice(0, 3)
      .map((one) => `"${one}"`);
    if (like.length === 0) return verdict;
    return { ...verdict, reason: `${thresholdText(verdict)}; there is ${like.join(', ')}` };
  });
};
