// Runs test scripts in Prometheus's format: node test/promqltest/main.js FILE…
// The engine is bundled on the fly, so that a fresh clone needs no build.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('cli.ts', import.meta.url))],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
});
const code = Buffer.from(outputFiles[0].contents).toString('base64');
const { main } = await import(`data:text/javascript;base64,${code}`);
process.exitCode = main(process.argv.slice(2));
