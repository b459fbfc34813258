import { defineConfig } from 'vitest/config';

/**
 * quick: the loop of every save. apart: the same, for files that put others in the place of modules. system: real servers,
 * root, tmpfs, minutes. soak: an hour, outside CI.
 */
const project = (
  name: string,
  include: string[],
  exclude: string[],
  testTimeout: number,
  isolate = true,
) => ({
  test: { name, include, exclude, testTimeout, isolate, environment: 'node', pool: 'forks' as const },
});

const APART = 'test/**/*.apart.test.ts';

export default defineConfig({
  test: {
    projects: [
      // One process for many files: to load the modules anew for each would take as long as all the tests.
      project('quick', ['test/**/*.test.ts'], ['test/system/**', 'test/soak/**', APART], 20_000, false),
      project('apart', [APART], [], 20_000),
      project('system', ['test/system/**/*.test.ts'], [], 600_000),
      project('soak', ['test/soak/**/*.test.ts'], [], 7_200_000),
    ],
  },
});
