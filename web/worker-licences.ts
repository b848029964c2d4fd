/** The licences of what the page's worker carries within: Vite lists those of the page alone. They are added to the same file. */
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const text = /^(licen[cs]e|copying)/i;

/** Packages that come without their licence's text have it here. */
const own = (name: string): string => fileURLToPath(new URL(`licences/${name}.md`, import.meta.url));

/** Throws where there is none: what is passed on must carry it. */
function licenceOf(folder: string, name: string): string {
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const found = readdirSync(folder).find((file) => text.test(file));
  const file = found === undefined ? own(name) : join(folder, found);
  if (!existsSync(file)) throw new Error(`${name} comes without the text of its licence; put it into ${file}`);
  return `\n## ${name} - ${version} (${license})\n\n${readFileSync(file, 'utf8').trim()}\n`;
}

/** Of the two plugins `seen` goes into the worker's build and `written` into the page's, with the path that its licences are written to. */
export function workerLicences(path: string): { seen: Plugin; written: Plugin } {
  const packages = new Map<string, string>();
  return {
    seen: {
      name: 'licences of the worker',
      generateBundle(_, bundle) {
        const chunks = Object.values(bundle).filter((part) => part.type === 'chunk');
        for (const id of chunks.flatMap(({ moduleIds }) => moduleIds)) {
          const [, folder, name] = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(id) ?? [];
          if (folder !== undefined && name !== undefined) packages.set(name, folder);
        }
      },
    },
    written: {
      name: 'licences of the worker, written',
      enforce: 'post',
      writeBundle() {
        const already = readFileSync(path, 'utf8');
        for (const [name, folder] of [...packages].sort())
          if (!already.includes(`\n## ${name} - `)) appendFileSync(path, licenceOf(folder, name));
      },
    },
  };
}
