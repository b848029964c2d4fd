/**
 * Makes docs/licences.md from package-lock.json, and refuses a dependency whose licence felfri cannot be shipped or developed with.
 * The lock file lists the packages of every platform, so the table is the same on every machine.
 */
import { readFile } from 'node:fs/promises';
import { isMain, repositoryPath } from './repository.ts';
import { markdownTable, writeDocument } from './write-document.ts';

export const licencesPath = 'docs/licences.md';

/** What package-lock.json (version 3) says of one package. */
interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly devOptional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

export interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** SPDX identifiers that let anyone use, change and ship the work, asking no more than that notices are kept. */
const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/** Licences that ask for more, for the packages named alone. What each means is said in the document. */
const exceptions = [
  { licence: 'LGPL-3.0-or-later', name: /^@img\/sharp-(libvips-|wasm32$|win32-)/, developmentOnly: false },
  { licence: 'MPL-2.0', name: /^(axe-core|lightningcss(-.*)?)$/, developmentOnly: true },
] as const;

/** What packages state elsewhere than in package.json, read there. */
export const statedElsewhere: Readonly<Record<string, string>> = {
  // its file LICENSE
  'dequeue@1.0.5': 'BSD-2-Clause',
  // its README
  'precond@0.2.3': 'MIT',
};

interface Row {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly development: boolean;
  readonly platform: string;
}

function rowsOf(lock: LockFile): Row[] {
  const rows = new Map<string, Row>();
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '') continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const row = {
      name,
      version: entry.version ?? '',
      licence: entry.license ?? statedElsewhere[`${name}@${entry.version}`] ?? 'none stated',
      development: entry.dev === true || entry.devOptional === true,
      platform: [entry.os, entry.cpu, entry.libc].flatMap((list) => list ?? []).join(' '),
    };
    const key = `${name}@${row.version}`;
    // the same package twice in the tree is one row, a production one when either is
    if (rows.get(key)?.development !== false) rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1,
  );
}

/** Whether an SPDX expression of identifiers, OR, AND and brackets is granted: one side of an OR is enough, an AND needs both. */
function granted(expression: string, allowed: (identifier: string) => boolean): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  const any = (): boolean => {
    let ok = all();
    while (tokens[0] === 'OR') {
      tokens.shift();
      const right = all();
      ok ||= right;
    }
    return ok;
  };
  const all = (): boolean => {
    let ok = one();
    while (tokens[0] === 'AND') {
      tokens.shift();
      const right = one();
      ok &&= right;
    }
    return ok;
  };
  const one = (): boolean => {
    const token = tokens.shift() ?? '';
    if (token !== '(') return allowed(token);
    const inner = any();
    return tokens.shift() === ')' && inner;
  };
  const ok = any();
  return ok && tokens.length === 0;
}

/** Packages whose licence is not accepted, as 'name version: licence'. */
export function refusedLicences(lock: LockFile): string[] {
  return rowsOf(lock)
    .filter(
      ({ name, licence, development }) =>
        !granted(
          licence,
          (identifier) =>
            permissive.has(identifier) ||
            exceptions.some(
              (e) => e.licence === identifier && e.name.test(name) && (development || !e.developmentOnly),
            ),
        ),
    )
    .map(({ name, version, licence }) => `${name} ${version}: ${licence}`);
}

/** The document for a lock file. */
export function licencesDocument(lock: LockFile): string {
  const rows = rowsOf(lock);
  const table = (development: boolean): string =>
    markdownTable(
      ['package', 'version', 'licence', 'only on'],
      rows
        .filter((row) => row.development === development)
        .map(({ name, version, licence, platform }) => [
          `[${name}](https://www.npmjs.com/package/${name}/v/${version})`,
          version,
          licence,
          platform,
        ]),
    );
  return `# Licences of dependencies

Made from \`package-lock.json\` by \`npm run licences\`. It lists the packages of every platform; a machine installs those of
its own. The page of each package on npm links its homepage and source. felfri itself is under Apache-2.0.

Accepted are ${[...permissive].join(', ')}; anything else fails the check, with these exceptions:

- **LGPL-3.0-or-later**, for the binaries of libvips that sharp brings (\`@img/sharp-libvips-*\`, and \`@img/sharp-win32-*\` and
  \`@img/sharp-wasm32\`, which hold them). libvips is a separate, dynamically linked library, except in the WebAssembly build. You
  may use it in any product, closed ones too; whoever passes it on must pass on its licence text, say that it is in there, and
  let the receiver put a changed libvips in its place. npm installs it as a package of its own that anyone can replace, which
  does that. Whoever bundles felfri into a single executable must see to it themselves. Its source:
  https://github.com/lovell/sharp-libvips
- **None in package.json**, for \`dequeue\`, whose file LICENSE is BSD-2-Clause, and \`precond\`, whose README says MIT.
- **MPL-2.0**, for \`lightningcss\`, which the test runner brings. It is used in development only and not shipped.

## Production

What a user of felfri installs.

${table(false)}

## Development

What building, testing and measuring felfri needs besides; not installed with the package.

${table(true)}
`;
}

export async function readLockFile(): Promise<LockFile> {
  return JSON.parse(await readFile(repositoryPath('package-lock.json'), 'utf8')) as LockFile;
}

if (isMain(import.meta.url)) {
  const lock = await readLockFile();
  const refused = refusedLicences(lock);
  if (refused.length > 0) {
    console.error(
      `these licences are not accepted (see scripts/licences.ts); choose another package:\n  ${refused.join('\n  ')}`,
    );
    process.exitCode = 1;
  }
  await writeDocument(licencesPath, licencesDocument(lock));
}
