/** `--include`, `--exclude` and `--exclude-dir`: which names are looked at, by the rules of GNU grep. */

import { globSource } from '../texts/glob.js';

export interface Glob {
  readonly include: boolean;
  readonly glob: string;
}

/**
 * Whether a name is wanted. The last glob that fits decides; where none fits, it is the opposite of the first. A name from the
 * command line is also fitted by its end, after any slash; both fit with all that is below.
 */
export const openGlobs = (globs: readonly Glob[]): ((name: string, isNamed: boolean) => boolean) => {
  const rules = globs.map(({ include, glob }) => {
    const source = globSource(glob.length > 1 ? glob.replace(/\/+$/, '') : glob);
    return {
      include,
      below: new RegExp(`^${source}$`, 'u'),
      named: new RegExp(`(?:^|/)${source}(?:$|/)`, 'u'),
    };
  });
  const [first] = rules;
  if (first === undefined) return () => true;
  return (name, isNamed) => {
    const rule = rules.findLast(({ below, named }) => (isNamed ? named : below).test(name));
    return rule === undefined ? !first.include : rule.include;
  };
};
