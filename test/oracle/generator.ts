/**
 * Random expressions. The same seed always gives the same.
 *
 * What Prometheus 2.42 and 3.x do not answer alike is not asked, and nothing else is left out:
 *
 * - Windows and the lookback were closed on the left. Ranges end in 300 ms, moments in 123 or 0 or 500 ms, samples in 0 ms, so
 *   that no edge of a window meets a sample or a step of a subquery; steps of subqueries and offsets are multiples of 5 s, and
 *   samples lie 2 s beside these, so that no lookback of 5 m meets one.
 * - `atan2` kept the metric's name: its left side is summed here, and has none.
 * - `.` met no newline: no regular expression here is given one.
 * - stddev and stdvar took an infinity or NaN that came first in a group for a number: theirs are filtered.
 * - histogram_fraction was for native histograms alone; histogram_quantile raised counts that fell by rounding alone, which shows
 *   where the rank is exactly such a count: buckets are here summed and rated, and no more.
 * - rate and increase went beyond half a distance between samples where a counter would have been zero there: what they are
 *   asked of has no gaps, and a long way to zero where it begins.
 * - Means and sums were rounded otherwise: what tells apart numbers that are nearly the same (`CHANGE`, `%`) is given `exact`
 *   ones, what jumps (`WHOLE`) and count_values such as are `moved` off the jumps.
 * - predict_linear and quantile_over_time of a window nailed by `@` let it go on from step to step, over what was loaded.
 * - An aggregation of what is the same at all steps was taken for the same, whatever its parameter, and `@` in a parameter did
 *   nothing: no parameter goes along with an `@`.
 * - What is the same at all steps was evaluated, and could fail, in a subquery without any step (and is so in 3.x): each has one.
 * - count_values by three labels lost the last of them after the first step: it has two at most.
 * - What is nailed in a subquery that is nailed and lies in another was looked for at a wrong time where both began at the same
 *   step (and so in 3.x): such subqueries are not nailed. They are evaluated up to the end of the outer one's window rather
 *   than to its last step (and so in 3.x), and could fail there: what is in them cannot fail.
 * - Sums along a line were NaN if one that went in was infinite: what lines are laid through is finite.
 * - That the count of topk is NaN was told in other words: it is a number.
 * - `timestamp` of a selector takes no account of an offset beside `@` but for what is loaded (and so in 3.x): it has but one.
 * - Of equals, and of NaNs, topk and bottomk kept others where they keep two or more: these are asked for one, or of values that
 *   are all different. Which of equals is one depends on the series' order, which is left to a hash map where there are
 *   several steps (and is so in 3.x).
 */

import { type Expression, textOf, tree } from './expression.js';
import {
  AGGREGATIONS,
  AHEAD,
  ARITHMETIC,
  BETWEEN,
  BUCKETS,
  CHANGE,
  COMPARISONS,
  COUNTS,
  DISTINCT,
  EACH,
  FINITE,
  LABELS,
  NUMBERS,
  OF_NOW,
  OFFSETS,
  OVER_TIME,
  QUANTILES,
  RANGES,
  SELECTORS,
  STEADY,
  STEPS,
  TIMES,
  VARYING,
  WAVES,
  WHENS,
  WHOLE,
} from './vocabulary.js';

type Next = () => number;

/** Park and Miller's generator: 0 to 1, both excluded. */
const randomOf = (seed: number): Next => {
  let state = (Math.abs(Math.trunc(seed)) % 2_147_483_646) + 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  // Seeds beside each other begin beside each other.
  for (let index = 0; index < 10; index++) next();
  return next;
};

type Way = readonly [weight: number, make: () => Expression];

export interface Generator {
  /** 0 to 1, for what else is to be random. */
  readonly next: Next;
  /** For one moment, or for several. */
  readonly expression: (instant: boolean) => Expression;
}

export const generator = (seed: number): Generator => {
  const next = randomOf(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T;
  const chance = (of: number): boolean => next() < of;
  const oneOf = (...ways: Way[]): Expression => {
    let left = next() * ways.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, make] of ways) {
      left -= weight;
      if (left < 0) return make();
    }
    throw new Error('there is no way');
  };
  /** Whether there is one step only, and so an order of all that is computed. */
  let single = true;
  /** Of a subquery. */
  let inside = false;
  const vectorOf = (template: string, ...parts: Expression[]) => tree('vector', single, template, ...parts);
  const ordered = (template: string, ...parts: Expression[]) => tree('vector', true, template, ...parts);
  const scalarOf = (template: string, ...parts: Expression[]) => tree('scalar', true, template, ...parts);

  const when = (): string => (chance(0.7) ? '' : pick(WHENS));
  const moving = (): string => (chance(0.7) ? '' : pick(OFFSETS));
  const labels = (most = 3): string => {
    const count = Math.floor(next() * (most + 1));
    return [...new Set(Array.from({ length: count }, () => pick(LABELS)))].join(', ');
  };
  const grouping = (most = 3): string =>
    chance(0.3) ? '' : ` ${pick(['by', 'without'])} (${labels(most)}) `;
  const matching = (): string => {
    const match = `${pick(['on', 'ignoring'])} (${pick(['job', 'job, instance', 'instance', labels()])}) `;
    const group = `${match}${pick(['group_left', 'group_right'])} (${labels(1)}) `;
    return pick(['', '', match, match, group, group]);
  };

  const constant = (all: readonly string[]): Expression => scalarOf(pick(all));
  const number = (): Expression => constant(NUMBERS);
  const scalar = (depth: number): Expression =>
    depth <= 0
      ? number()
      : oneOf(
          [6, number],
          [2, () => scalarOf(pick(['time()', 'pi()']))],
          [2, () => scalarOf('scalar(§)', vector(depth - 1))],
          [1, () => scalarOf('scalar(sum(§))', vector(depth - 1))],
          [1, () => scalarOf('-§', number())],
          [
            1,
            () => scalarOf(`(§ ${pick([...ARITHMETIC, 'atan2'])} §)`, scalar(depth - 1), scalar(depth - 1)),
          ],
          [1, () => scalarOf(`(§ ${pick(COMPARISONS)} bool §)`, scalar(depth - 1), scalar(depth - 1))],
        );
  /** One that goes from step to step, where it may. */
  const parameter = (all: readonly string[], inner: Expression): Expression =>
    constant(chance(0.2) && !textOf(inner).includes('@') ? [VARYING] : all);

  const subquery = (make: () => Expression, place = when): Expression => {
    const outside = { single, inside };
    single = false;
    inside = true;
    const inner = outside.inside ? harmless() : make();
    ({ single, inside } = outside);
    const window = `${pick(RANGES)}:${pick(STEPS)}`;
    return tree('matrix', true, `(§)[${window}]${inside ? moving() : place()}`, inner);
  };
  const harmless = (): Expression =>
    oneOf(
      [2, selector],
      [1, () => vectorOf(`(§ ${pick(COMPARISONS)} §)`, selector(), constant(NUMBERS))],
      [1, () => vectorOf(`${pick(AGGREGATIONS)}${grouping()}(§)`, selector())],
    );
  const window = (selectors: readonly string[], place = when): Expression =>
    tree('matrix', true, `${pick(selectors)}[${pick(RANGES)}]${place()}`);
  const matrix = (depth: number, place = when): Expression =>
    depth <= 0 || chance(0.7) ? window(SELECTORS, place) : subquery(() => vector(depth - 1), place);
  const exactMatrix = (depth: number): Expression =>
    depth <= 0 || chance(0.7) ? window(SELECTORS) : subquery(() => exact(depth - 1));
  /** What a line is laid through. */
  const line = (depth: number, place: () => string): Expression =>
    chance(0.8)
      ? window(FINITE, place)
      : subquery(() => vectorOf('(§ > -Inf < Inf)', exact(depth - 1)), place);
  const steadyMatrix = (): Expression =>
    chance(0.8) ? window(STEADY) : subquery(() => ordered(pick(STEADY)));

  /** What has been through no rounding, or through the same as in Prometheus. */
  const exact = (depth: number): Expression => {
    if (depth <= 0) return selector();
    const part = (): Expression => exact(depth - 1);
    return oneOf(
      [3, selector],
      [
        2,
        () =>
          ordered(`${pick(['last_over_time', 'max_over_time', 'count_over_time'])}(§)`, exactMatrix(depth)),
      ],
      [2, () => vectorOf(`${pick(['min', 'max', 'count', 'group'])}${grouping()}(§)`, part())],
      [1, () => vectorOf('sum by (job) (http_requests_total)')],
      [1, () => vectorOf(`${pick([...WHOLE, 'abs'])}(§)`, part())],
      [1, () => vectorOf('-§', part())],
      [1, () => vectorOf(`(§ ${pick(COMPARISONS)} §)`, part(), constant(NUMBERS))],
      [1, () => vectorOf(`(§ ${pick(['and', 'or', 'unless'])} §)`, part(), part())],
    );
  };

  const selector = (): Expression => ordered(pick(SELECTORS) + when());
  const best = (depth: number): Expression => {
    const template = `${pick(['topk', 'bottomk'])}${grouping()}(§, §)`;
    const any = vector(depth - 1);
    if (single && any.ordered)
      return vectorOf(template, constant(['0', '1', '1.9']), vectorOf('§ >= -Inf', any));
    const inner = chance(0.5)
      ? ordered(pick(DISTINCT) + when())
      : ordered(`${pick(['avg_over_time', 'last_over_time', 'max_over_time'])}(§)`, window(DISTINCT));
    return vectorOf(template, parameter(COUNTS, inner), inner);
  };
  const quantile = (inner: Expression): Expression =>
    vectorOf(`quantile${grouping()}(§, §)`, parameter(QUANTILES, inner), inner);
  /** Moved off the whole and half numbers, on whose other side rounding may have put it. */
  const moved = (part: Expression): Expression =>
    part.parts.length === 0 ? part : vectorOf('(§ * 0.97 + 0.013)', part);
  /** Two whose labels are alike, or there would seldom be an answer. */
  const twins = (depth: number): [Expression, Expression] => {
    const one = vector(depth);
    return [one, vectorOf('(§ * 1.37 - 0.51)', one)];
  };
  const betweenVectors = (depth: number): Expression => {
    const [lhs, rhs] = chance(0.5) ? [vector(depth - 1), vector(depth - 1)] : twins(depth - 1);
    return vectorOf(`(§ ${pick(BETWEEN)} ${matching()}§)`, lhs, rhs);
  };
  const ofSets = (depth: number): Expression => {
    const match = chance(0.5) ? '' : `${pick(['on', 'ignoring'])} (${labels()}) `;
    return vectorOf(`(§ ${pick(['and', 'or', 'unless'])} ${match}§)`, vector(depth - 1), vector(depth - 1));
  };
  const replaced = (depth: number): Expression => {
    const target = pick(['x', 'job', 'instance', '__name__']);
    const pattern = `"${pick(LABELS)}", "${pick(['(.*)', '(a.*)', '([a-z]+).*', ''])}"`;
    return vectorOf(
      `label_replace(§, "${target}", "${pick(['$1', '$1-y', '', 'z'])}", ${pattern})`,
      vector(depth - 1),
    );
  };
  const joined = (depth: number): Expression => {
    const target = pick(['x', 'job', '__name__']);
    return vectorOf(
      `label_join(§, "${target}", "-", "${pick(LABELS)}", "${pick(LABELS)}")`,
      vector(depth - 1),
    );
  };

  const vector = (depth: number): Expression => {
    if (depth <= 0) return selector();
    const part = (): Expression => vector(depth - 1);
    const number = (): Expression => scalar(depth - 1);
    return oneOf(
      [10, selector],
      [11, () => ordered(`${pick(OVER_TIME)}(§)`, matrix(depth))],
      [10, () => ordered(`${pick(CHANGE)}(§)`, exactMatrix(depth))],
      [1, () => vectorOf('(§ % §)', exact(depth - 1), number())],
      [1, () => vectorOf(`(§ % ${matching()}§)`, exact(depth - 1), exact(depth - 1))],
      [2, () => exact(depth)],
      [4, () => ordered(`${pick(['rate', 'increase'])}(§)`, steadyMatrix())],
      [4, () => ordered('quantile_over_time(§, §)', constant(QUANTILES), matrix(depth))],
      [2, () => ordered('quantile_over_time(§, §)', number(), matrix(depth, moving))],
      [2, () => ordered('deriv(§)', line(depth, when))],
      [4, () => ordered('predict_linear(§, §)', line(depth, moving), constant(AHEAD))],
      [2, () => ordered('absent_over_time(§)', matrix(depth))],
      [2, () => ordered('absent(§)', part())],
      [5, () => vectorOf(`${pick(EACH)}(§)`, part())],
      [2, () => vectorOf(`${pick(WHOLE)}(§)`, moved(part()))],
      [2, () => vectorOf(pick(WAVES), part())],
      [1, () => ordered(`timestamp(${pick(SELECTORS)}${pick(TIMES)})`)],
      [1, () => vectorOf('timestamp(-§)', part())],
      [1, () => ordered(`${pick(OF_NOW)}()`)],
      [3, () => vectorOf(`${pick(['clamp_min', 'clamp_max', 'round'])}(§, §)`, part(), number())],
      [2, () => vectorOf('clamp(§, §, §)', part(), number(), number())],
      [2, () => tree('vector', false, `histogram_quantile(§, ${pick(BUCKETS)})`, constant(QUANTILES))],
      [1, () => tree('vector', false, `histogram_quantile(§, ${pick(BUCKETS)})`, number())],
      [12, () => vectorOf(`${pick(AGGREGATIONS)}${grouping()}(§)`, part())],
      [2, () => vectorOf(`${pick(['stddev', 'stdvar'])}${grouping()}(§ > -1e15 < 1e15)`, part())],
      [4, () => best(depth)],
      [3, () => quantile(part())],
      [
        2,
        () =>
          vectorOf(
            `count_values${grouping(2)}("${pick(['v', 'job'])}", clamp(round(§), -1000, 1000))`,
            moved(part()),
          ),
      ],
      [2, () => replaced(depth)],
      [1, () => joined(depth)],
      [1, () => ordered('vector(§)', number())],
      [2, () => vectorOf('-§', part())],
      [3, () => vectorOf(`(§ ${pick(BETWEEN)} §)`, part(), number())],
      [3, () => vectorOf(`(§ ${pick(BETWEEN)} §)`, number(), part())],
      [1, () => vectorOf(`(sum by (job, sensor, of) (§) atan2 §)`, part(), number())],
      [10, () => betweenVectors(depth)],
      [4, () => ofSets(depth)],
    );
  };

  return {
    next,
    expression: (instant) => {
      single = instant;
      return vector(3);
    },
  };
};
