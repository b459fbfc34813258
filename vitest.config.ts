import { defineConfig } from 'vitest/config';

/** quick: the loop of every save. system: real servers, root, tmpfs, minutes. soak: an hour, outside CI. */
const project = (name: string, include: string[], exclude: string[], testTimeout: number) => ({
  test: { name, include, exclude, testTimeout, environment: 'node', pool: 'forks' as const },
});

export default defineConfig({
  test: {
    projects: [
      project('quick', ['test/**/*.test.ts'], ['test/system/**', 'test/soak/**'], 20_000),
      project('system', ['test/system/**/*.test.ts'], [], 600_000),
      project('soak', ['test/soak/**/*.test.ts'], [], 7_200_000),
    ],
  },
});
