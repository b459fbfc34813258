import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Group } from '../../../src/core/group.js';
import { type Stencil, Stencils, stencilOf } from '../../../src/logs/series/stencil.js';
import { GROUPS } from '../../../src/vitals/index.js';

const load = GROUPS.get('load') as Group;
const filesystem = GROUPS.get('filesystem') as Group;

const of = (group: Group, text: string): Stencil => {
  const made = stencilOf(group, text);
  if (made === undefined) throw new Error('no stencil');
  return made;
};

/** All numbers that it read, where it fits. */
const numbersIn = (stencil: Stencil, text: string): readonly number[] | undefined => {
  const line = Buffer.from(`xx${text}yy`);
  return stencil.read(line, 2, line.length - 2) ? [...stencil.values] : undefined;
};

const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -1e9, max: 1e9 }).map((value) => value / 1000),
);

describe('Stencil', () => {
  it('gives what JSON.parse gives, or nothing', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.array(number, { maxLength: 6 }), fc.func(number), (before, change) => {
        const textOf = (values: readonly number[]) =>
          JSON.stringify(Object.fromEntries(values.map((value, index) => [`n${index}`, value])));
        const after = before.map((value) => change(value));
        const found = numbersIn(of(load, textOf(before)), textOf(after));
        if (found === undefined) return;
        read++;
        expect(found).toEqual(Object.values(JSON.parse(textOf(after)) as object));
      }),
    );
    expect(read).toBeGreaterThan(5);
  });

  it('gives what JSON.parse gives of whatever stands for a number, or nothing', () => {
    const stencil = of(load, '{"a":1}');
    const signs = fc.array(fc.constantFrom('-', '0', '1', '9', '.', 'e', '+', '5'), { maxLength: 20 });
    fc.assert(
      fc.property(signs, (parts) => {
        const text = `{"a":${parts.join('')}}`;
        const found = numbersIn(stencil, text);
        if (found !== undefined) expect(found).toEqual([(JSON.parse(text) as { a: number }).a]);
      }),
      { numRuns: 1000 },
    );
    expect(numbersIn(stencil, '{"a":-0}')).toEqual([-0]);
    expect(numbersIn(stencil, '{"a":123456.789}')).toEqual([123456.789]);
    expect(numbersIn(stencil, '{"a":1234567890123456}')).toBeUndefined();
  });

  it('fits nothing that differs in more than its numbers', () => {
    const stencil = of(filesystem, '{"/ 1":{"device":"vda1","size_bytes":5},"/b":{"size_bytes":6.5}}');
    expect(numbersIn(stencil, '{"/ 1":{"device":"vda1","size_bytes":7},"/b":{"size_bytes":8}}')).toEqual([
      7, 8,
    ]);
    for (const text of [
      '{"/ 2":{"device":"vda1","size_bytes":5},"/b":{"size_bytes":6.5}}',
      '{"/ 1":{"device":"vda2","size_bytes":5},"/b":{"size_bytes":6.5}}',
      '{"/ 1":{"device":"vda1","size_bytes":5}}',
      '{"/ 1":{"device":"vda1","size_bytes":5},"/b":{"size_bytes":6.5}}}',
      '{"/ 1":{"device":"vda1","size_bytes":"5"},"/b":{"size_bytes":6.5}}',
    ])
      expect(numbersIn(stencil, text), text).toBeUndefined();
  });

  it('is not made of numbers that stand there as texts', () => {
    expect(stencilOf(load, '{"a":"NaN"}')).toBeUndefined();
  });

  it('is made anew where values change, but not each time', () => {
    const stencils = new Stencils();
    const fits = (text: string): boolean => {
      const line = Buffer.from(text);
      if (stencils.read(load, line, 0, line.length) !== undefined) return true;
      stencils.learn(load, text);
      return false;
    };
    expect(['{"a":1}', '{"a":2}', '{"b":3}', '{"b":4}'].map(fits)).toEqual([false, true, false, true]);
    for (let n = 0; n < 20; n++) expect(fits(`{"x${n}":1}`)).toBe(false);
    expect(fits('{"x19":1}')).toBe(false);
    // It looks again after a while.
    expect(Array.from({ length: 64 }, () => fits('{"y":1}')).at(-1)).toBe(true);
  });
});
