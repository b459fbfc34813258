/** Scripts named as arguments → what became of each, and whether all is well. */

import { readFileSync } from 'node:fs';
import { type Outcome, runScript, type Skipped } from './run.js';

const plural = (count: number): string => (count === 1 ? '' : 's');

const indented = (text: string): string => text.replaceAll('\n', '\n          ');

const groupByReason = (skipped: readonly Skipped[]): Map<string, Skipped[]> => {
  const groups = new Map<string, Skipped[]>();
  for (const one of skipped) groups.set(one.reason, [...(groups.get(one.reason) ?? []), one]);
  return groups;
};

const report = (file: string, { passed, failed, skipped }: Outcome): string => {
  const lines = [`${file}: ${passed} passed, ${failed.length} failed, ${skipped.length} skipped`];
  for (const { line, query, got, wanted } of failed)
    lines.push(
      `  failed  ${file}:${line}: ${query}`,
      `    got   ${indented(got)}`,
      `    want  ${indented(wanted)}`,
    );
  const byReason = groupByReason(skipped);
  for (const [reason, all] of byReason) {
    lines.push(`  skipped ${all.length} time${plural(all.length)}: ${reason}`);
    for (const { line, query } of all) lines.push(`    line ${line}: ${query}`);
  }
  return lines.join('\n');
};

export const main = (files: readonly string[]): number => {
  if (files.length === 0) {
    console.error('usage: npm run promqltest -- FILE…');
    return 2;
  }
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const file of files) {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      console.log(`${file}: ${(error as Error).message}`);
      total.failed++;
      continue;
    }
    const outcome = runScript(text);
    console.log(report(file, outcome));
    total.passed += outcome.passed;
    total.failed += outcome.failed.length;
    total.skipped += outcome.skipped.length;
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed > 0 ? 1 : 0;
};
