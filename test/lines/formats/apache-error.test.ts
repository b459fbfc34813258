import { expect, test } from 'vitest';
import { apacheError } from '../../../src/lines/formats/apache-error.js';

const context = { notAfter: Date.parse('2026-11-21T12:00:00Z'), zone: 0 };
const NEW = '[Fri Jan 02 15:04:05.123456 2026] [core:error] [pid 1:tid 2]';
const OLD = '[Fri Jan 02 15:04:05 2026] [error]';

test.each([
  [`${NEW} [client 10.0.0.1:4711] no`, { remote_addr: '10.0.0.1', remote_port: 4711 }],
  [`${NEW} [client ::1:4711] no`, { remote_addr: '::1', remote_port: 4711 }],
  [`${NEW} [client 10.0.0.1] no`, { remote_addr: '10.0.0.1' }],
  [`${NEW} [remote 10.0.0.2:80] no`, { remote_addr: '10.0.0.2', remote_port: 80 }],
  [`${OLD} [client ::1] no`, { remote_addr: '::1' }],
  [`${OLD} no`, {}],
])('%s', (line, fields) => {
  const { level: _l, module: _m, pid: _p, tid: _t, ...said } = apacheError.parse(line, context)?.fields ?? {};
  expect(said).toEqual(fields);
  expect(apacheError.parse(line, context)?.message).toBe('no');
});

test.each(['trace1', 'trace8', 'debug', 'info', 'notice', 'warn', 'error', 'crit', 'alert', 'emerg'])(
  'each level that it has: %s',
  (level) =>
    expect(apacheError.parse(`[Fri Jan 02 15:04:05 2026] [core:${level}] x`, context)?.level).toBeDefined(),
);
