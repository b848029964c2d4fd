/** Whether SQLite's file is as long as it says itself: what is written into one that was emptied or cut past the station is lost. */
import { fstatSync } from 'node:fs';
import { headerOf, heldFile } from './file-header.ts';

/** While another program moves what is new into the file, it may be shorter than its header says. */
const MOVING_MILLIS = 4000;
const LOOK_MILLIS = 20;

/** Waits for another program where it must; for threads that may. Throws where there is no file. */
export function isWhole(path: string): boolean {
  const file = heldFile(path);
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; waited <= MOVING_MILLIS; waited += LOOK_MILLIS) {
    const header = headerOf(file);
    if (header === undefined) return false;
    if (fstatSync(file).size >= header.bytes) return true;
    Atomics.wait(sleeper, 0, 0, LOOK_MILLIS);
  }
  return false;
}
