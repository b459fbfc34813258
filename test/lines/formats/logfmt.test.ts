import { expect, test } from 'vitest';
import { openFormat } from '../../../src/lines/formats/index.js';

const context = { notAfter: Date.parse('2026-11-21T12:00:00Z'), zone: 0 };
const fieldsOf = (line: string) => openFormat('logfmt').parse(line, context)?.fields;

/** What go-logfmt 0.5.0's decoder makes of the line, keys without a value shown as true. */
test.each([
  ['level=info k="v w" x', { level: 'info', k: 'v w', x: true }],
  ['level=info   a=\tb= ', { level: 'info', a: '', b: '' }],
  ['level=info a="\\u00e9\\n\\"\\\\"', { level: 'info', a: 'é\n"\\' }],
  ['level=info a=1 a=2', { level: 'info', a: '2' }],
  ['level=info "b"', undefined],
  ['level=info =x', undefined],
  ['level=info a="torn', undefined],
])('%s', (line, fields) => {
  expect(fieldsOf(line)).toEqual(fields);
});

test('addresses with queries are values, though go-logfmt refuses them', () => {
  expect(fieldsOf('level=info url=/a?b=c&d="e"')).toEqual({ level: 'info', url: '/a?b=c&d="e"' });
});

test('what follows a closing quote is no pair of its own, though go-logfmt takes it for one', () => {
  expect(fieldsOf('level=info k="v"x=1')).toBeUndefined();
});

test("escapes of Go's %q are read too", () => {
  expect(fieldsOf('level=info a="\\x1b[31m\\a\\U0001F600\\UFFFFFFFF"')).toEqual({
    level: 'info',
    a: '\u001b[31m\u0007😀\\UFFFFFFFF',
  });
});
