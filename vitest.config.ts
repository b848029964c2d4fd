import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { findChromium } from './test/browser.ts';
import { sharedFolder } from './test/shared/shared-folder.ts';
import { compiled } from './test/support/compiled.ts';
import { canTrace } from './test/support/traced.ts';

// golden files that hold licensed photographs lie outside the repository, and not everywhere
const withoutShared = existsSync(join(sharedFolder, 'golden')) ? [] : ['test/shared/**'];

// a machine may have no browser; continuous integration must, so there the tests stay and fail without one
const withoutBrowser = process.env['CI'] || findChromium() !== undefined ? [] : ['test/**/*.browser.test.ts'];
if (withoutBrowser.length > 0) {
  console.warn('No Chromium: the tests of the report in a browser are left out (Debian: apt-get install chromium).');
}

const withoutTrace = process.env['CI'] || canTrace ? [] : ['test/**/*.trace.test.ts'];
if (withoutTrace.length > 0) {
  console.warn('No strace: the test that watches files and sockets is left out (Debian: apt-get install strace).');
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'web/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...withoutShared, ...withoutBrowser, ...withoutTrace],
    // threads are started from what the global setup compiles
    env: { FELFRI_COMPILED: compiled },
    globalSetup: ['test/support/compile-sources.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // two cores: each test file may itself run native threads, so files run two at a time in processes of their own
    pool: 'forks',
    maxWorkers: 2,
  },
});
