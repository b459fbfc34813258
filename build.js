// Bundles src into dist: one small entry and a chunk per command, because module loading is most of start-up.
import { readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

rmSync(new URL('dist', import.meta.url), { recursive: true, force: true });
await build({
  absWorkingDir: new URL('.', import.meta.url).pathname,
  // Child scripts stand beside the entry, where src/vitals/child.ts looks for them.
  entryPoints: ['src/main.ts', 'src/vitals/*-child.ts'],
  entryNames: '[name]',
  outdir: 'dist',
  bundle: true,
  splitting: true,
  minify: true,
  sourcemap: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  define: { SYSMON_VERSION: JSON.stringify(version) },
  // Large, needed only where there is no /proc, and it finds its own files by path.
  external: ['systeminformation'],
  banner: {
    js: "import{createRequire as sysmonCreateRequire}from'node:module';const require=sysmonCreateRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
