/** The page as it is in the sources, built by the first test that opens it and kept for the others, and for later runs until a source changes. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compiled, root } from './compiled.ts';

const pages = join(compiled, 'page');
const A_DAY = 86_400_000;

/** What a built page is named by: the state of every file that it may be made of. */
async function sourcesState(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of ['web', 'src']) {
    for (const path of (await readdir(join(root, folder), { recursive: true })).sort()) {
      if (path.endsWith('.test.ts')) continue;
      const { mtimeMs, size } = await stat(join(root, folder, path));
      hash.update(`${folder}/${path} ${mtimeMs} ${size}\n`);
    }
  }
  hash.update(String((await stat(join(root, 'package-lock.json'))).mtimeMs));
  return hash.digest('hex').slice(0, 16);
}

/** The folder of the built page. Two tests that need it at once may both build it; the later gives way. */
export async function builtPage(): Promise<string> {
  const target = join(pages, await sourcesState());
  const isThere = () => stat(join(target, 'index.html')).catch(() => undefined);
  if (await isThere()) return target;
  await mkdir(pages, { recursive: true });
  const building = await mkdtemp(join(pages, 'building-'));
  // the bundler takes a second to load
  const { build } = await import('vite');
  const configFile = join(root, 'web', 'vite.config.ts');
  await build({ configFile, logLevel: 'error', build: { outDir: building, emptyOutDir: true } });
  await rename(building, target).catch(async (error: unknown) => {
    if (!(await isThere())) throw error;
    await rm(building, { recursive: true });
  });
  return target;
}

/** Removes what other sources were built to, but for what is so new that tests of another run may still open it. */
export async function removeFormerPages(): Promise<void> {
  const current = await sourcesState();
  for (const name of await readdir(pages).catch(() => [])) {
    const path = join(pages, name);
    const made = (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
    if (name !== current && Date.now() - made > A_DAY) await rm(path, { recursive: true, force: true });
  }
}
