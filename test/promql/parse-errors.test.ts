/**
 * What is wrong with 400 bad queries, in Prometheus's words. `old` is what promtool 2.42 says (test/system/promql-parse.test.ts asks it
 * again); where Prometheus 3 is known to say something else, or sysmon to refuse, `error` stands beside it, with the reason.
 */

import { describe, expect, it } from 'vitest';
import { ParseError } from '../../src/promql/ast.js';
import { parse } from '../../src/promql/parse.js';
import cases from './parse-errors.json' with { type: 'json' };

interface Case {
  readonly query: string;
  readonly old: string;
  readonly error?: string;
  readonly why?: string;
}

const complaint = (query: string): string => {
  try {
    parse(query);
    return 'ok';
  } catch (error) {
    if (error instanceof ParseError) return error.message;
    throw error;
  }
};

describe('a bad query', () => {
  it.each(cases as readonly Case[])('$query', ({ query, old, error }) => {
    expect(complaint(query)).toBe(error ?? old);
  });

  it('has a reason where it is told in other words than those of 2.42', () => {
    const differing = (cases as readonly Case[]).filter(({ error }) => error !== undefined);
    expect(differing.filter(({ old, error, why }) => old === error || (why ?? '') === '')).toEqual([]);
    expect(cases.length - differing.length).toBeGreaterThan(300);
  });
});
