/** Evaluating an expression over series: at one moment, or at many at once. */

export { evaluate } from './engine/evaluate.js';
export { isOrdered } from './engine/result.js';
export { selectionsOf } from './engine/selections.js';
export type {
  EngineOptions,
  Evaluate,
  Moments,
  Points,
  Result,
  SelectionsOf,
} from './engine/types.js';
