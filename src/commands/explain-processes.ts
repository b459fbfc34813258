/** Adds to an alarm about processes that are not there why: what similar ones are called, or what is wrong with the PID file. Loaded only then. */

import type { Verdict } from '../core/rule.js';
import type { ProcessSelector } from '../core/vital.js';
import { thresholdText } from '../core/words.js';
import { namesLike } from '../vitals/names-like.js';
import { whyNoProcess } from '../vitals/pid-file.js';
import { Tree, type TreeRoots } from '../vitals/tree.js';

/** Nothing of that name runs, and somebody minds. */
const isAlone = ({ rule, state, value }: Verdict): boolean =>
  rule.path.group === 'process' && value === 0 && (state === 'warning' || state === 'critical');

const whyNone = (tree: Tree, { name, pidFile }: ProcessSelector): string | undefined => {
  if (pidFile !== undefined) return whyNoProcess(tree, pidFile);
  const like = namesLike(tree, name)
    .slice(0, 3)
    .map((one) => `"${one}"`);
  return like.length === 0 ? undefined : `there is ${like.join(', ')}`;
};

export const explainProcesses = (
  verdicts: readonly Verdict[],
  selectors: readonly ProcessSelector[],
  roots: TreeRoots,
): readonly Verdict[] => {
  const tree = new Tree(roots);
  return verdicts.map((verdict) => {
    const selector = selectors.find(({ name }) => name === verdict.path.id?.[0]);
    if (selector === undefined || !isAlone(verdict)) return verdict;
    const why = whyNone(tree, selector);
    return why === undefined ? verdict : { ...verdict, reason: `${thresholdText(verdict)}; ${why}` };
  });
};
