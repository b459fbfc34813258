/** What a result comes with: warnings that it may be wrong, and infos that the query may not mean what it says. */

import { placeOf, type Span } from './ast.js';

export interface Annotations {
  /** Whole sentences in Prometheus's words, each once: `PromQL warning: … (1:8)`. */
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** Collects them while a query is evaluated. */
export interface Annotator {
  readonly warn: (text: string, at: Span) => void;
  readonly inform: (text: string, at: Span) => void;
  readonly all: () => Annotations;
}

export const openAnnotator = (query: string): Annotator => {
  const warnings = new Set<string>();
  const infos = new Set<string>();
  const placed = (text: string, at: Span): string => `${text} (${placeOf(query, at.start)})`;
  return {
    warn: (text, at) => warnings.add(`PromQL warning: ${placed(text, at)}`),
    inform: (text, at) => infos.add(`PromQL info: ${placed(text, at)}`),
    all: () => ({ warnings: [...warnings], infos: [...infos] }),
  };
};
