/** Runs a script: what passed, what failed and how, what was skipped and why. */

import { UnsupportedError } from '../../src/promql/ast.js';
import { evaluate, type Moments, type Result } from '../../src/promql/engine.js';
import { parse } from '../../src/promql/parse.js';
import {
  compareAnnotations,
  compareFailure,
  compareResult,
  compareValues,
  compareWithStep,
  type Difference,
} from './compare.js';
import { nailed } from './nail.js';
import { type Command, type Eval, readScript } from './script.js';
import { NeedsHistogram, Store } from './store.js';

export interface Failed extends Difference {
  readonly line: number;
  readonly query: string;
}

export interface Skipped {
  readonly line: number;
  readonly query: string;
  readonly reason: string;
}

export interface Outcome {
  readonly passed: number;
  readonly failed: readonly Failed[];
  readonly skipped: readonly Skipped[];
}

/** As Prometheus's own test engine. */
const OPTIONS = { delayedNames: true, lookback: 5 * 60_000, subqueryStep: 60_000 };

const MINUTE = 60_000;

/** Moments from which a query that is nailed to another one says the same, ms after it. */
const ELSEWHERE = [-3_600_000, 0, 1, 13 * MINUTE, 86_400_000];

/** `start()` and `end()` are others in a range, and from elsewhere. */
const OF_BOUNDS = /\b(start|end)\s*\(/;

type Verdict = Difference | undefined;

const told = (text: string, difference: Verdict): Verdict =>
  difference && { got: `${text}: ${difference.got}`, wanted: difference.wanted };

/** One of the further looks at a query; of what it sees beyond the first one, histograms stop it. */
const further = (look: () => Verdict): Verdict => {
  try {
    return look();
  } catch (error) {
    if (error instanceof NeedsHistogram) return undefined;
    return { got: `failure: ${(error as Error).message}`, wanted: 'the same result as before' };
  }
};

const evalOnce = (command: Eval, store: Store): Verdict => {
  const { query, start, end, step, expected } = command;
  let result: Result;
  const run = (moments: Moments, expr = parse(query)): Result =>
    evaluate(query, expr, store, moments, OPTIONS);
  try {
    result = run({ start, end, step });
  } catch (error) {
    if (error instanceof UnsupportedError || error instanceof NeedsHistogram) throw error;
    const { message } = error as Error;
    if (expected.fail.length > 0) return compareFailure(command, message);
    return { got: `failure: ${message}`, wanted: 'a result' };
  }
  if (expected.fail.length > 0) return { got: `a result of type ${result.type}`, wanted: 'a failure' };
  const difference = compareAnnotations(command, result) ?? compareResult(command, result);
  if (difference !== undefined || step > 0 || result.type === 'string' || result.type === 'matrix')
    return difference;
  if (OF_BOUNDS.test(query)) return undefined;
  const around = { start: start - MINUTE, end: start + MINUTE, step: MINUTE };
  const inRange = further(() => told('in a range', compareWithStep(result, run(around), start)));
  if (inRange !== undefined) return inRange;
  const expr = nailed(parse(query), start);
  if (expr === undefined) return undefined;
  for (const shift of ELSEWHERE) {
    const time = start + shift;
    const elsewhere = further(() =>
      told(
        `nailed to its time, ${shift / 1000}s from there`,
        compareValues(result, run({ start: time, end: time, step: 0 }, expr)),
      ),
    );
    if (elsewhere !== undefined) return elsewhere;
  }
  return undefined;
};

const IN_RESULT = 'a native histogram in the result expected';
const IN_DATA = 'a native histogram in the data';

const reasonOf = (error: unknown): string | undefined => {
  if (error instanceof NeedsHistogram) return IN_DATA;
  return error instanceof UnsupportedError ? error.reason : undefined;
};

const needsHistogram = ({ expected }: Eval): boolean =>
  expected.series.some(({ points }) => points.includes('histogram'));

export const runScript = (text: string): Outcome => {
  const store = new Store();
  let passed = 0;
  const failed: Failed[] = [];
  const skipped: Skipped[] = [];
  const judge = (command: Eval): void => {
    const { line, query } = command;
    if (needsHistogram(command)) {
      skipped.push({ line, query, reason: IN_RESULT });
      return;
    }
    try {
      const difference = evalOnce(command, store);
      if (difference === undefined) passed++;
      else failed.push({ line, query, ...difference });
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === undefined) throw error;
      skipped.push({ line, query, reason });
    }
  };
  const follow = (command: Command): void => {
    switch (command.kind) {
      case 'clear':
        store.clear();
        break;
      case 'load':
        store.load(command);
        break;
      case 'eval':
        judge(command);
        break;
      case 'broken':
        failed.push({
          line: command.line,
          query: command.text,
          got: command.reason,
          wanted: 'a command that can be read',
        });
        break;
    }
  };
  for (const command of readScript(text)) follow(command);
  return { passed, failed, skipped };
};
