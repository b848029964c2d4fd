/** Where a data folder has what is not yet whole: bundles that are being received, pictures that are being written. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** By a name that no folder of the user's has: a data folder may be one that was there before, and all in this one is removed at a start. */
export const unfinishedIn = (folder: string): string => join(folder, 'station.unfinished');

/** Removes what a kill left there; to be called before a station takes anything. */
export const removeUnfinished = (folder: string): Promise<void> =>
  rm(unfinishedIn(folder), { recursive: true, force: true });
