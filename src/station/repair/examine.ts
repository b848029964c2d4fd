/** What of a stopped station's data folder is damaged: read as the station reads it at its start, and left as it is. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { FelfriError } from '../../core/errors.ts';
import { Inspector } from '../../inspect/inspector.ts';
import type { Recipe } from '../contract/recipes.ts';
import { DataSetFolder } from '../datasets/data-set-folder.ts';
import { RecipeBundles } from '../recipes/recipe-bundles.ts';
import { recordsFile } from '../records/open-records.ts';
import { readReplay } from '../replays/replay-store.ts';
import { StudyFolder } from '../studies/study-folder.ts';
import { readTraining } from '../training/training-store.ts';

export interface Damage {
  readonly kind: 'records' | 'recipe' | 'data set' | 'training' | 'replay' | 'study';
  readonly id: string;
  /** What would be set aside, within the data folder. */
  readonly path: string;
  readonly code: string;
  readonly why: string;
}

const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder).catch(() => [])).sort();

/** The damage that reading something shows; null where it is whole. */
async function damageOf(
  what: Pick<Damage, 'kind' | 'id' | 'path'>,
  read: () => Promise<unknown>,
): Promise<Damage | null> {
  try {
    await read();
    return null;
  } catch (error) {
    const code = error instanceof FelfriError ? error.code : 'STATION_FAILED';
    return { ...what, code, why: (error as Error).message };
  }
}

/** Whether a recipe's bundle is the one on record, whole, and computes here what it computed when it was exported. */
export async function requireWhole(folder: string, recipe: Recipe): Promise<void> {
  const { directory, hash } = new RecipeBundles(folder).recorded(recipe);
  await (await Inspector.open(directory, { hash, threads: 1 })).close();
}

/** What SQLite says of its own file; null where it is whole, or not there. Throws nothing. */
export function examineRecords(folder: string): Damage | null {
  const path = recordsFile;
  let why: string | undefined;
  try {
    const database = new Database(join(folder, path), { fileMustExist: true } as object);
    const rows = database.prepare('pragma integrity_check').all() as { integrity_check: string }[];
    database.close();
    why = rows.map((row) => row.integrity_check).find((text) => text !== 'ok');
  } catch (error) {
    why = (error as Error).message;
  }
  return why === undefined ? null : { kind: 'records', id: path, path, code: 'RECORDS_UNAVAILABLE', why };
}

/** In the order of the folder. `recipes` are those on record; null where the records cannot be read. */
export async function examine(folder: string, recipes: readonly Recipe[] | null): Promise<Damage[]> {
  const found: (Damage | null)[] = [];
  const nobodys = (id: string) => async () => {
    if (recipes?.every((recipe) => recipe.id !== id))
      throw new FelfriError('BUNDLE_INVALID', 'no recipe on record has it, so that nothing is judged by it');
  };
  for (const recipe of recipes ?? [])
    found.push(
      await damageOf({ kind: 'recipe', id: recipe.id, path: join('recipes', recipe.id) }, () =>
        requireWhole(folder, recipe),
      ),
    );
  for (const id of await namesIn(join(folder, 'recipes')))
    found.push(await damageOf({ kind: 'recipe', id, path: join('recipes', id) }, nobodys(id)));
  for (const id of await namesIn(join(folder, 'datasets')))
    found.push(
      await damageOf({ kind: 'data set', id, path: join('datasets', id) }, () =>
        DataSetFolder.open(join(folder, 'datasets', id), id),
      ),
    );
  for (const id of await namesIn(join(folder, 'trainings')))
    found.push(
      await damageOf({ kind: 'training', id, path: join('trainings', id) }, () =>
        readTraining(join(folder, 'trainings'), id),
      ),
    );
  for (const id of await namesIn(join(folder, 'studies')))
    found.push(
      await damageOf({ kind: 'study', id, path: join('studies', id) }, () =>
        StudyFolder.open(join(folder, 'studies', id)),
      ),
    );
  for (const name of (await namesIn(join(folder, 'replays'))).filter((one) => one.endsWith('.json')))
    found.push(
      await damageOf({ kind: 'replay', id: name.slice(0, -'.json'.length), path: join('replays', name) }, () =>
        readReplay(join(folder, 'replays', name)),
      ),
    );
  return found.filter((damage) => damage !== null);
}
