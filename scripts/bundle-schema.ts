/** Makes one file of src/core/schema.ts and typebox, in place of what the compiler wrote; part of `npm run build`. */
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { isMain, repositoryPath } from './repository.ts';

export async function bundleSchema(outfile: string): Promise<void> {
  const licence = await readFile(repositoryPath('node_modules/typebox/license'), 'utf8');
  await build({
    entryPoints: [repositoryPath('src/core/schema.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: `/*\n${licence.trim()}\n*/` },
    logLevel: 'warning',
  });
}

if (isMain(import.meta.url)) await bundleSchema(repositoryPath('dist/core/schema.js'));
