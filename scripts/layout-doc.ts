/** Lays every document out: a list of its sections where it is long, and lines of at most 100 columns. `npm run docs`, and a test compares. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMain, repositoryPath } from './repository.ts';
import { laidOut, writeDocument } from './write-document.ts';

/** Paths of all documents, from the repository's root. */
export async function documentPaths(): Promise<readonly string[]> {
  const names = await readdir(repositoryPath('docs'), { recursive: true });
  const own = names.filter((name) => name.endsWith('.md')).map((name) => join('docs', name));
  return ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'findings/README.md', ...own.sort()];
}

if (isMain(import.meta.url)) {
  for (const path of await documentPaths()) {
    const present = await readFile(repositoryPath(path), 'utf8');
    const wanted = laidOut(present);
    if (wanted !== present) await writeDocument(path, wanted);
  }
}
