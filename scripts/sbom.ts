/**
 * `npm run sbom`: dist/sbom.cdx.json, the software that a felfri is made of (CycloneDX), by `npm sbom` from the lock file, so that it holds the
 * packages of every platform. npm refuses the tree as it lies here, since it takes an override of a bundled dependency (`cookie`) for a fault;
 * without the note that dependencies are bundled it is the same tree, and legal. Equal input gives equal bytes.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sha256, writeJson } from '../src/core/files.ts';
import { readPackage } from './bundled-dependencies.ts';
import { statedElsewhere } from './licences.ts';
import { isMain, repositoryPath } from './repository.ts';

export const sbomPath = 'dist/sbom.cdx.json';

/** Development dependencies of which the built page carries code within (web/src imports them). */
export const builtIn: readonly string[] = ['onnxruntime-web', 'svelte'];

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly unknown[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

export interface Sbom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: { readonly component: Component; readonly [more: string]: unknown };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** What npm says of the whole tree, tools of the development included. */
async function wholeTree(): Promise<Sbom> {
  const { bundleDependencies: _, ...manifest } = await readPackage(repositoryPath('package.json'));
  const lock = JSON.parse(await readFile(repositoryPath('package-lock.json'), 'utf8'));
  delete lock.packages[''].bundleDependencies;
  for (const entry of Object.values<{ inBundle?: boolean }>(lock.packages)) delete entry.inBundle;
  const place = await mkdtemp(join(tmpdir(), 'felfri-sbom-'));
  // npm calls the component by its folder
  const folder = join(place, 'felfri');
  try {
    await mkdir(folder);
    await writeJson(join(folder, 'package.json'), manifest);
    await writeJson(join(folder, 'package-lock.json'), lock);
    const args = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
    const { stdout } = await promisify(execFile)('npm', args, {
      cwd: folder,
      maxBuffer: 2 ** 27,
      shell: process.platform === 'win32',
    });
    return JSON.parse(stdout) as Sbom;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Refs of what is shipped: all that production dependencies, and what the page carries, need in turn. */
function shipped({ metadata, dependencies, components }: Sbom, names: ReadonlySet<string>): Set<string> {
  const needs = new Map(dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const nameOf = new Map(components.map((component) => [component['bom-ref'], component.name]));
  const found = new Set<string>();
  const take = (refs: readonly string[]): void => {
    for (const ref of refs) {
      if (found.has(ref)) continue;
      found.add(ref);
      take(needs.get(ref) ?? []);
    }
  };
  take((needs.get(metadata.component['bom-ref']) ?? []).filter((ref) => names.has(nameOf.get(ref)!)));
  return found;
}

/** With the licence that a package states elsewhere than in its package.json. */
function licensed(component: Component): Component {
  const id = statedElsewhere[`${component.name}@${component.version}`];
  return component.licenses?.length || id === undefined ? component : { ...component, licenses: [{ license: { id } }] };
}

/** UUID of a text: the form of version 8 (RFC 9562). */
function uuidOf(text: string): string {
  const h = sha256(text);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

export async function makeSbom(): Promise<Sbom> {
  const { dependencies = {} } = await readPackage(repositoryPath('package.json'));
  const whole = await wholeTree();
  const own = whole.metadata.component['bom-ref'];
  const refs = shipped(whole, new Set([...Object.keys(dependencies), ...builtIn]));
  const components = whole.components.filter((component) => refs.has(component['bom-ref'])).map(licensed);
  const needs = whole.dependencies
    .filter(({ ref }) => ref === own || refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }));
  // the time of the making says nothing of the software, and would make each file another
  const { timestamp: _, ...metadata } = whole.metadata;
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify([components, needs]))}`;
  return { ...whole, serialNumber, metadata, components, dependencies: needs };
}

if (isMain(import.meta.url)) {
  const sbom = await makeSbom();
  await mkdir(repositoryPath('dist'), { recursive: true });
  await writeJson(repositoryPath(sbomPath), sbom);
  console.log(`wrote ${sbomPath}: ${sbom.components.length} components, CycloneDX ${sbom.specVersion}`);
}
