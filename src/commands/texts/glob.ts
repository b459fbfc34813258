/** Globs as the C library's fnmatch has them: `*`, `?`, `[a-z]`, `[!a-z]`, and `\` before what stands for itself. */

const CLASS = /^\[([!^]?)(\]?[^\]]*)\]/;

/** A range that runs backwards has nothing in it. */
const classSource = (not: string, members: string): string => {
  const inside = members.replace(/[\\\]^]/g, '\\$&');
  try {
    new RegExp(`[${inside}]`, 'u');
    return `[${not && '^'}${inside}]`;
  } catch {
    return not ? '[^]' : '[]';
  }
};

/** The text of a glob as a regular expression (flag `u`). A `*` passes over slashes, too; several are one, so that they cannot take for ever. */
export const globSource = (glob: string): string => {
  let source = '';
  for (let at = 0; at < glob.length; at++) {
    const one = glob[at] as string;
    const [whole, not = '', members = ''] = (one === '[' && CLASS.exec(glob.slice(at))) || [];
    if (one === '*') {
      while (glob[at + 1] === '*') at++;
      source += '[^]*';
    } else if (one === '?') source += '[^]';
    else if (whole !== undefined) {
      source += classSource(not, members);
      at += whole.length - 1;
    } else {
      if (one === '\\' && at + 1 < glob.length) at++;
      source += (glob[at] as string).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    }
  }
  return source;
};
