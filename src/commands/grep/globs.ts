/** `--include`, `--exclude` and `--exclude-dir`: which names are looked at, by the rules of GNU grep. */

export interface Glob {
  readonly include: boolean;
  readonly glob: string;
}

const CLASS = /^\[([!^]?)(\]?[^\]]*)\]/;

/** The glob's text as a regular expression: `*`, `?`, `[a-z]`, `[!a-z]`, and `\` before what stands for itself. A `*` passes over slashes, too. */
const sourceOf = (glob: string): string => {
  let source = '';
  for (let at = 0; at < glob.length; at++) {
    const one = glob[at] as string;
    const [whole, not = '', members = ''] = (one === '[' && CLASS.exec(glob.slice(at))) || [];
    if (one === '*') source += '[^]*';
    else if (one === '?') source += '[^]';
    else if (whole !== undefined) {
      source += `[${not && '^'}${members.replace(/[\\\]^]/g, '\\$&')}]`;
      at += whole.length - 1;
    } else {
      if (one === '\\' && at + 1 < glob.length) at++;
      source += (glob[at] as string).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    }
  }
  return source;
};

/**
 * Whether a name is wanted. The last glob that fits decides; where none fits, it is the opposite of the first. A name from the
 * command line is also fitted by its end, after any slash; both fit with all that is below.
 */
export const openGlobs = (globs: readonly Glob[]): ((name: string, isNamed: boolean) => boolean) => {
  const rules = globs.map(({ include, glob }) => {
    const source = sourceOf(glob.length > 1 ? glob.replace(/\/+$/, '') : glob);
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
