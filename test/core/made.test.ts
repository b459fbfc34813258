import fc from 'fast-check';
import { expect, test } from 'vitest';
import { madeOf } from '../../src/core/made.js';

test('is what flatMap gives, with what is undefined left out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer()),
      fc.func(fc.option(fc.integer(), { nil: undefined })),
      (list, make) => {
        expect(madeOf(list, make)).toEqual(list.flatMap((one, index) => make(one, index) ?? []));
      },
    ),
  );
});
