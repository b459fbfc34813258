import { expect, test } from 'vitest';
import { access } from '../../../src/lines/formats/access.js';

const context = { notAfter: Date.parse('2026-11-21T12:00:00Z'), zone: 0 };
const HEAD = '10.0.0.1 - - [02/Jan/2026:15:04:05 +0000]';

const fieldsOf = (rest: string): unknown => {
  const { remote_addr: _, ...fields } = access.parse(`${HEAD} ${rest}`, context)?.fields ?? {};
  return fields;
};

test.each([
  ['"GET / HTTP/1.1" 100 0', 'info'],
  ['"GET / HTTP/1.1" 399 0', 'info'],
  ['"GET / HTTP/1.1" 400 0', 'warn'],
  ['"GET / HTTP/1.1" 499 0', 'warn'],
  ['"GET / HTTP/1.1" 500 0', 'error'],
  ['"GET / HTTP/1.1" - 0', undefined],
])('the level is that of the status: %s', (rest, level) =>
  expect(access.parse(`${HEAD} ${rest}`, context)?.level).toBe(level),
);

test('what is absent has no field', () => {
  expect(fieldsOf('"-" 408 - "-" "-"')).toEqual({ status: 408 });
});

test('escapes of nginx and of Apache', () => {
  expect(fieldsOf(String.raw`"GET /\x22a\x22 HTTP/1.1" 200 1 "-" "\xE2\x82\xAC \"b\" \\ \t\q \xFF"`)).toEqual(
    {
      method: 'GET',
      path: '/"a"',
      protocol: 'HTTP/1.1',
      status: 200,
      bytes: 1,
      user_agent: '€ "b" \\ \t\\q \\xFF',
    },
  );
});

test('a path with spaces, and requests that are none', () => {
  expect(fieldsOf('"GET /a b?c=d e HTTP/1.1" 400 1')).toMatchObject({ method: 'GET', path: '/a b?c=d e' });
  expect(fieldsOf('"GET /old" 200 1')).toEqual({ request: 'GET /old', status: 200, bytes: 1 });
  expect(fieldsOf('"{} / HTTP/1.1" 400 1')).toMatchObject({ request: '{} / HTTP/1.1' });
});

test('more fields: by their names, as what they must be, and the rest in their order', () => {
  expect(fieldsOf('"GET / HTTP/1.1" 200 1 "-" "curl" 0.012 0.010 "-" 42 rt="0.5" id=a7 "::1"')).toMatchObject(
    {
      request_time: 0.012,
      extra: [0.01, null, 42],
      rt: '0.5',
      id: 'a7',
      http_x_forwarded_for: '::1',
    },
  );
  // CUPS: Common Log Format, and two words.
  expect(fieldsOf('"POST / HTTP/1.1" 200 349 Print-Job successful-ok')).toMatchObject({
    bytes: 349,
    extra: ['Print-Job', 'successful-ok'],
  });
});

test.each([
  ['10.0.0.1 - - ', { remote_addr: '10.0.0.1' }],
  ['fe80::1%eth0 - bob ', { remote_addr: 'fe80::1%eth0', remote_user: 'bob' }],
  ['10.0.0.1 - bob the builder ', { remote_addr: '10.0.0.1', remote_user: 'bob the builder' }],
  ['10.0.0.1 - "" ', { remote_addr: '10.0.0.1' }],
  ['10.0.0.1 me bob ', { remote_addr: '10.0.0.1', ident: 'me', remote_user: 'bob' }],
  [
    'www.example.com:443 10.0.0.1 - bob ',
    { vhost: 'www.example.com:443', remote_addr: '10.0.0.1', remote_user: 'bob' },
  ],
  ['_ 10.0.0.1 - - ', { vhost: '_', remote_addr: '10.0.0.1' }],
])('who asked: %s', (who, fields) => {
  const line = access.parse(`${who}[02/Jan/2026:15:04:05 +0000] "GET / HTTP/1.1" 200 1`, context);
  expect(line?.fields).toEqual({
    ...fields,
    method: 'GET',
    path: '/',
    protocol: 'HTTP/1.1',
    status: 200,
    bytes: 1,
  });
});

test.each([
  HEAD,
  `${HEAD} GET / 200 1`,
  `${HEAD} "GET / HTTP/1.1"`,
  `${HEAD} "GET / HTTP/1.1" 2000 1`,
  `${HEAD} "GET / HTTP/1.1" 200 1x`,
  '[02/Jan/2026:15:04:05 +0000] "GET / HTTP/1.1" 200 1',
  '10.0.0.1 [02/Jan/2026:15:04:05 +0000] "GET / HTTP/1.1" 200 1',
  '10.0.0.1 - - [32/Jan/2026:15:04:05 +0000] "GET / HTTP/1.1" 200 1',
])('no access log: %s', (line) => expect(access.parse(line, context)).toBeUndefined());

test('a line made to be hard takes no longer than another', () => {
  const hard = [
    `${HEAD} "${'\\'.repeat(100_000)}`,
    `${HEAD} "GET / HTTP/1.1" 200 1 "-" "curl"${' "a'.repeat(50_000)}`,
    `${'[1/'.repeat(50_000)}`,
    `${HEAD} "${'GET '.repeat(50_000)}" 200 1`,
  ];
  for (const line of hard) access.parse(line, context);
});
