/**
 * `npm run pack:here`: felfri with all it needs for this kind of machine in one file, which installs without a network and in seconds.
 * `npm pack` makes the file for every platform; there npm still asks the registry for the packages of the platform it installs on.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { writeJson } from '../src/core/files.ts';
import { type PackageFile, readPackage, stripInstallScript } from './bundled-dependencies.ts';
import type { LockFile } from './licences.ts';
import { isMain, repositoryPath } from './repository.ts';

const platform = `${process.platform}-${process.arch}`;

/** Folders of the packages that felfri needs to run and that are installed here. */
async function productionPackages(root: string): Promise<string[]> {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  const needed = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  return needed.map(([path]) => join(root, path)).filter((path) => existsSync(path));
}

/** Copies packages without those below them, which are listed themselves where they are needed. */
async function copyPackages(root: string, stage: string): Promise<void> {
  for (const path of await productionPackages(root)) {
    await cp(path, join(stage, relative(root, path)), {
      recursive: true,
      filter: (source) => !relative(path, source).split(/[/\\]/).includes('node_modules'),
    });
  }
}

/** Names that a package would like to have and that are not there, since they are of other platforms. */
async function forgetOtherPlatforms(stage: string, path: string): Promise<void> {
  const file = join(path, 'package.json');
  const { optionalDependencies = {}, ...rest } = await readPackage(file);
  const here = Object.entries(optionalDependencies).filter(([name]) =>
    [path, stage].some((folder) => existsSync(join(folder, 'node_modules', name))),
  );
  await writeJson(file, { ...rest, optionalDependencies: Object.fromEntries(here) } satisfies PackageFile);
}

async function trimRuntime(modules: string): Promise<void> {
  const binaries = join(modules, 'onnxruntime-node/bin/napi-v6');
  for (const os of await readdir(binaries)) {
    for (const cpu of await readdir(join(binaries, os))) {
      if (`${os}-${cpu}` !== platform) await rm(join(binaries, os, cpu), { recursive: true });
    }
  }
}

/** Makes the file in `folder` and gives its path. Needs a build. */
export async function packHere(folder: string): Promise<string> {
  const root = repositoryPath('.').replace(/[/\\]$/, '');
  const { scripts: _, devDependencies: __, ...manifest } = await readPackage(join(root, 'package.json'));
  const stage = await mkdtemp(join(tmpdir(), 'felfri-pack-'));
  try {
    await writeJson(join(stage, 'package.json'), { ...manifest, os: [process.platform], cpu: [process.arch] });
    for (const name of manifest['files'] as string[])
      await cp(join(root, name), join(stage, name), { recursive: true });
    await copyPackages(root, stage);
    const modules = join(stage, 'node_modules');
    await stripInstallScript(modules);
    await trimRuntime(modules);
    for (const path of await productionPackages(root))
      await forgetOtherPlatforms(stage, join(stage, relative(root, path)));
    const filename = execFileSync('npm', ['pack', '--ignore-scripts', '--silent'], {
      cwd: stage,
      encoding: 'utf8',
    }).trim();
    const target = join(folder, filename.replace(/\.tgz$/, `-${platform}.tgz`));
    await mkdir(dirname(target), { recursive: true });
    await cp(join(stage, filename), target);
    return target;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

if (isMain(import.meta.url)) {
  const path = await packHere(repositoryPath('.'));
  console.log(
    `${path}: ${((await stat(path)).size / 1e6).toFixed(0)} MB, for ${platform}; install it by: npm install ${path}`,
  );
}
