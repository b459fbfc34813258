/** What the build leaves, as a process of its own finds it. */

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { COMMANDS } from '../src/commands/index.js';
import { EXIT } from '../src/exit.js';

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

test.each(['check', 'grep', 'query'])('V8 takes the code cache that was made for %s', (command) => {
  const load = `require(${JSON.stringify(path('bin/load.js'))}).load('${command}')`;
  const script = `process.stdout.write(String(${load}.isCached))`;
  // NODE_OPTIONS of a test runner may change V8's settings, and then V8 is right to refuse it.
  const env = { ...process.env, NODE_OPTIONS: '' };
  expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', env })).toBe('true');
});

test.skipIf(process.platform !== 'linux')('a check loads nothing of Node that it does not use', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-'));
  const preload = join(folder, 'preload.cjs');
  const list = "process.moduleLoadList.join('\\n')";
  writeFileSync(preload, `process.on('exit', () => require('node:fs').writeSync(2, ${list}));`);
  const run = (...call: readonly string[]): readonly string[] =>
    spawnSync(process.execPath, call, {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {},
    }).stderr.split('\n');
  const always = run(preload);
  const loadedBy = (...words: readonly string[]): string =>
    run('--require', preload, path('bin/sysmon.js'), ...words)
      .filter((name) => !always.includes(name))
      .join('\n');
  try {
    const log = join(folder, 'sysmon.log');
    expect(loadedBy('log', '--file', log, '--interval', '1h', '--count', '1')).toMatch(/ stream$/m);
    const loaded = loadedBy('check', '--file', log, '--memory', '101');
    expect(loaded).toMatch(/ os$/m);
    expect(loaded).not.toMatch(/ (stream|net|tty|zlib|fs\/promises|module|child_process|v8)$/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('archives are compressed by the bundle as well', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-'));
  try {
    const words = [
      '--file',
      join(folder, 'log'),
      '--interval',
      '20ms',
      '--count',
      '6',
      '--max-size',
      '20000',
    ];
    const call = [path('bin/sysmon.js'), 'log', ...words, '--config', '/dev/null'];
    const { status, stderr } = spawnSync(process.execPath, call, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readdirSync(folder).filter((name) => name.endsWith('.gz')).length).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
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

const FAILED: readonly (readonly [string, number])[] = [
  ...COMMANDS.map(({ name, exits }) => [name, exits?.failed ?? EXIT.failed] as const),
  ['nothing', EXIT.failed],
];

test.each(FAILED)('where the program itself is missing, %s ends with %d', (name, code) => {
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-'));
  try {
    cpSync(path('bin'), join(folder, 'bin'), { recursive: true });
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'bin/sysmon.js'), name], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([
      code,
      'sysmon: it is not built yet: run "npm install" in its folder\n',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
