import { expect, test } from 'vitest';
import { type Expression, smaller, textOf } from '../oracle/expression.js';
import { generator } from '../oracle/generator.js';
import { askAt, askRange, usePrometheus } from '../oracle/prometheus.js';
import { differences, errorDifferences, outcomeOf, outcomeOfAnswer } from '../oracle/results.js';
import { asOpenMetrics, asSeriesSet, START, STEP, STEPS } from '../oracle/samples.js';

/** Another one asks other expressions. */
const SEED = Number(process.env.FUZZ_SEED ?? 5);
const COUNT = Number(process.env.FUZZ_COUNT ?? 4000);
/** How many are on their way at once. */
const AT_ONCE = 8;
const MOST_SHOWN = Number(process.env.FUZZ_SHOWN ?? 5);

/** The samples have gone through sums whose rounding 3.x does better: what is this small beside them is nothing. */
const SCALE = 1e-3;

/** ms: finer than the samples, at every sample, and coarser. */
const STEPS_OF_RANGES = [4_000, 15_000, 37_000, 60_000, 111_000, 300_000];

const prometheus = usePrometheus(asOpenMetrics);
const set = asSeriesSet();

/** ms; a step of 0 asks for an instant. */
interface Moments {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

interface Compared {
  readonly found: readonly string[];
  readonly kind: 'answer' | 'empty' | 'error';
}

const compare = async (expression: Expression, moments: Moments): Promise<Compared> => {
  const query = textOf(expression);
  const theirs = outcomeOfAnswer(
    await (moments.step === 0
      ? askAt(prometheus(), query, moments.start)
      : askRange(prometheus(), query, moments)),
  );
  const kind = theirs.type === 'error' ? 'error' : theirs.table.size === 0 ? 'empty' : 'answer';
  const ours = outcomeOf(query, set, moments);
  return { found: [...differences(ours, theirs, SCALE), ...errorDifferences(ours, theirs)], kind };
};

/** The smallest that still fails, by taking the first smaller one that does as long as there is one. */
const shrink = async (expression: Expression, moments: Moments): Promise<Expression> => {
  for (const less of smaller(expression)) {
    const { found } = await compare(less, moments);
    if (found.length > 0) return shrink(less, moments);
  }
  return expression;
};

test(`answers ${COUNT} random expressions of seed ${SEED} as Prometheus does`, async () => {
  const { next, expression } = generator(SEED);
  const momentsOf = (instant: boolean): Moments => {
    const start = START + Math.floor((next() * STEPS * STEP) / 1000) * 1000 + 123;
    const step = instant ? 0 : (STEPS_OF_RANGES[Math.floor(next() * STEPS_OF_RANGES.length)] as number);
    return { start, end: start + Math.floor(next() * 20) * step, step };
  };
  const cases = Array.from({ length: COUNT }, () => {
    const instant = next() < 0.4;
    return { tree: expression(instant), moments: momentsOf(instant) };
  });
  const counts = { answer: 0, empty: 0, error: 0 };
  const failed: (typeof cases)[number][] = [];
  let at = 0;
  const work = async (): Promise<void> => {
    for (let one = cases[at++]; one !== undefined; one = cases[at++]) {
      const { found, kind } = await compare(one.tree, one.moments);
      counts[kind]++;
      if (found.length > 0) failed.push(one);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const shown: string[] = [];
  for (const { tree, moments } of failed.slice(0, MOST_SHOWN)) {
    const least = await shrink(tree, moments);
    const { found } = await compare(least, moments);
    const { start, end, step } = moments;
    shown.push(`${textOf(least)}\n  from ${start} to ${end} step ${step}: ${found.slice(0, 2).join('; ')}`);
  }
  expect(shown, `FUZZ_SEED=${SEED}: ${failed.length} failed`).toEqual([]);
  // Most of them say something.
  expect(counts.answer).toBeGreaterThan(COUNT / 2);
});
