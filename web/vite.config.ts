/** The page: built into dist/web, from where the station serves it. `npx vite web` serves it by itself and asks a station on port 4680. */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { workerLicences } from './worker-licences.ts';

const station = process.env['FELFRI_STATION'] ?? 'http://127.0.0.1:4680';

const workers = workerLicences(fileURLToPath(new URL('../dist/web/licences.md', import.meta.url)));

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [svelte(), workers.written],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // everything comes as a file of the station's own: its content security policy allows nothing inline
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // the page carries its libraries within, so their licences come along
    license: { fileName: 'licences.md' },
  },
  worker: { format: 'es', plugins: () => [workers.seen] },
  server: { proxy: { '/api': station } },
});
