import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/promql/durations.js';
import { compareLabels, formatLabels, labelsFrom } from '../../src/promql/labels.js';
import { compareTexts, nameRune, quote, quoteRune } from '../../src/promql/strings.js';

describe('quotes', () => {
  // Go 1.19: strconv.Quote, %q and %#U.
  it.each([
    ['a b', '"a b"'],
    ['a"b\\', '"a\\"b\\\\"'],
    ['\x07\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
    ["it's", '"it\'s"'],
    ['\x00\x7f', '"\\x00\\x7f"'],
    ['é世😀', '"é世😀"'],
    ['\u00a0\u200b\ufeff', '"\\u00a0\\u200b\\ufeff"'],
    ['\u{e0001}', '"\\U000e0001"'],
  ])('of %j', (text, expected) => {
    expect(quote(text)).toBe(expected);
  });

  it('of one character', () => {
    expect(["'", '"', '\\', 'a', '\n', '\x01'].map(quoteRune)).toEqual([
      "'\\''",
      "'\"'",
      "'\\\\'",
      "'a'",
      "'\\n'",
      "'\\x01'",
    ]);
    expect(['q', '\n', '"', '\u200b', '😀'].map(nameRune)).toEqual([
      "U+0071 'q'",
      'U+000A',
      "U+0022 '\"'",
      'U+200B',
      "U+1F600 '😀'",
    ]);
  });
});

describe('order', () => {
  it('is that of bytes', () => {
    const texts = ['b', '', 'a', '😀', '\uffee', 'ab', 'é'];
    const byBytes = [...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect([...texts].sort(compareTexts)).toEqual(byBytes);
  });

  it('of labels goes name by name', () => {
    const all = [{ b: '1' }, { a: '2' }, { a: '1', b: '2' }, { a: '1' }, {}].map((one) =>
      labelsFrom(Object.entries(one)),
    );
    expect(all.sort(compareLabels).map(formatLabels)).toEqual([
      '{}',
      '{a="1"}',
      '{a="1", b="2"}',
      '{a="2"}',
      '{b="1"}',
    ]);
  });
});

describe('labels', () => {
  it.each([
    [{}, '{}'],
    [{ __name__: 'up' }, 'up'],
    [{ __name__: 'up', job: 'a"b\n', instance: 'x' }, 'up{instance="x", job="a\\"b\\n"}'],
    [{ __name__: 'my.metric' }, '{"my.metric"}'],
    [{ __name__: 'my.metric', 'a.b': 'c' }, '{"my.metric", "a.b"="c"}'],
    [{ job: 'a' }, '{job="a"}'],
  ])('%j', (labels, expected) => {
    expect(formatLabels(labelsFrom(Object.entries(labels)))).toBe(expected);
  });
});

describe('durations', () => {
  it.each([
    ['1y', 31_536_000_000, '1y'],
    ['2w', 1_209_600_000, '2w'],
    ['13d', 1_123_200_000, '13d'],
    ['90m', 5_400_000, '1h30m'],
    ['1d1ms', 86_400_001, '1d1ms'],
    ['0', 0, '0s'],
    ['1y2w3d4h5m6s7ms', 33_019_506_007, '382d4h5m6s7ms'],
  ])('%s', (text, ms, printed) => {
    expect(parseDuration(text)).toBe(ms);
    expect(formatDuration(ms)).toBe(printed);
  });

  it.each(['', '5', '5x', '1m1h', 'm', '-5m', '5m ', '300y'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeTypeOf('string');
  });
});
