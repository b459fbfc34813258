/** What promtool says of the bad queries in test/promql/parse-errors.json, and of good ones that are made up. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParseError } from '../../src/promql/ast.js';
import { parse } from '../../src/promql/parse.js';
import cases from '../promql/parse-errors.json' with { type: 'json' };
import { hurtExpression, randomExpression } from '../promql/random-expression.js';

const VERSION = spawnSync('promtool', ['--version'], { encoding: 'utf8' }).stdout ?? '';

/** Of each query, in one call: 'ok', or the error. */
const askPromtool = (queries: readonly string[]): string[] => {
  const directory = mkdtempSync(join(tmpdir(), 'sysmon-promtool-'));
  try {
    const rules = queries.map((expr, index) => ({ record: `r${index}`, expr }));
    const file = join(directory, 'rules.yml');
    // YAML reads JSON.
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'g', rules }] }));
    const { stdout, stderr } = spawnSync('promtool', ['check', 'rules', file], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const answers = queries.map(() => 'ok');
    const said =
      /group "g", rule \d+, "r(\d+)": could not parse expression: ([\s\S]*?)(?=\n[^\n]*group "g", rule \d+, "r|\n*$)/g;
    for (const [, index, error] of `${stdout}${stderr}`.matchAll(said))
      answers[Number(index)] = error as string;
    return answers;
  } finally {
    rmSync(directory, { recursive: true });
  }
};

const complaint = (query: string): string => {
  try {
    parse(query);
    return 'ok';
  } catch (error) {
    if (error instanceof ParseError) return error.message;
    throw error;
  }
};

describe.skipIf(!/version 2\.42/.test(VERSION))('promtool 2.42', () => {
  it('says what the table says', () => {
    const answers = askPromtool(cases.map(({ query }) => query));
    expect(cases.map(({ query }, index) => [query, answers[index]])).toEqual(
      cases.map(({ query, old }) => [query, old]),
    );
  });

  /** Where the language has changed since, by what is said of it, and by what is in the query. */
  const CHANGES: readonly (readonly [what: string, said: RegExp, query: RegExp])[] = [
    ['durations are numbers', /./, /(^|[^[:\w])\d+(ms|[smhdwy])/],
    ['numbers are durations', /./, /offset[\s#c]*[-+]?[\d.]|[[:]\s*[-+.\d]/i],
    ['names in quotes', /./, /[({,]\s*(#[^\n]*\n\s*)*["'`]/],
    ['1_000', /./, /\d_/],
    ['ranges have a lexer of their own', /./, /\[/],
    ['words for bad numbers', /^\S+ parse error: (bad|error parsing) number/, /./],
    ['words for bad durations', /in offset, expected/, /./],
    ['regular expressions are shown as written', /error parsing regexp/, /./],
    ['words for bad labels', /invalid label name/, /./],
    ['what sysmon does not have', /does not have$/, /./],
    ['2.42 has no word for @', /<Item/, /./],
  ];

  it('agrees on expressions that are made up, good and bad', () => {
    const queries = [
      ...fc.sample(randomExpression, { numRuns: 2000, seed: 5 }),
      ...fc.sample(hurtExpression, { numRuns: 4000, seed: 6 }),
    ].filter((query) => query.trim() !== '' && !/[\u0080-\uffff]/.test(query));
    const answers = askPromtool(queries);
    let same = 0;
    const differing = queries.flatMap((query, index) => {
      const [ours, theirs] = [complaint(query), answers[index] as string];
      if (ours === theirs) same++;
      return ours === theirs ||
        CHANGES.some(([, said, asked]) => (said.test(ours) || said.test(theirs)) && asked.test(query))
        ? []
        : [{ query, ours, theirs }];
    });
    expect(differing).toEqual([]);
    expect(same).toBeGreaterThan(queries.length / 2);
  });
});
