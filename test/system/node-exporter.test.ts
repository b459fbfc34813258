import { expect, test } from 'vitest';
import { compareWithNodeExporter, formatComparison, reasonOf } from '../oracle/node-exporter.js';

test('a log gives what node_exporter gives, at the moment of its scrape', async () => {
  const result = await compareWithNodeExporter();
  const report = formatComparison(result);
  console.log(report);
  expect(result.asked).toBeGreaterThan(200);
  expect(result.wrong, report).toEqual([]);
  expect(result.missing.filter((series) => reasonOf(series) === undefined)).toEqual([]);
  expect(result.given.length / result.asked, report).toBeGreaterThanOrEqual(0.9);
});
