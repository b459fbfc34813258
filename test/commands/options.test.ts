import { expect, test } from 'vitest';
import { wantedFrom } from '../../src/commands/options.js';

const watched = (...texts: readonly string[]) => wantedFrom({}, texts).processes;

test('a process that is named twice is watched once', () => {
  expect(watched('nginx', '/run/x.pid', 'nginx', '/run/../run/x.pid')).toEqual([
    { name: 'nginx' },
    { name: 'x', pidFile: '/run/x.pid' },
  ]);
});

test.each([
  [['/a/x.pid', '/b/x.pid'], 'both /a/x.pid and /b/x.pid would be the process "x"'],
  [['nginx', '/run/nginx.pid'], 'both nginx and /run/nginx.pid would be the process "nginx"'],
])('%j are refused: they would be one row', (texts, message) => {
  expect(() => watched(...texts)).toThrow(message);
});
