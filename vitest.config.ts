import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // two cores: each test file may itself run native threads, so files run two at a time in processes of their own
    pool: 'forks',
    maxWorkers: 2,
  },
});
