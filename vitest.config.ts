import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { sharedFolder } from './test/shared/shared-folder.ts';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // golden files that hold licensed photographs lie outside the repository, and not everywhere
    exclude: [...configDefaults.exclude, ...(existsSync(join(sharedFolder, 'golden')) ? [] : ['test/shared/**'])],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // two cores: each test file may itself run native threads, so files run two at a time in processes of their own
    pool: 'forks',
    maxWorkers: 2,
  },
});
