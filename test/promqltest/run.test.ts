/** The runner itself: it sees what is wrong, and lets nothing pass that it does not understand. */

import { describe, expect, it } from 'vitest';
import { labelsText } from '../../src/promql/engine/text.js';
import { type Outcome, runScript } from './run.js';
import { readSeriesLine } from './script.js';

const LOAD =
  'load 1m\n  up{i="1"} 1 2 3\n  up{i="2"} 4\n  h {{schema:0 sum:1 count:1}}x2\n  later 1 {{sum:1 count:1}}\n\n';

const run = (text: string): Outcome => runScript(LOAD + text);

const gotOf = (text: string): string | undefined => run(text).failed[0]?.got;

describe('a series', () => {
  it.each([
    ['up 1', '{__name__="up"}'],
    ['up{} 1', '{__name__="up"}'],
    ['up { } 1', '{__name__="up"}'],
    ['{a="b"} 1', '{a="b"}'],
    ['up{a="b", c=\'d\',} 1', '{__name__="up", a="b", c="d"}'],
    ['up {a="}\\""} 1', '{__name__="up", a="}\\""}'],
    ['{"a.b", "c d"="e"} 1', '{__name__="a.b", "c d"="e"}'],
    ['job:up:sum 1', '{__name__="job:up:sum"}'],
  ])('%s', (line, labels) => {
    const series = readSeriesLine(line);
    expect([labelsText(series.labels), series.points]).toEqual([labels, [1]]);
  });

  it.each([
    ['h {{sum:1}}', ['histogram']],
    ['h {{schema:0 sum:1}}x1 1', ['histogram', 'histogram', 1]],
    ['h{a="b"} {{sum:0}}+{{sum:1 buckets:[1 2]}}x2 _', ['histogram', 'histogram', 'histogram', 'none']],
  ])('may have histograms: %s', (line, points) => expect(readSeriesLine(line).points).toEqual(points));

  it.each(['1 2', 'up{a=b} 1', 'up{a="b" 1', 'up{a="b"}1'])('is not %s', (line) => {
    expect(() => readSeriesLine(line)).toThrow();
  });
});

describe('a script', () => {
  it('passes where all is as expected', () => {
    const { passed, failed, skipped } = run(
      'eval instant at 2m up\n  up{i="1"} 3\n  up{i="2"} 4\n\neval range from 0 to 2m step 1m up{i="1"}\n  up{i="1"} 1 2 3\n',
    );
    expect({ passed, failed, skipped }).toEqual({ passed: 2, failed: [], skipped: [] });
  });

  it.each([
    ['a wrong value', 'eval instant at 0 up{i="1"}\n  up{i="1"} 2'],
    ['a missing series', 'eval instant at 0 up\n  up{i="1"} 1\n  up{i="2"} 4\n  up{i="3"} 4'],
    ['a series that is not expected', 'eval instant at 0 up\n  up{i="1"} 1'],
    ['another label', 'eval instant at 0 up{i="1"}\n  up{i="2"} 1'],
    ['a missing point', 'eval range from 0 to 2m step 1m up{i="1"}\n  up{i="1"} 1 2 3 4'],
    ['a scalar for a vector', 'eval instant at 0 1\n  {} 1'],
    ['a vector for a scalar', 'eval instant at 0 vector(1)\n  1'],
    ['another text', 'eval instant at 0 "a"\n  expect string "b"'],
    ['another order', 'eval instant at 0 sort(up)\n  expect ordered\n  up{i="2"} 4\n  up{i="1"} 1'],
    ['a failure', 'eval instant at 0 topk(NaN, up)'],
    ['no failure', 'eval instant at 0 up\n  expect fail'],
    ['no failure in the old spelling', 'eval_fail instant at 0 up'],
    ['another message', 'eval instant at 0 topk(NaN, up)\n  expect fail msg: Parameter value'],
    ['a message that does not match', 'eval instant at 0 topk(NaN, up)\n  expect fail regex: ^value'],
    ['no warning', 'eval instant at 0 up{i="1"}\n  expect warn\n  up{i="1"} 1'],
    ['no info in the old spelling', 'eval_info instant at 0 up{i="1"}\n  up{i="1"} 1'],
    ['a warning', 'eval instant at 0 quantile(2, up)\n  expect no_warn\n  {} Inf'],
    ['an unknown command', 'assess instant at 0 up'],
    ['an unknown expectation', 'eval instant at 0 up{i="1"}\n  expect miracles\n  up{i="1"} 1'],
    ['an unknown form', 'eval sometime at 0 up'],
    ['a series that cannot be read', 'load 1m\n  up{i=1} 1'],
    [
      'another grid',
      'eval instant at 1m up{i="1"}[1m]\n  expect range vector from 0 to 0 step 1m\n  up{i="1"} 2',
    ],
  ])('fails for %s', (_, text) => expect(run(text).failed).toHaveLength(1));

  it('tells what it got', () => {
    expect(gotOf('eval instant at 0 up{i="1"} + 1\n  {i="1"} 3')).toBe('{i="1"} 2@0s');
    expect(gotOf('eval instant at 0 nothing\n  {} 3')).toBe('nothing');
  });

  it('skips what needs a native histogram, and only that', () => {
    const { passed, skipped } = run(
      [
        'eval instant at 0 h',
        'eval instant at 0 later\n  later 1',
        'eval instant at 1m later',
        'eval instant at 0 up\n  {} {{sum:1}}',
        'eval instant at 0 sort_by_label(up, "i")',
      ].join('\n\n'),
    );
    expect(passed).toBe(1);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      'a native histogram in the data',
      'a native histogram in the data',
      'a native histogram in the result expected',
      'function "sort_by_label" is experimental, which sysmon does not have',
    ]);
  });

  it('makes histograms of classic ones where told to', () => {
    const series =
      '  x_bucket{le="1"} 1\n\neval instant at 0 x\n\neval instant at 0 x_bucket\n  x_bucket{le="1"} 1\n';
    expect(runScript(`load_with_nhcb 1m\n${series}`)).toMatchObject({ passed: 1, skipped: [{}] });
    expect(runScript(`load 1m\n${series}`)).toMatchObject({ passed: 2, skipped: [] });
  });

  it('clears', () => expect(run('clear\n\neval instant at 0 up').failed).toEqual([]));
});
