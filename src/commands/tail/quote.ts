/** Names of files in messages, as GNU's programs write them (gnulib's quotearg in its shell-escape styles). */

/** What a shell would not take for a plain word; a brace does only where it stands alone. */
const SPECIAL = /[\s!"$&'()*;<=>?[\\^`|\u0000-\u001f\u007f]|^[#~]|^[{}]$/;

const CONTROLS = /([\u0000-\u001f\u007f]+)/;

const NAMES: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\u000b': '\\v',
  '\f': '\\f',
  '\r': '\\r',
};

const escapeControl = (character: string): string =>
  NAMES[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;

/** Always in quotes: `'a b'`, `"it's"`, `'a'$'\n''b'`. */
export const quoteAlways = (name: string): string => {
  if (!CONTROLS.test(name))
    return name.includes("'") && !/["$`\\!]/.test(name) ? `"${name}"` : `'${name.replaceAll("'", "'\\''")}'`;
  return name
    .split(CONTROLS)
    .map((part, index, parts) => {
      if (index % 2 === 1) return `$'${[...part].map(escapeControl).join('')}'`;
      const isEnd = index === parts.length - 1;
      return part === '' && (isEnd || index > 0) ? '' : `'${part.replaceAll("'", "'\\''")}'`;
    })
    .join('');
};

/** In quotes only where a shell needs them. */
export const quoteIfNeeded = (name: string): string =>
  name === '' || SPECIAL.test(name) ? quoteAlways(name) : name;
