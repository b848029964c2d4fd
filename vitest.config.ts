import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { configDefaults, defineConfig } from 'vitest/config';
import { findChromium } from './test/browser.ts';
import { sharedFolder } from './test/shared/shared-folder.ts';
import { compiled } from './test/support/compiled.ts';
import { compiledSources } from './test/support/compiled-sources.ts';
import { SlowFirst } from './test/support/slow-first.ts';
import { slowestFiles } from './test/support/slowest-files.ts';
import { canTrace } from './test/support/traced.ts';
import { patience } from './test/support/until.ts';

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

const exclude = [...configDefaults.exclude, ...withoutShared, ...withoutBrowser, ...withoutTrace];
// threads are started from what the global setup compiles
// and no weights that a developer has fetched may change what a test sees
const env = { FELFRI_COMPILED: compiled, FELFRI_CACHE: join(tmpdir(), 'felfri-test-cache') };

/** They stop and count the children of their process, so each has one of its own. */
const alone = ['http/killed-process', 'inspecting/lanes', 'readiness'].map((path) => `src/station/${path}.test.ts`);

// Node loads what the global setup compiles itself
const external = [/\/\.test-build\//];

export default defineConfig({
  test: {
    globalSetup: ['test/support/compile-sources.ts'],
    reporters: ['default', slowestFiles],
    testTimeout: patience.test,
    hookTimeout: patience.test,
    expect: { poll: { timeout: patience.condition } },
    // in processes of their own; on two cores three at a time, as many wait for a browser, a lock or a process of theirs
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: SlowFirst },
    projects: [
      // those of one process share what it has loaded, which takes longer than most of them
      {
        extends: true,
        test: { name: 'units', include: ['src/!(station)/**/*.test.ts'], exclude, env, isolate: false },
      },
      {
        extends: true,
        plugins: [compiledSources],
        test: {
          name: 'stations',
          include: ['src/station/**/*.test.ts'],
          exclude: [...exclude, ...alone],
          env,
          isolate: false,
          server: { deps: { external } },
        },
      },
      {
        extends: true,
        plugins: [compiledSources],
        test: { name: 'whole', include: [...alone, 'test/**/*.test.ts'], exclude, env, server: { deps: { external } } },
      },
      {
        extends: true,
        plugins: [
          compiledSources,
          svelte({ configFile: false, dynamicCompileOptions: () => ({ generate: 'client' }) }),
        ],
        // Svelte's signals work only as they are in a browser; what else has a form for browsers is loaded in it here
        ssr: { resolve: { conditions: ['browser', 'module', 'node', 'development'] } },
        test: {
          name: 'page',
          isolate: false,
          include: ['web/**/*.test.ts'],
          exclude,
          env,
          server: { deps: { inline: ['svelte'], external } },
        },
      },
    ],
  },
});
