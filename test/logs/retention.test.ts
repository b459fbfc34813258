import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expendable } from '../../src/logs/retention.js';

const archives = fc
  .uniqueArray(fc.integer({ min: 1, max: 1000 }), { maxLength: 30 })
  .chain((serials) =>
    fc.tuple(...serials.map((serial) => fc.record({ serial: fc.constant(serial), bytes: fc.nat(1000) }))),
  );

test('the oldest go, as many as must and not one more', () => {
  fc.assert(
    fc.property(archives, fc.nat(3000), fc.nat(20), fc.nat(10_000), (all, live, keep, maxTotal) => {
      const gone = expendable(all, live, { keep, maxTotal });
      const kept = all.filter((archive) => !gone.includes(archive));
      const fits = (some: readonly { bytes: number }[]): boolean =>
        some.length <= keep && some.reduce((sum, { bytes }) => sum + bytes, live) <= maxTotal;

      expect(kept.length === 0 || fits(kept)).toBe(true);
      for (const old of gone) for (const newer of kept) expect(old.serial).toBeLessThan(newer.serial);
      const last = gone.at(-1);
      if (last !== undefined) expect(fits([...kept, last])).toBe(false);
    }),
  );
});

test('order is by number, not by how they are listed', () => {
  const three = [3, 1, 2].map((serial) => ({ serial, bytes: 10 }));
  expect(expendable(three, 0, { keep: 1, maxTotal: 1e9 }).map(({ serial }) => serial)).toEqual([1, 2]);
  expect(expendable(three, 5, { keep: 9, maxTotal: 25 }).map(({ serial }) => serial)).toEqual([1]);
});
