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

test.each(['check', 'export', 'grep', 'query'])('V8 takes the code cache that was made for %s', (command) => {
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

/** What a check does with another bundle than its own, where the words say so and where only a file does. A log so young has no rules evaluated. */
const ELSEWHERE: readonly (readonly [string, readonly string[], string, number, RegExp])[] = [
  ['lines', ['--grep', 'root', 'LINES', '--max', '10'], '', 0, /lines root/],
  ['lines of a file’s wish', ['LINES', '--max', '10'], 'grep: root', 0, /lines root/],
  ['rules', ['--rules', 'RULES', '--file', 'LOG'], '', 3, /rules over/],
  ['rules of a file’s wish', ['--file', 'LOG'], 'rules: RULES', 3, /rules over/],
];

test.skipIf(process.platform !== 'linux').each(ELSEWHERE)(
  'a check of %s goes on in the bundle that has it',
  (_, words, config, code, said) => {
    const folder = mkdtempSync(join(tmpdir(), 'sysmon-'));
    const named = (text: string): string =>
      text.replace(/LINES|RULES|LOG|CONFIG/, (name) => join(folder, name));
    const run = (...call: readonly string[]) => {
      const env = { ...process.env, XDG_STATE_HOME: folder };
      const all = [path('bin/sysmon.js'), ...call.map(named)];
      const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8', env });
      return { status, stderr, stdout };
    };
    try {
      writeFileSync(named('LINES'), 'a root\n');
      writeFileSync(
        named('RULES'),
        'groups: [{ name: g, rules: [{ alert: Odd, expr: node_load1 < -1 }] }]\n',
      );
      writeFileSync(named('CONFIG'), config === '' ? '' : `check:\n  ${named(config)}\n`);
      const log = ['--file', 'LOG', '--interval', '20ms', '--count', '2', '--config', 'CONFIG'];
      run('log', ...log);
      expect(run('check', ...words, '--config', 'CONFIG')).toEqual({
        status: code,
        stderr: '',
        stdout: expect.stringMatching(said),
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
