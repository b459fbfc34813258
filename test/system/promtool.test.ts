/**
 * promtool's verdicts on rule files and on unit tests, beside ours. It is Debian's, 2.42: the windows of the tests have their
 * edges between samples, where those of Prometheus 3 see the same.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/exit.js';
import { lintRules } from '../../src/promql/rules/lint.js';
import { loadRules } from '../../src/promql/rules/load.js';
import { loadUnitTests } from '../../src/promql/rules/unit/load.js';
import { runTestGroup } from '../../src/promql/rules/unit/run.js';
import { mutated } from '../promql/rules/mutations.js';
import { has, run, runSysmon } from './sysmon.js';

const folder = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/rules/${name}/`, import.meta.url));
const FILES = folder('files');
const UNIT = folder('unit');
const filesIn = (path: string): readonly string[] =>
  readdirSync(path).filter((name) => name.endsWith('.yml'));

describe.runIf(has('promtool'))('promtool', () => {
  it('has enough files to judge', () => {
    expect(filesIn(FILES).length).toBeGreaterThanOrEqual(40);
    expect(filesIn(UNIT).length).toBeGreaterThanOrEqual(30);
  });

  it.each(filesIn(FILES))('check rules and rules lint end alike: %s', (name) => {
    const theirs = run('promtool', ['check', 'rules', FILES + name]);
    const ours = runSysmon('rules', 'lint', FILES + name);
    expect(ours.status, ours.stdout + ours.stderr).toBe(theirs.status);
    expect(theirs.status).toBe(name.startsWith('good-') ? 0 : 1);
  });

  it.each(filesIn(UNIT))('test rules and rules test end alike: %s', (name) => {
    const theirs = run('promtool', ['test', 'rules', UNIT + name]);
    const ours = runSysmon('rules', 'test', UNIT + name);
    expect(ours.status, ours.stdout + ours.stderr).toBe(theirs.status);
    expect(theirs.status).toBe(name.startsWith('pass-') ? 0 : 1);
  });

  it('and --strict end alike, as far as promtool sees', () => {
    const file = `${FILES}good-duplicate-rules.yml`;
    const theirs = run('promtool', ['check', 'rules', '--lint-fatal', file]);
    expect(runSysmon('rules', 'lint', '--strict', file).status).toBe(theirs.status);
  });

  it('find as many errors in a file of several', () => {
    const file = `${FILES}bad-two-errors.yml`;
    expect(runSysmon('rules', 'lint', file).stdout.match(/^ {2}error /gm)?.length).toBeGreaterThan(1);
  });
});

describe('rule files of any kind', () => {
  it('end with rules or with reasons', async () => {
    const texts = filesIn(FILES).map((name) => readFileSync(FILES + name, 'latin1'));
    let loaded = 0;
    await fc.assert(
      fc.asyncProperty(mutated(texts), async (text) => {
        try {
          const file = await loadRules(text, 'f.yml');
          lintRules(file, { scrapeInterval: 15_000 });
          if (file.problems.length === 0) loaded++;
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
        }
      }),
      { numRuns: 100_000 },
    );
    // Not all of them were refused at the first look.
    expect(loaded).toBeGreaterThan(1000);
  });

  it('are tested to an end, whatever the tests are', async () => {
    const texts = filesIn(UNIT).map((name) => readFileSync(UNIT + name, 'utf8'));
    const { groups } = await loadRules(readFileSync(`${UNIT}rules/pool.yml`, 'utf8'), 'f.yml');
    let ran = 0;
    await fc.assert(
      fc.asyncProperty(mutated(texts), async (text) => {
        try {
          const tests = await loadUnitTests(text, 'f.yml');
          if (tests.problems.length > 0) return;
          for (const group of tests.groups) runTestGroup(group, groups, tests);
          ran++;
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
        }
      }),
      { numRuns: 10_000 },
    );
    expect(ran).toBeGreaterThan(200);
  });
});
