/** What `felfri station life` does; loaded when it is asked for. The station may run meanwhile. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { systemError } from '../core/system-errors.ts';
import { Alarms } from '../station/alarms.ts';
import type { RecipeLife } from '../station/contract/life.ts';
import { recipeLife } from '../station/life/life.ts';
import { lifePage } from '../station/life/page.ts';
import { RecipeBundles } from '../station/recipes/recipe-bundles.ts';
import { Releases } from '../station/recipes/releases.ts';
import { openRecords, recordsPlace } from '../station/records/open-records.ts';
import { ReplayStore } from '../station/replays/replay-store.ts';
import { chosen } from './station-folder.ts';

interface Wish {
  readonly out?: string;
  readonly json?: boolean;
}

/** Signs that a file name had better not have. */
const unsafe = /[^A-Za-z0-9._-]+/g;

/** Writes the page to a new file; `path` is null where only JSON is asked for. Throws OPTION_INVALID, PATH_UNUSABLE, RECORDS_UNAVAILABLE. */
export async function writeLife(
  data: string,
  wanted: string,
  { out, json }: Wish,
): Promise<{ readonly life: RecipeLife; readonly path: string | null }> {
  const folder = resolve(data);
  const records = await openRecords(recordsPlace(folder, process.env), { mustExist: true });
  try {
    const { id, name } = chosen(await records.recipes(), wanted);
    const alarms = new Alarms(folder);
    const store = new ReplayStore(join(folder, 'replays'));
    await store.load(alarms);
    const replays = { list: () => ({ replays: store.all.map(({ changes: _, ...replay }) => replay) }) };
    const recipes = { bundles: new RecipeBundles(folder), releases: await Releases.ofRecords(records) };
    const life = await recipeLife({ records, recipes, replays, alarms }, id);
    if (json && out === undefined) return { life, path: null };
    const path = out ?? `${name.replace(unsafe, '-').replace(/^[.-]+/, '') || id}-life.html`;
    await writeFile(path, lifePage(life), { flag: 'wx' }).catch((error: unknown) => {
      throw systemError(error, path) ?? error;
    });
    return { life, path };
  } finally {
    await records.close();
  }
}
