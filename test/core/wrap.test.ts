import fc from 'fast-check';
import { expect, it } from 'vitest';
import { widthOf } from '../../src/core/width.js';
import { wrap } from '../../src/core/wrap.js';

it.each([
  ['warning above 80 %', 80, '', 'warning above 80 %'],
  ['warning above 80 %', 10, '', 'warning\nabove 80 %'],
  ['not judged: cpu, iowait', 14, '  ', 'not judged:\n  cpu, iowait'],
  ['disk in use /srv/data/db', 12, '', 'disk in use\n/srv/data/db'],
  ['disk in use /srv/data/databases', 12, '', 'disk in use\n/srv/data/\ndatabases'],
  ['network[eth1].receive_bytes_per_second', 24, '', 'network[eth1].receive_\nbytes_per_second'],
  ['aaaaaaaaaa', 4, '  ', 'aaaa\n  aa\n  aa\n  aa'],
  ['数据数据', 5, '', '数据\n数据'],
  ['', 5, '', ''],
])('%s in %d cells', (text, width, indent, wrapped) => {
  expect(wrap(text, width, indent)).toBe(wrapped);
});

it('fits, and leaves nothing out', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '/', '数', 'é', '🎉', 'e\u0301', ' ') });
  fc.assert(
    fc.property(text, fc.integer({ min: 5, max: 30 }), fc.constantFrom('', '  '), (any, width, indent) => {
      const wrapped = wrap(any, width, indent);
      for (const line of wrapped.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
      expect(wrapped.replace(/\s/g, '')).toBe(any.replace(/\s/g, ''));
    }),
  );
});

it('stays one line where there is no end', () => {
  expect(wrap('a '.repeat(500), Number.POSITIVE_INFINITY)).not.toContain('\n');
});
