/**
 * The files of a data folder that a backup holds, beside the records. A station that runs meanwhile writes what is named before what names it,
 * so that what names is taken first: no image or version that a copied list tells of is missing.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unfinishedIn } from '../folder/unfinished.ts';
import { recordsFile } from '../records/open-records.ts';

/** The station's lock, SQLite's files (which are taken by themselves), copies of before an upgrade, what is half written, and this command's own. */
function isLeftOut(folder: string, path: string): boolean {
  return (
    path === 'station.lock' ||
    path.startsWith(recordsFile) ||
    path.startsWith('records.pgdump.step-') ||
    join(folder, path) === unfinishedIn(folder) ||
    path.endsWith('.tmp')
  );
}

const isIndex = (path: string): boolean => /\.(json|csv|jsonl)$/.test(path) && !/^(images|maps|recipes)\//.test(path);

/** Paths of regular files, sorted, by `/`; links are followed, since a picture folder may lie on another disk. */
async function list(folder: string, except: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = [];
  const walk = async (path: string, above: readonly string[]): Promise<void> => {
    const here = join(folder, path);
    const real = await realpath(here).catch(() => undefined);
    if (real === undefined || above.includes(real)) return;
    for (const name of (await readdir(here).catch(() => [])).sort()) {
      const inner = path === '' ? name : `${path}/${name}`;
      if (isLeftOut(folder, inner)) continue;
      const entry = await stat(join(folder, inner)).catch(() => undefined);
      if (entry?.isDirectory()) await walk(inner, [...above, real]);
      else if (entry?.isFile() && !except.has(join(real, name))) found.push(inner);
    }
  };
  await walk('', []);
  return found;
}

/** In the order in which they are to be copied; each once. `except`: real paths of files that are no part of it. */
export async function* folderFiles(folder: string, except: ReadonlySet<string>): AsyncGenerator<string> {
  const taken = new Set<string>();
  for (const path of (await list(folder, except)).filter(isIndex)) {
    taken.add(path);
    yield path;
  }
  // listed again: what the lists name is there by now
  for (const path of await list(folder, except)) if (!taken.has(path)) yield path;
}
