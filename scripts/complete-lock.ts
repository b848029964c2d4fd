/**
 * Adds to package-lock.json the binaries of other platforms that npm left out, because the registry it asked (a mirror that holds
 * one platform's alone) did not have them. `npm ci` refuses a lock file that lacks them. Run after `npm install` from such a registry.
 * What is added has name, version and platform as the parent package states them, but no checksum, which only the registry knows.
 * `npm ci` runs an install script where the lock file says that there is one, in every version of npm. That of onnxruntime-node, which
 * fetches graphics libraries from another host, is therefore not said. Every dependency is named as bundled, in package.json too.
 */
import { readFile } from 'node:fs/promises';
import { writeJson } from '../src/core/files.ts';
import { readPackage } from './bundled-dependencies.ts';
import { repositoryPath } from './repository.ts';

interface Locked {
  readonly version?: string;
  readonly hasInstallScript?: boolean;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** Operating system, processor and C library, as such packages' names state them: `@biomejs/cli-linux-x64-musl`. */
function platformOf(name: string): { os?: string[]; cpu?: string[]; libc?: string[] } {
  const words = name.split(/[-/]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  const libc = words.some((w) => w.startsWith('musl'))
    ? ['musl']
    : words.some((w) => w.startsWith('gnu'))
      ? ['glibc']
      : [];
  return { ...(os.length && { os }), ...(cpu.length && { cpu }), ...(libc.length && { libc }) };
}

/** Whether node would find the package from the folder of another. */
function isLocked(packages: Readonly<Record<string, Locked>>, from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (`${folder && `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
  }
}

const path = repositoryPath('package-lock.json');
const lock = JSON.parse(await readFile(path, 'utf8')) as { packages: Record<string, Locked> };
const added: Record<string, Locked> = {};
for (const [from, parent] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (isLocked(lock.packages, from, name)) continue;
    if (!/^\d/.test(version))
      throw new Error(`${from} asks for ${name} ${version}, which is no exact version: add it by hand`);
    added[`node_modules/${name}`] = {
      version,
      ...(parent.license !== undefined && { license: parent.license }),
      ...(parent.dev && { dev: true }),
      optional: true,
      ...platformOf(name),
    } as Locked;
  }
}
// a packed felfri carries all that it needs; a list, as not every tool knows that npm takes `true` for it
const manifest = await readPackage(repositoryPath('package.json'));
const bundleDependencies = Object.keys(manifest.dependencies ?? {}).sort();
await writeJson(repositoryPath('package.json'), { ...manifest, bundleDependencies });

const { '': formerRoot, ...others } = { ...lock.packages, ...added };
const runtime = 'node_modules/onnxruntime-node';
const { hasInstallScript: _, ...withoutScript } = others[runtime]!;
others[runtime] = withoutScript;
const sorted = Object.fromEntries(Object.entries(others).sort(([a], [b]) => a.localeCompare(b, 'en')));
const root = { ...formerRoot, bundleDependencies };
await writeJson(path, { ...lock, packages: { '': root, ...sorted } });
console.log(`added ${Object.keys(added).length} packages to package-lock.json`);
