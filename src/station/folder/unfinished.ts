/** Where a data folder has what is not yet whole: bundles that are being received, pictures that are being written. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

export const unfinishedIn = (folder: string): string => join(folder, 'uploads');

/** Removes what a kill left there; to be called before a station takes anything. */
export const removeUnfinished = (folder: string): Promise<void> =>
  rm(unfinishedIn(folder), { recursive: true, force: true });
