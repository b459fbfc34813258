/** Holds the import directions of the tree and the one home of each heavy package (src/README.md). */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../src/', import.meta.url));

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

interface Import {
  readonly file: string;
  readonly target: string;
}

/** Every import of every file, static or dynamic; local ones as paths below src. Types count: they are knowledge too. */
const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(SRC, file), 'utf8');
  const found = [
    ...text.matchAll(/^(?:import|export|\}) (?:[^;'\n]*from )?'([^']+)';|import\('([^']+)'\)/gm),
  ].map(([, fixed, lazy]) => (fixed ?? lazy) as string);
  return found.map((target) => ({
    file,
    target: target.startsWith('.') ? normalize(join(dirname(file), target)).replace(/\.js$/, '.ts') : target,
  }));
});

const room = (path: string): string => (path.includes('/') ? (path.split('/')[0] as string) : path);

/** Which rooms a room may know. What is not named here may know nothing but itself. */
const MAY_KNOW: Readonly<Record<string, readonly string[]>> = {
  core: [],
  vitals: ['core'],
  promql: ['core', 'exit.ts', 'yaml.ts'],
  // Results of queries are shown as samples are.
  formats: ['core', 'promql'],
  screen: ['core'],
  logs: ['core', 'promql', 'exit.ts'],
  lines: ['core', 'exit.ts'],
  scrape: ['core', 'promql', 'exit.ts', 'yaml.ts'],
  commands: ['core', 'vitals', 'formats', 'screen', 'logs', 'lines', 'promql', 'scrape'].concat([
    'exit.ts',
    'world.ts',
    'yaml.ts',
  ]),
  'main.ts': ['core', 'commands', 'exit.ts', 'world.ts', 'whole.ts'],
  'whole.ts': [],
  'world.ts': ['core', 'screen', 'real-tty.ts', 'lean.ts'],
  'lean.ts': [],
  'real-tty.ts': ['screen'],
  'exit.ts': [],
  'yaml.ts': ['core', 'exit.ts', 'yaml-plain.ts'],
  'yaml-plain.ts': ['yaml.ts'],
};

/** Packages that cost start-up time, and the only files that may load them. */
const HOMES: Readonly<Record<string, (file: string) => boolean>> = {
  commander: (file) => file.startsWith('commands/'),
  systeminformation: (file) => file.startsWith('vitals/'),
  chalk: (file) => file === 'formats/palette.ts',
  'cli-table3': (file) => file === 'formats/table.ts',
  ora: (file) => file === 'commands/spinner.ts',
  pino: (file) => file === 'logs/line.ts',
  yaml: (file) => file === 'yaml.ts',
  re2js: (file) => file === 'promql/regexp.ts',
};

describe('the tree', () => {
  it('has files to look at', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(imports.length).toBeGreaterThan(files.length);
  });

  it('knows only downwards', () => {
    const wrong = imports.filter(({ file, target }) => {
      if (!target.endsWith('.ts')) return false;
      const from = room(file);
      const to = room(target);
      return from !== to && !(MAY_KNOW[from] ?? []).includes(to);
    });
    expect(wrong).toEqual([]);
  });

  it('keeps core free of the outside', () => {
    const wrong = imports.filter(({ file, target }) => room(file) === 'core' && !target.endsWith('.ts'));
    expect(wrong).toEqual([]);
  });

  it('keeps formats pure: they give text, nobody but the caller opens a file', () => {
    const wrong = imports.filter(
      ({ file, target }) => room(file) === 'formats' && target.startsWith('node:'),
    );
    expect(wrong).toEqual([]);
  });

  it('gives each heavy package one home', () => {
    const wrong = imports.filter(({ file, target }) => {
      const home = HOMES[target];
      return home !== undefined && !home(file);
    });
    expect(wrong).toEqual([]);
  });

  it('imports no package without a home', () => {
    const packages = imports.filter(({ target }) => !target.endsWith('.ts') && !target.startsWith('node:'));
    expect(packages.filter(({ target }) => HOMES[target] === undefined)).toEqual([]);
  });

  it('starts children only behind the vitals, and never a shell', () => {
    const children = imports.filter(({ target }) => /child_process/.test(target));
    expect(children.filter(({ file }) => room(file) !== 'vitals')).toEqual([]);
    for (const file of new Set(children.map((one) => one.file))) {
      const text = readFileSync(join(SRC, file), 'utf8');
      expect(text, file).not.toMatch(/\b(exec|execSync|execFile|execFileSync|spawnSync)\b|shell:\s*true/);
    }
  });

  // The global process is the linter's to find: there are things called process that are none.
  it('touches the clock and the console only in the World', () => {
    const allowed = /^(world\.ts|vitals\/[a-z-]*child\.ts)$/;
    const wrong = files.filter((file) => {
      if (allowed.test(file)) return false;
      const code = readFileSync(join(SRC, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$|'[^'\n]*'/gm, '');
      return /(?<![.\w])console\.|Date\.now\(/.test(code);
    });
    expect(wrong.map((file) => relative(SRC, join(SRC, file)))).toEqual([]);
  });
});
