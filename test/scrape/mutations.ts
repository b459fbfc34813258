/** Texts that are nearly expositions: pieces of good ones, cut, doubled and mixed with anything, the same for the same seed. */

const PIECES = [
  'a',
  'http_requests_total',
  '{',
  '}',
  '"',
  '\\',
  '=',
  ',',
  ' ',
  '\t',
  '\n',
  '# ',
  '#',
  'HELP',
  'TYPE',
  'UNIT',
  '# EOF\n',
  'counter',
  'le="+Inf"',
].concat([
  '1',
  '-',
  '.5',
  'e9',
  'NaN',
  '+Inf',
  '1700000000000',
  ' # {x="1"} 2 3',
  '__name__',
  'é',
  '\0',
  '\r',
  '\u{1f600}',
  '\ud800',
  'a{x="1"} 2\n',
]);

const GOOD = [
  '# HELP a Help.\n# TYPE a counter\na{x="1",y="2"} 3 1700000000000\na 4\n',
  '# TYPE h histogram\nh_bucket{le="0.1"} 1 # {t="x"} 0.05 1700000000.5\nh_sum 1.5\nh_count 2\n# EOF\n',
  '{"a name","b c"="d\\"\\\\\\n"} NaN\n',
];

export function* mutations(count: number, seed: number): Generator<string, void> {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const piece = (): string =>
    next(4) === 0 ? String.fromCharCode(next(256)) : (PIECES[next(PIECES.length)] as string);
  for (let index = 0; index < count; index++) {
    if (index % 3 === 0) {
      yield Array.from({ length: next(30) }, piece).join('');
      continue;
    }
    let text = GOOD[next(GOOD.length)] as string;
    for (let edits = 1 + next(4); edits > 0; edits--) {
      const [from, to] = [next(text.length + 1), next(text.length + 1)];
      text = text.slice(0, from) + (next(2) === 0 ? piece() : '') + text.slice(next(2) === 0 ? from : to);
    }
    yield text;
  }
}
