/** Stands in for promql/regexp.ts until that is there: JavaScript's expressions, and Go's templates. */

export const compileRegexp = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, 'su');

export const expand = (regexp: RegExp, template: string, text: string): string | undefined => {
  const match = regexp.exec(text);
  if (match === null) return undefined;
  return template.replace(
    /\$(?:(\$)|(\w+)|\{(\w+)\})/g,
    (_all, dollar, bare, braced) =>
      dollar ?? match[Number(bare ?? braced)] ?? match.groups?.[bare ?? braced] ?? '',
  );
};
