/** Child scripts for tests: our own ones bundled from source, and wrong ones written down in the test. */

import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Scripts {
  /** Bundles a file of the project; gives the path of the script. */
  readonly bundle: (path: string) => Promise<string>;
  /** Writes a script; gives its path. */
  readonly write: (name: string, text: string) => string;
  readonly remove: () => void;
}

export const openScripts = (): Scripts => {
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-script-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return {
    bundle: async (path) => {
      await build({
        absWorkingDir: ROOT,
        entryPoints: [path],
        entryNames: '[name]',
        outdir: folder,
        bundle: true,
        platform: 'node',
        format: 'esm',
        target: 'node20',
        external: ['systeminformation'],
        logLevel: 'warning',
      });
      return join(folder, path.replace(/^.*\//, '').replace(/\.ts$/, '.js'));
    },
    write: (name, text) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
