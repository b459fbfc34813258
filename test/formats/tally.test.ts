import { describe, expect, it } from 'vitest';
import { formatCounts, formatCountsJson, formatSummary, formatSummaryJson } from '../../src/formats/tally.js';

const counts = {
  field: 'status',
  rows: [
    { value: '200', count: 90 },
    { value: undefined, count: 7 },
    { value: '\u001b[31mx', count: 2 },
  ],
  others: 1,
};

const row = {
  kind: 'duration',
  count: 3,
  min: 0.00015,
  average: 0.0123456,
  p50: 2.5,
  p95: 61.5,
  p99: 3723,
  max: 0,
  approximate: true,
} as const;
const summary = {
  field: 'took',
  rows: [
    { ...row, kind: 'number', approximate: false, max: 1234567.891 } as const,
    row,
    { ...row, kind: 'bytes', min: 5e3, average: 2 ** 30 } as const,
  ],
  others: 1,
  absent: 2,
};

describe('counts', () => {
  it('are a table', async () => {
    expect(await formatCounts(counts)).toMatchInlineSnapshot(`
      "count    part  status
         90  90.0 %  200
          7   7.0 %  (absent)
          2   2.0 %  \\x1b[31mx
          1   1.0 %  (values too many to keep)
      "
    `);
  });

  it('are a line of JSON each', () => {
    expect(formatCountsJson(counts)).toMatchInlineSnapshot(`
      "{"field":"status","value":"200","count":90}
      {"field":"status","value":null,"count":7}
      {"field":"status","value":"\\u001b[31mx","count":2}
      {"field":"status","others":1}
      "
    `);
  });
});

describe('a summary', () => {
  it('is a table with a row for each kind of number', async () => {
    expect(await formatSummary(summary)).toMatchInlineSnapshot(`
      "took       count       min    average   p50     p95       p99      max
      numbers        3   0.00015  0.0123456   2.5    61.5      3723  1234568
      durations      3     150µs    12.35ms  2.5s  1m1.5s    1h2m3s       0s
      sizes          3  4.88 KiB      1 GiB   3 B    62 B  3.64 KiB      0 B
      p50, p95 and p99 are within 0.1 %
      1 value is no number
      2 lines have no took
      "
    `);
    expect(await formatSummary({ field: 'a', rows: [], others: 0, absent: 1 })).toBe(
      'a: no numbers\n1 line has no a\n',
    );
  });

  it('has the unit that the name of the field tells', async () => {
    const rows = [{ ...row, kind: 'number', approximate: false } as const];
    expect(await formatSummary({ field: 'x', unit: 'percent', rows, others: 0, absent: 0 })).toContain(
      '61.5 %',
    );
    expect(await formatSummary({ field: 'x', unit: 'seconds', rows, others: 0, absent: 0 })).toContain(
      '1h2m3s',
    );
  });

  it('is one object of JSON', () => {
    expect(formatSummaryJson(summary)).toMatchInlineSnapshot(`
      "{"field":"took","summaries":[{"count":3,"min":0.00015,"average":0.0123456,"p50":2.5,"p95":61.5,"p99":3723,"max":1234567.891},{"unit":"seconds","count":3,"min":0.00015,"average":0.0123456,"p50":2.5,"p95":61.5,"p99":3723,"max":0,"approximate":true},{"unit":"bytes","count":3,"min":5000,"average":1073741824,"p50":2.5,"p95":61.5,"p99":3723,"max":0,"approximate":true}],"not_numbers":1,"absent":2}
      "
    `);
  });
});
