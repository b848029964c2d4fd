/** A data folder that is this station's, with its records open. */
import { lockFolder } from './folder-lock.ts';
import { openRecords } from './records/open-records.ts';
import type { Records } from './records/records.ts';
import type { StationSettings } from './station.ts';

export interface Held {
  readonly settings: StationSettings;
  readonly records: Records;
  readonly release: () => void;
}

/** Throws FOLDER_IN_USE and RECORDS_UNAVAILABLE. */
export async function hold(settings: StationSettings): Promise<Held> {
  const release = await lockFolder(settings.folder);
  try {
    return { settings, records: await openRecords(settings.records), release };
  } catch (error) {
    release();
    throw error;
  }
}
