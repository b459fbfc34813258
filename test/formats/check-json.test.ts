import { expect, it } from 'vitest';
import { thresholdRules } from '../../src/core/threshold.js';
import { formatCheckJson } from '../../src/formats/check-json.js';
import { reportOn, troubled, verdictWith } from './reporting.js';

it('is one line that says all', () => {
  const rules = thresholdRules({ options: [{ name: 'cpu', value: '80,95' }], warning: ['a.b=1'] });
  const text = formatCheckJson(reportOn(rules, troubled));
  expect(text.indexOf('\n')).toBe(text.length - 1);
  expect(JSON.parse(text)).toEqual({
    time: 1_795_232_000_000,
    host: 'web-1',
    state: 'critical',
    summary: 'cpu 96.2 %: postgres 71 %; a.b: there is no "a" here',
    source: 'log, 3s ago',
    verdicts: [
      {
        rule: 'cpu',
        path: 'cpu.used_percent',
        title: 'CPU in use',
        state: 'critical',
        value: 96.2,
        unit: 'percent',
        warning: '80',
        critical: '95',
        measure: 'value',
        text: 'CPU in use: 96.2 %, above 95 %',
      },
      {
        rule: 'a.b',
        path: 'a.b',
        title: 'a.b',
        state: 'unknown',
        warning: '1',
        measure: 'value',
        reason: 'there is no "a" here',
        text: 'a.b: there is no "a" here',
      },
    ],
  });
});

it('has infinities as the log has them', () => {
  const verdicts = [verdictWith('x', Infinity), verdictWith('y', Number.NaN)];
  const report = { time: 0, host: '', state: 'ok', summary: '', source: '', verdicts } as const;
  expect(JSON.parse(formatCheckJson(report)).verdicts.map((one: { value: unknown }) => one.value)).toEqual([
    '+Inf',
    'NaN',
  ]);
});
