/** A data folder that is this station's, with its records open. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { felfriVersion } from '../../core/version.ts';
import { holderOf } from '../records/database-hold.ts';
import { openRecords, recordsFile } from '../records/open-records.ts';
import type { Records } from '../records/records.ts';
import type { Upgraded } from '../records/upgrade.ts';
import type { StationSettings } from '../settings.ts';
import { lockFolder } from './folder-lock.ts';

export interface Held {
  readonly settings: StationSettings;
  readonly records: Records;
  readonly release: () => void;
  /** What was done to records of an older felfri; undefined where nothing was. */
  readonly upgraded: Upgraded | undefined;
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

async function note(records: Records, upgraded: Upgraded | undefined): Promise<void> {
  if (!upgraded) return;
  const { from, to, copy } = upgraded;
  const detail = { from, to, copy: copy === null ? null : basename(copy), felfri: felfriVersion };
  await records.audited({ by: 'felfri serve', at: new Date() }, async () => [
    undefined,
    { action: 'records.upgraded', subject: 'records', detail },
  ]);
}

/** Throws FOLDER_IN_USE, DATABASE_IN_USE, RECORDS_NEWER, DISK_FULL and RECORDS_UNAVAILABLE. */
export async function hold(settings: StationSettings): Promise<Held> {
  const release = await lockFolder(settings.folder);
  try {
    await requireNotEmptied(settings);
    const holder = await holderOf(settings.folder);
    let upgraded: Upgraded | undefined;
    const records = await openRecords(settings.records, {
      holder,
      ...(settings.upgradeWithoutCopy && { upgrade: 'without copy' }),
      upgraded: (told) => {
        upgraded = told;
      },
    });
    await note(records, upgraded);
    return { settings, records, release, upgraded };
  } catch (error) {
    release();
    throw error;
  }
}
