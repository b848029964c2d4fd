/**
 * What a packed felfri carries: its dependencies are bundled, so that installing it asks nobody. onnxruntime's install script would
 * fetch graphics libraries from another host, and npm runs it in a user's project whatever felfri says, so it is left out.
 * So is what builds a clone: npm 11.19 warns of a script called prepare in every packed file that it installs.
 * npm calls this file before it packs (`strip`) and after (`restore`).
 */
import { copyFile, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJson } from '../src/core/files.ts';
import { isMain, repositoryPath } from './repository.ts';

export interface PackageFile {
  scripts?: Readonly<Record<string, string>>;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  [more: string]: unknown;
}

export const readPackage = async (path: string): Promise<PackageFile> =>
  JSON.parse(await readFile(path, 'utf8')) as PackageFile;

const kept = (path: string): string => `${path}.as-installed`;

/** Takes the install script, and what it alone needs, out of the onnxruntime-node of a node_modules folder. */
export async function stripInstallScript(modules: string): Promise<void> {
  const path = join(modules, 'onnxruntime-node/package.json');
  const { scripts = {}, dependencies = {}, ...rest } = await readPackage(path);
  if (!('postinstall' in scripts)) return;
  await writeJson(kept(path), { ...rest, scripts, dependencies });
  const needed = Object.entries(dependencies).filter(([name]) => name === 'onnxruntime-common');
  await writeJson(path, { ...rest, dependencies: Object.fromEntries(needed) });
}

/** Takes the script that builds a clone out of felfri's own package.json. */
export async function stripPrepare(path: string): Promise<void> {
  const { scripts: { prepare: _, ...scripts } = {}, ...rest } = await readPackage(path);
  await copyFile(path, kept(path));
  await writeJson(path, { ...rest, scripts });
}

/** Puts a package.json back as it was. */
export async function restore(path: string): Promise<void> {
  await rename(kept(path), path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

if (isMain(import.meta.url)) {
  const modules = repositoryPath('node_modules');
  const own = repositoryPath('package.json');
  if (process.argv[2] === 'strip') {
    await stripInstallScript(modules);
    await stripPrepare(own);
    await rm(repositoryPath('node_modules/.package-lock.json'), { force: true });
  } else for (const path of [own, join(modules, 'onnxruntime-node/package.json')]) await restore(path);
}
