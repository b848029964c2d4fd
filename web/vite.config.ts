/** The page: built into dist/web, from where the station serves it. `npx vite web` serves it by itself and asks a station on port 4680. */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const station = process.env['FELFRI_STATION'] ?? 'http://127.0.0.1:4680';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [svelte()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // everything comes as a file of the station's own: its content security policy allows nothing inline
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': station } },
});
