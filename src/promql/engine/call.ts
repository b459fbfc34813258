/** Calls of functions, by the kind of their implementation. */

import type { Context, Implementation } from '../functions.js';
import type { Line, Matrix, Scalar, Value, Vector } from '../value.js';
import { renamed, vectorOf, vectorOfSeries } from './lines.js';
import { checkSize } from './steps.js';

type Kind<K extends Implementation['kind']> = Extract<Implementation, { kind: K }>;

const scalarsOf = (args: readonly Value[]): Float64Array[] =>
  args.filter((arg): arg is Scalar => arg.type === 'scalar').map(({ values }) => values);

const overTime = (
  { fill, keepsName }: Kind<'over time'>,
  args: readonly Value[],
  context: Context,
): Vector => {
  const matrix = args.find((arg): arg is Matrix => arg.type === 'matrix') as Matrix;
  const others = scalarsOf(args);
  const count = context.times.length;
  checkSize(matrix.ranges.length * count);
  const lines = matrix.ranges.map((range): Line => {
    const column = { values: new Float64Array(count), has: new Uint8Array(count) };
    fill(range, matrix, others, column, context);
    const { labels, dropName } = keepsName ? range : renamed(range, context.delayed);
    return { labels, dropName, ...column };
  });
  return vectorOfSeries(lines, context.delayed);
};

const each = ({ map }: Kind<'each'>, args: readonly Value[], context: Context): Vector => {
  const count = context.times.length;
  const [first, ...rest] = args;
  const others = scalarsOf(rest);
  const [second] = others;
  const lines = (first as Vector).lines.map((line): Line => {
    const values = new Float64Array(count);
    for (let step = 0; step < count; step++) {
      if (!line.has[step]) continue;
      const value = line.values[step] as number;
      values[step] =
        second === undefined
          ? map(value)
          : others.length === 1
            ? map(value, second[step] as number)
            : map(value, ...others.map((other) => other[step] as number));
    }
    return { ...renamed(line, context.delayed), values, has: line.has };
  });
  return vectorOf(lines);
};

export const call = (implementation: Implementation, args: readonly Value[], context: Context): Value => {
  switch (implementation.kind) {
    case 'over time':
      return overTime(implementation, args, context);
    case 'each':
      return each(implementation, args, context);
    case 'whole': {
      const value = implementation.call(args, context);
      return value.type === 'vector' ? vectorOf(value.lines) : value;
    }
  }
};
