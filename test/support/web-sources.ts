/** The sources of the page, tests left out, as texts. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryPath } from '../../scripts/repository.ts';

export async function pageSources(): Promise<string[]> {
  const files = await readdir(repositoryPath('web/src'), { recursive: true, withFileTypes: true });
  const sources = files.filter((one) => one.isFile() && /(?<!\.test)\.(ts|svelte)$/.test(one.name));
  return Promise.all(sources.map((one) => readFile(join(one.parentPath, one.name), 'utf8')));
}
