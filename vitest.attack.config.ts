import { defineConfig } from 'vitest/config';
import { compiled } from './test/support/compiled.ts';

// the attacks that take minutes, or much memory; those that do neither run with all tests
export default defineConfig({
  test: {
    include: ['test/attack/**/*.attack.ts'],
    env: { FELFRI_COMPILED: compiled },
    globalSetup: ['test/support/compile-sources.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
    pool: 'forks',
    // one at a time: they measure
    fileParallelism: false,
  },
});
