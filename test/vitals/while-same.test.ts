import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesWhileSame, whileSame } from '../../src/vitals/while-same.js';

test('what was made of a text is given again while it stays the same', () => {
  let made = 0;
  const lengthOf = whileSame((text) => ({ length: text.length, number: made++ }));
  const first = lengthOf('ab');
  expect(lengthOf('ab')).toBe(first);
  expect(lengthOf('abc')).toEqual({ length: 3, number: 1 });
});

test('only lines that have changed are made anew, and the list is what it would be without that', () => {
  const line = fc.constantFrom('a 1', 'a 2', 'b 1', 'none', '');
  const texts = fc.array(
    fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n')),
    { maxLength: 10 },
  );
  const make = (one: string) => (one === '' || one === 'none' ? undefined : { one });
  fc.assert(
    fc.property(texts, (all) => {
      const made = linesWhileSame(make);
      for (const text of all) expect(made(text)).toEqual(text.split('\n').flatMap((one) => make(one) ?? []));
    }),
  );
  let calls = 0;
  const counted = linesWhileSame((one) => {
    calls++;
    return one;
  });
  const before = counted('x\ny\nz');
  const after = counted('x\nY\nz');
  expect(calls).toBe(4);
  expect(after).toEqual(['x', 'Y', 'z']);
  expect(counted('x\nY\nz')).toBe(after);
  expect(before).toEqual(['x', 'y', 'z']);
});
