import { expect, test } from 'vitest';
import { UserError } from '../../../src/exit.js';
import { openFormat } from '../../../src/lines/formats/index.js';

const context = { notAfter: Date.parse('2026-11-21T12:00:00Z'), zone: 0 };

test('named groups are fields; time, level and message are understood', () => {
  const format = openFormat(
    'regex:^(?<time>\\S+) +(?<level>\\w+) (?<user>\\w+)=(?<count>\\d+) (?<message>.*)$',
  );
  expect(format.parse('2026-01-02T15:04:05Z  WARN bob=3 42', context)).toEqual({
    time: Date.parse('2026-01-02T15:04:05Z'),
    level: 'warn',
    message: '42',
    fields: { time: '2026-01-02T15:04:05Z', level: 'WARN', user: 'bob', count: 3, message: '42' },
  });
  expect(format.parse('something else', context)).toBeUndefined();
});

test('a plus, a colon and a slash are part of the pattern, and its name opens it again', () => {
  const spec = 'regex:(?<ts>\\d+):/(?<msg>.+)';
  expect(openFormat(spec).name).toBe(spec);
  expect(openFormat(openFormat(spec).name).parse('1767366245:/x', context)).toEqual({
    time: 1767366245000,
    message: 'x',
    fields: { ts: 1767366245, msg: 'x' },
  });
});

test('what cannot be told, and groups that took no part, are absent', () => {
  const format = openFormat('regex:^(?<time>\\S+) (?:(?<level>[A-Z]+) )?(?<a>.)(?<b>.)?$');
  expect(format.parse('yesterday x', context)).toEqual({ fields: { time: 'yesterday', a: 'x' } });
  expect(format.parse('yesterday FOO -', context)).toEqual({ fields: { time: 'yesterday', level: 'FOO' } });
});

test.each([
  ['regex:', /names nothing/],
  ['regex:.*', /names nothing/],
  ['regex:(?<=a)(?<!b).', /names nothing/],
  ['regex:(?<time>', /no regular expression: .*[Uu]nterminated/],
  ['regex:(?<a>.)(?<a>.)', /no regular expression/],
])('%s', (spec, message) => {
  expect(() => openFormat(spec)).toThrow(UserError);
  expect(() => openFormat(spec)).toThrow(message);
});
