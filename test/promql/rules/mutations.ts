/** Texts that are nearly right, and some that are not at all. */

import fc from 'fast-check';

const PIECES = [
  '\n',
  '  ',
  '- ',
  ': ',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  '&a',
  '*a',
  '<<: ',
  '|',
  '>',
  '#',
  '{{',
  '}}',
].concat([
  '\t',
  '\0',
  '\r',
  '\uFEFF',
  '---\n',
  '%',
  '!!str ',
  '? ',
  ',',
  'expr: ',
  'for: 5m',
  '$value',
  '(',
  ')',
  '[5m]',
]);

/** A text with up to eight places cut out, doubled, or put into it; or random characters. */
export const mutated = (texts: readonly string[]): fc.Arbitrary<string> => {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(20),
    piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })),
    kind: fc.constantFrom('cut', 'put', 'double'),
  });
  const edited = fc
    .tuple(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 8 }))
    .map(([text, edits]) =>
      edits.reduce((now, { at, length, piece, kind }) => {
        const from = Math.floor(at * now.length);
        const part = now.slice(from, from + length);
        if (kind === 'cut') return now.slice(0, from) + now.slice(from + length);
        return now.slice(0, from) + (kind === 'put' ? piece : part + part) + now.slice(from);
      }, text),
    );
  const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
  return fc.oneof({ weight: 4, arbitrary: edited }, { weight: 1, arbitrary: noise });
};
