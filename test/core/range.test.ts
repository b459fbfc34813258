import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Range } from '../../src/core/range.js';
import { alerts, formatRange, parseRange, RangeSyntaxError } from '../../src/core/range.js';

describe('the table of the guidelines', () => {
  // Range, values that alert, values that do not.
  it.each([
    ['10', [-1, -0.001, 10.001, 11], [0, 5, 10]],
    ['10:', [9.9, 0, -5], [10, 11, Infinity]],
    ['~:10', [10.1, Infinity], [-100, -Infinity, 0, 10]],
    ['10:20', [9, 21, -15], [10, 15, 20]],
    ['@10:20', [10, 15, 20], [9.9, 20.1]],
    ['@~:20', [-100, 0, 20], [21]],
    [':10', [-1, 11], [0, 10]],
    ['@10', [0, 10], [-1, 11]],
    ['-5:-1', [-6, 0], [-5, -1]],
    ['0.5:1.5', [0.4, 1.6], [0.5, 1.5]],
    ['.5:5.', [0.4, 5.1], [0.5, 5]],
    ['+1e1:2E+1', [9, 21], [10, 20]],
    ['~:', [], [-1e9, 0, 1e9]],
    ['@~:', [-1e9, 0, 1e9], []],
    ['5:5', [4.9, 5.1], [5]],
    [' 10:20 ', [9], [10]],
  ])('%s', (text, bad, good) => {
    const range = parseRange(text);
    expect(bad.filter((value) => !alerts(range, value))).toEqual([]);
    expect(good.filter((value) => alerts(range, value))).toEqual([]);
  });
});

describe('texts that are no range', () => {
  it.each([
    ['', 'it is empty'],
    ['  ', 'it is empty'],
    ['@', 'it has no number'],
    [':', 'it has no number'],
    ['@:', 'it has no number'],
    ['~', '"~" means no lower end and stands before ":"'],
    ['10:~', '"~" means no lower end and stands before ":"'],
    ['0:~', '"~" means no lower end and stands before ":"'],
    ['20:10', 'its start 20 is above its end 10'],
    ['@20:10', 'its start 20 is above its end 10'],
    ['-5', 'a range starts at 0 unless told otherwise, which is above -5'],
    ['1:2:3', 'it has more than one ":"'],
    ['a', '"a" is not a number'],
    ['10:b', '"b" is not a number'],
    ['~5:10', '"~5" is not a number'],
    ['10 :20', '"10 " is not a number'],
    ['@@10', '"@10" is not a number'],
    ['1,5', '"1,5" is not a number'],
    ['0x10', '"0x10" is not a number'],
    ['inf', '"inf" is not a number'],
    ['nan', '"nan" is not a number'],
    ['1e', '"1e" is not a number'],
    ['.', '"." is not a number'],
    ['1e999', '1e999 is too large'],
  ])('%j', (text, why) => {
    expect(() => parseRange(text)).toThrow(new RangeSyntaxError(text, why).message);
  });

  it('says what to write for a negative end', () => {
    try {
      parseRange('-5');
      expect.unreachable();
    } catch (error) {
      expect((error as RangeSyntaxError).hint).toBe('write ~:-5');
    }
  });
});

const end = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const ranges: fc.Arbitrary<Range> = fc
  .tuple(fc.option(end), fc.option(end), fc.boolean())
  .map(([a, b, inside]) => ({
    start: a === null ? -Infinity : b === null ? a : Math.min(a, b),
    end: b === null ? Infinity : a === null ? b : Math.max(a, b),
    inside,
  }));

describe('any range', () => {
  it('is read back from what is written, without an exponent', () => {
    fc.assert(
      fc.property(ranges, (range) => {
        const text = formatRange(range);
        expect(text).toMatch(/^@?(~:|-?[\d.]+:)?(-?[\d.]+)?$/);
        expect(parseRange(text)).toEqual(range);
      }),
    );
  });

  it('alerts for a number exactly where its opposite does not', () => {
    fc.assert(
      fc.property(ranges, end, (range, value) => {
        expect(alerts(range, value)).not.toBe(alerts({ ...range, inside: !range.inside }, value));
      }),
    );
  });

  it('never takes what is not a number for fine', () => {
    fc.assert(fc.property(ranges, (range) => alerts(range, Number.NaN)));
  });

  it('is refused, or read, but never something else', () => {
    const text = fc.string({ unit: fc.constantFrom(...'@~:.-+e0159') });
    fc.assert(
      fc.property(text, (any) => {
        let range: Range;
        try {
          range = parseRange(any);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeSyntaxError);
          return;
        }
        expect(range.start).toBeLessThanOrEqual(range.end);
        expect(parseRange(formatRange(range))).toEqual(range);
      }),
      { numRuns: 2000 },
    );
  });
});
