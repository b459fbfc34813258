/** What the build leaves, as a process of its own finds it. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

test('V8 takes the code cache that was made for it', () => {
  const script = `process.stdout.write(String(require(${JSON.stringify(path('bin/load.js'))}).load().isCached))`;
  // NODE_OPTIONS of a test runner may change V8's settings, and then V8 is right to refuse it.
  const env = { ...process.env, NODE_OPTIONS: '' };
  expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', env })).toBe('true');
});

test('the version is package.json’s', () => {
  const { version } = JSON.parse(readFileSync(path('package.json'), 'utf8'));
  expect(execFileSync(process.execPath, [path('bin/sysmon.js'), '--version'], { encoding: 'utf8' })).toBe(
    `${version}\n`,
  );
});

test.skipIf(!existsSync(path('.git')))(
  'the program is kept as one, so that installing changes nothing in a clone',
  () => {
    const entry = execFileSync('git', ['ls-files', '--stage', 'bin/sysmon.js'], {
      encoding: 'utf8',
      cwd: path('.'),
    });
    expect(entry).toMatch(/^100755 /);
  },
);
