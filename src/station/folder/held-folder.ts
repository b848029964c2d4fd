/** A data folder that is this station's, with its records open. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { holderOf } from '../records/database-hold.ts';
import { openRecords, recordsFile } from '../records/open-records.ts';
import type { Records } from '../records/records.ts';
import type { StationSettings } from '../settings.ts';
import { lockFolder } from './folder-lock.ts';

export interface Held {
  readonly settings: StationSettings;
  readonly records: Records;
  readonly release: () => void;
}

/**
 * A file of no bytes, as a copy that broke off leaves it, is an empty database to SQLite: a station would begin anew without a word, and inspect
 * parts again that it has decided on. Throws RECORDS_UNAVAILABLE where recipes lie beside it.
 */
async function requireNotEmptied({ folder, records }: StationSettings): Promise<void> {
  if (!('folder' in records)) return;
  const path = join(records.folder, recordsFile);
  const found = await stat(path).catch(() => undefined);
  if (found && found.size > 0) return;
  const recipes = await readdir(join(folder, 'recipes')).catch(() => []);
  if (recipes.length === 0) return;
  throw new FelfriError(
    'RECORDS_UNAVAILABLE',
    `${path} is ${found ? 'empty' : 'gone'}, though recipes lie in ${folder}; bring it back from a backup, or begin anew with another folder by --data`,
    { subject: path },
  );
}

/** Throws FOLDER_IN_USE, DATABASE_IN_USE and RECORDS_UNAVAILABLE. */
export async function hold(settings: StationSettings): Promise<Held> {
  const release = await lockFolder(settings.folder);
  try {
    await requireNotEmptied(settings);
    const holder = await holderOf(settings.folder);
    return { settings, records: await openRecords(settings.records, { holder }), release };
  } catch (error) {
    release();
    throw error;
  }
}
