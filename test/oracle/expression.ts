/** Expressions as trees of texts, so that one that fails can be made smaller. */

export type Kind = 'vector' | 'scalar' | 'matrix';

export interface Expression {
  readonly kind: Kind;
  /** One text more than there are parts; they stand around them. */
  readonly around: readonly string[];
  readonly parts: readonly Expression[];
  /** Whether the order of its series is told by its parts, in a range query too. It counts where topk cuts between equals. */
  readonly ordered: boolean;
}

export const textOf = ({ around, parts }: Expression): string =>
  parts.map((part, index) => around[index] + textOf(part)).join('') + around.at(-1);

/** `§` stands for a part. */
export const tree = (kind: Kind, ordered: boolean, template: string, ...parts: Expression[]): Expression => ({
  kind,
  around: template.split('§'),
  parts,
  ordered: ordered && parts.every((part) => part.ordered),
});

/** Smaller expressions of the same kind: each part that could stand for the whole, and the whole with one part made smaller. */
export const smaller = (whole: Expression): readonly Expression[] => {
  const found: Expression[] = whole.parts.filter(({ kind }) => kind === whole.kind);
  for (const part of whole.parts)
    found.push(...part.parts.filter(({ kind }) => kind === whole.kind && kind !== 'matrix'));
  whole.parts.forEach((part, index) => {
    for (const less of smaller(part)) found.push({ ...whole, parts: whole.parts.with(index, less) });
  });
  return found;
};
