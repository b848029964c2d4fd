/** The list of software is whole: all that is shipped, nothing of the tools, each with licence and hash. */
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { readPackage } from '../scripts/bundled-dependencies.ts';
import { readLockFile } from '../scripts/licences.ts';
import { repositoryPath } from '../scripts/repository.ts';
import { builtIn, makeSbom, type Sbom } from '../scripts/sbom.ts';
import { pageSources } from './support/web-sources.ts';

let sbom: Sbom;
const named = () => new Set(sbom.components.map(({ name }) => name));

beforeAll(async () => {
  sbom = await makeSbom();
});

it('is CycloneDX of felfri, with purl, licence and SHA-512 of every component', async () => {
  const { version } = (await readPackage(repositoryPath('package.json'))) as { version?: string };
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'felfri', version } } });
  for (const { name, version: own, purl, licenses, hashes } of sbom.components) {
    expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${own}`);
    expect(licenses?.length, name).toBeGreaterThan(0);
    expect(
      hashes?.every(({ alg, content }) => /^SHA-/.test(alg) && /^[0-9a-f]+$/.test(content)),
      name,
    ).not.toBe(false);
  }
});

it('has every package that the lock file says is needed to run, and every one that the page carries', async () => {
  const names = named();
  const { packages } = await readLockFile();
  const needed = Object.entries(packages).flatMap(([path, { dev, devOptional }]) =>
    path === '' || dev || devOptional ? [] : [path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)],
  );
  expect(needed.filter((name) => !names.has(name))).toEqual([]);
  const imported = new Set((await pageSources()).flatMap((text) => [...text.matchAll(/^\s*import (?!type)[^;]*?from '((?:@[^/']+\/)?[^./'][^/']*)/gm)].map((m) => m[1]!))); // biome-ignore format: one line
  expect(imported).toContain('svelte');
  expect([...imported].filter((name) => !names.has(name))).toEqual([]);
  for (const name of builtIn) expect(names).toContain(name);
});

it('has no tool of the development, and no need that it does not list', () => {
  for (const tool of ['vitest', 'typescript', 'vite', '@biomejs/biome']) expect(named()).not.toContain(tool);
  const refs = new Set(sbom.components.map((component) => component['bom-ref']));
  for (const { ref, dependsOn } of sbom.dependencies) {
    expect(refs.has(ref) || ref === sbom.metadata.component['bom-ref']).toBe(true);
    expect(dependsOn.filter((one) => !refs.has(one))).toEqual([]);
  }
});

it('is the same each time', async () => {
  expect(await makeSbom()).toEqual(sbom);
  expect(await readFile(repositoryPath('package-lock.json'), 'utf8')).toContain('"bundleDependencies"');
});
