/** What `felfri station` does; loaded when it is asked for. Folder and database are locked as a station locks them, so that none runs meanwhile. */
import { access } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import type { Recipe } from '../station/contract/recipes.ts';
import { lockFolder } from '../station/folder/folder-lock.ts';
import type { Change } from '../station/records/change.ts';
import { holderOf } from '../station/records/database-hold.ts';
import { openRecords, recordsPlace } from '../station/records/open-records.ts';
import type { Records } from '../station/records/records.ts';
import { type Damage, examine, examineRecords, requireWhole } from '../station/repair/examine.ts';
import { setAside } from '../station/repair/set-aside.ts';
import { keepPrivate } from './private-files.ts';

const change = (): Change => ({ by: `${userInfo().username} at the command line`, at: new Date() });

/** Throws FOLDER_IN_USE, and RECORDS_UNAVAILABLE where there is no such folder. */
async function withFolder<T>(data: string, work: (folder: string) => Promise<T>): Promise<T> {
  keepPrivate();
  const folder = resolve(data);
  await access(folder).catch((cause: unknown) => {
    throw new FelfriError('RECORDS_UNAVAILABLE', `there is no data folder ${folder}; name it by --data`, { cause });
  });
  const release = await lockFolder(folder);
  try {
    return await work(folder);
  } finally {
    release();
  }
}

async function withRecords<T>(folder: string, work: (records: Records) => Promise<T>): Promise<T> {
  const records = await openRecords(recordsPlace(folder, process.env), {
    holder: await holderOf(folder),
    mustExist: true,
    upgrade: 'refuse',
  });
  try {
    return await work(records);
  } finally {
    await records.close();
  }
}

export interface Repaired extends Damage {
  /** Within the data folder; null for what stays where it is. */
  readonly movedTo: string | null;
}

export function repair(data: string, isDry: boolean): Promise<Repaired[]> {
  return withFolder(data, async (folder) => {
    const isHere = 'folder' in recordsPlace(folder, process.env);
    const ofRecords = isHere ? examineRecords(folder) : null;
    const recipes = ofRecords ? null : await withRecords(folder, (records) => records.recipes());
    const found = [...(ofRecords ? [ofRecords] : []), ...(await examine(folder, recipes))];
    const moved = isDry ? [] : await setAside(folder, found, new Date());
    return found.map((damage, i) => ({
      ...damage,
      why: damage.why.replaceAll(join(folder, '/'), ''),
      movedTo: moved[i] ?? null,
    }));
  });
}

interface ListedRecipe extends Pick<Recipe, 'id' | 'name' | 'revision' | 'active'> {
  /** Why it cannot be used. */
  readonly damage: string | null;
}

export function listRecipes(data: string): Promise<ListedRecipe[]> {
  return withFolder(data, (folder) =>
    withRecords(folder, async (records) => {
      const listed: ListedRecipe[] = [];
      for (const recipe of await records.recipes()) {
        const { id, name, revision, active } = recipe;
        const damage = await requireWhole(folder, recipe).then(
          () => null,
          (error: Error) => error.message.replaceAll(join(folder, '/'), ''),
        );
        listed.push({ id, name, revision, active, damage });
      }
      return listed;
    }),
  );
}

/** Throws OPTION_INVALID unless exactly one recipe has that id or name. */
export function chosen(recipes: readonly Recipe[], wanted: string | undefined): Recipe {
  const found = recipes.filter(({ id, name }) => id === wanted || name === wanted);
  if (found.length === 1) return found[0]!;
  const legal = recipes.map(({ id, name }) => `${id} (${name})`).join(', ') || 'none, as there is no recipe';
  throw new FelfriError(
    'OPTION_INVALID',
    `${wanted === undefined ? 'which recipe?' : `${JSON.stringify(wanted)} is ${found.length === 0 ? 'no recipe' : 'several recipes'}`}; legal are ${legal}`,
    { subject: 'recipe' },
  );
}

/** Makes a whole recipe the active one, as the page does. Throws OPTION_INVALID and BUNDLE_ codes. */
export function activate(data: string, wanted: string | undefined): Promise<void> {
  return withFolder(data, (folder) =>
    withRecords(folder, async (records) => {
      const recipe = chosen(await records.recipes(), wanted);
      await requireWhole(folder, recipe);
      await records.activate(recipe.id, change());
    }),
  );
}

/** Leaves no recipe active, so that a station starts and inspects nothing. */
export function deactivate(data: string): Promise<void> {
  return withFolder(data, (folder) => withRecords(folder, (records) => records.deactivate(change())));
}
