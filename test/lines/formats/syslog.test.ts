import { expect, test } from 'vitest';
import { syslog } from '../../../src/lines/formats/syslog.js';

const context = { notAfter: Date.parse('2026-11-21T12:00:00Z'), zone: 0 };
const parse = (line: string) => syslog.parse(line, context);

test('structured data: escapes, several elements, none', () => {
  const sd = String.raw`[a@1 x="say \"hi\"" y="\\ \] \n" z=""][b@2]`;
  expect(parse(`<13>1 2026-01-02T15:04:05Z h a p m ${sd} text`)).toMatchObject({
    message: 'text',
    fields: { 'a@1': { x: 'say "hi"', y: '\\ ] \\n', z: '' }, 'b@2': {} },
  });
  expect(parse('<13>1 2026-01-02T15:04:05Z h a p m - text')?.fields).toEqual({
    facility: 'user',
    severity: 'notice',
    hostname: 'h',
    app_name: 'a',
    proc_id: 'p',
    msg_id: 'm',
  });
});

test('all that may be absent is', () => {
  expect(parse('<13>1 - - - - - -')).toEqual({
    level: 'info',
    message: '',
    fields: { facility: 'user', severity: 'notice' },
  });
});

test.each([
  '<13>1 2026-01-02T15:04:05Z h a p m [a@1 x="1" text',
  '<13>1 2026-01-02T15:04:05Z h a p',
  '<13>1 2026-01-32T15:04:05Z h a p m - text',
  '<13>2 2026-01-02T15:04:05Z h a p m - text',
])('what is not whole has its priority, and is all message: %s', (line) => {
  expect(parse(line)).toEqual({
    level: 'info',
    message: line.slice(4),
    fields: { facility: 'user', severity: 'notice' },
  });
});

test.each([
  ['Jan  2 15:04:05 web-1 sshd[12]: text', { hostname: 'web-1', app_name: 'sshd', proc_id: 12 }],
  ['Jan  2 15:04:05 web-1 CRON[12]: (root) CMD (x)', { app_name: 'CRON' }],
  ['Jan  2 15:04:05 web-1 systemd-logind[1]: New session', { app_name: 'systemd-logind' }],
  ['Jan  2 15:04:05 web-1 postfix/smtpd[12]: connect', { app_name: 'postfix/smtpd' }],
  ['Jan  2 15:04:05 web-1 kernel: [   12.345678] usb', { app_name: 'kernel' }],
  ['Jan  2 15:04:05 web-1 last message repeated 2 times', { hostname: 'web-1' }],
  ['Jan  2 15:04:05 web-1 -- MARK --', { hostname: 'web-1' }],
  ['Jan  2 15:04:05 fe80::1 app: text', { hostname: 'fe80::1', app_name: 'app' }],
  ['Jan  2 2025 15:04:05 fw-1 %ASA-6-302013: Built', { hostname: 'fw-1', app_name: '%ASA-6-302013' }],
  [
    '2026-01-02T15:04:05+01:00 web-1 systemd[1]: Started',
    { hostname: 'web-1', app_name: 'systemd', proc_id: 1 },
  ],
  ['<13>Jan  2 15:04:05 Web text without a tag', { hostname: 'Web' }],
])('%s', (line, fields) => expect(parse(line)?.fields).toMatchObject(fields));

test('JSON in the message says more than the priority', () => {
  const line = parse('<14>Jan  2 15:04:05 h a[1]: @cee: {"level":"error","msg":"no","a":{"b":1}}');
  expect(line).toMatchObject({ level: 'error', message: 'no', fields: { app_name: 'a', a: { b: 1 } } });
  expect(parse('<12>Jan  2 15:04:05 h a[1]: {"x":1}')).toMatchObject({
    level: 'warn',
    message: '{"x":1}',
    fields: { x: 1 },
  });
  expect(parse('<12>Jan  2 15:04:05 h a[1]: {"x":1')).toMatchObject({ level: 'warn', message: '{"x":1' });
});
