import { expect, test } from 'vitest';
import { compareWithNodeExporter, formatComparison, reasonOf } from '../oracle/node-exporter.js';

test.each([
  ['by default', []],
  ['with lo, which only Debian leaves out', ['--collector.netdev.device-exclude=^$']],
  ['with its processes collector', ['--collector.processes']],
])('a log gives what node_exporter gives at the moment of its scrape, %s', async (_, flags) => {
  const result = await compareWithNodeExporter(flags);
  const report = formatComparison(result);
  console.log(report);
  expect(result.asked).toBeGreaterThan(200);
  expect(result.wrong, report).toEqual([]);
  expect(result.missing.filter((series) => reasonOf(series) === undefined)).toEqual([]);
  expect(result.given.length / result.asked, report).toBeGreaterThanOrEqual(0.9);
});
