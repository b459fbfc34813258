// Bundles src into dist. Start-up is mostly loading modules, and Node loads one CommonJS file faster than several ES
// modules: each bundle of our own code is one file, whose commands are evaluated when called, and each heavy package is one
// beside it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const here = (path) => new URL(path, import.meta.url);
const { version } = JSON.parse(readFileSync(here('package.json'), 'utf8'));

/** Loaded on demand, so not a part of what every command has to parse. */
const HEAVY = ['chalk', 'cli-table3', 'ora', 'pino', 're2js', 'yaml'];

/** commander can start other programs as its commands. None of ours is one, and loading what it takes is 2 ms. */
const noPrograms = {
  name: 'no-programs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: 'none', namespace: 'no-programs' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'no-programs' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Modules of Node's own that take it a millisecond or more to load, and that a short command does not use. */
const LATE = ['fs/promises', 'module'];

/** And a heavy package that is wanted in the middle of what cannot wait for an import. */
const LATE_PACKAGE = 're2js';

/** Has them loaded when something of theirs is first looked at. */
const late = {
  name: 'late',
  setup({ onResolve, onLoad }) {
    onResolve(
      { filter: new RegExp(`^(node:(${LATE.join('|')})|${LATE_PACKAGE})$`) },
      ({ path, namespace }) => {
        if (namespace !== 'late') return { path, namespace: 'late' };
        return { path: path === LATE_PACKAGE ? `./${path}.js` : path, external: true };
      },
    );
    onLoad({ filter: /.*/, namespace: 'late' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default');
      return {
        contents: `for (const name of '${names.join(' ')}'.split(' '))
          Object.defineProperty(exports, name, { enumerable: true, get: () => require('${path}')[name] });`,
      };
    });
  },
};

/** PromQL and what is scraped: a third of everything. */
const PROMQL = ['query', 'rules', 'check/alerts', 'scraping', 'query-[a-z]+'];

/** What a check does without, unless it looks at lines of logs. */
const OTHERS = ['log', 'watch', 'export', 'grep', 'tail', 'lines'];

/** Leaves these out of a bundle. Who comes to one of them is begun anew in the whole one (bin/sysmon.js). */
const without = (names) => ({
  name: 'without',
  setup({ onResolve, onLoad }) {
    onResolve(
      { filter: new RegExp(`^[./]*/(commands/|formats/)?(${names.join('|')})\\.js$`) },
      ({ kind, path }) => (kind === 'dynamic-import' ? { path, namespace: 'without' } : undefined),
    );
    onLoad({ filter: /.*/, namespace: 'without' }, () => ({
      resolveDir: here('src').pathname,
      contents: `import { NeedsWhole } from './whole.ts'; throw new NeedsWhole(); export {};`,
    }));
  },
});

/** Points imports of the heavy packages to their own bundles. */
const apart = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^(${HEAVY.join('|')})$`) }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: `./${path}.js`, external: true },
    );
  },
};

/** As Node gives a CommonJS module to an import: its default is the module itself. */
const entryOf = (name) => ({
  resolveDir: here('.').pathname,
  contents: `const all = require('${name}');
    module.exports = typeof all.default === 'function' ? Object.assign(all.default, all) : all;`,
});

const common = {
  absWorkingDir: here('.').pathname,
  outdir: 'dist',
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  logLevel: 'warning',
};

const own = {
  ...common,
  entryNames: '[name]',
  sourcemap: true,
  // A dynamic import becomes a require, so that Node's ES module loader is never started.
  supported: { 'dynamic-import': false },
  define: { SYSMON_VERSION: JSON.stringify(version), 'import.meta.url': 'sysmon.url' },
  // Large, needed only where there is no /proc, and it finds its own files by path.
  external: ['systeminformation'],
};

/** Made when it is asked for: most runs never do. */
const URL_BANNER = "const sysmon={get url(){return require('node:url').pathToFileURL(__filename).href}};";

rmSync(here('dist'), { recursive: true, force: true });
mkdirSync(here('dist'));
writeFileSync(here('dist/package.json'), '{ "type": "commonjs" }\n');
await Promise.all([
  ...[
    { out: 'check', plugins: [without([...PROMQL, ...OTHERS])] },
    { out: 'main', plugins: [without(PROMQL)] },
    { out: 'whole', plugins: [] },
  ].map(({ out, plugins }) =>
    build({
      ...own,
      entryPoints: [{ in: 'src/main.ts', out }],
      // A function, as Node makes one of a module: bin/load.js calls it.
      banner: { js: `(function(exports,require,module,__filename,__dirname){${URL_BANNER}` },
      footer: { js: '})' },
      plugins: [...plugins, late, apart, noPrograms],
    }),
  ),
  // Beside it, where src/vitals/child.ts and src/lines/search/crew.ts look for them.
  build({
    ...own,
    entryPoints: ['src/vitals/*-child.ts', 'src/lines/search/search-worker.ts'],
    banner: { js: URL_BANNER },
    plugins: [apart],
  }),
  ...HEAVY.map((name) =>
    build({ ...common, outdir: undefined, outfile: `dist/${name}.js`, stdin: entryOf(name) }),
  ),
]);

// Each in a process of its own, because what it runs is a whole sysmon.
const warmed = ['check', 'export', 'grep', 'query'].map((command) =>
  spawnSync(process.execPath, [here('bin/warm.js').pathname, command], {
    stdio: ['ignore', 'ignore', 'inherit'],
  }),
);
if (warmed.some(({ status }) => status !== 0))
  process.stderr.write('sysmon: built without a code cache: it starts a little slower\n');
