/** Whether SQLite's file is as long as it says itself: what is written into one that was emptied or cut past the station is lost. */
import { fstatSync, openSync, readSync, statSync } from 'node:fs';

/** Where the header has the size of a page, and how many there are. */
const PAGE_SIZE = 16;
const PAGES = 28;
const HEADER = 32;

/** While another program moves what is new into the file, it may be shorter than its header says. */
const MOVING_MILLIS = 4000;
const LOOK_MILLIS = 20;

interface Held {
  readonly file: number;
  readonly ino: number;
}

/** Never closed: with the first that a process closes of a file, POSIX takes all its locks on that, SQLite's too. */
const held = new Map<string, Held>();

function heldFile(path: string): number {
  const { ino } = statSync(path);
  const known = held.get(path);
  if (known?.ino === ino) return known.file;
  const file = openSync(path, 'r');
  held.set(path, { file, ino });
  return file;
}

/** Bytes that a file has by its header; undefined where it has none. */
function statedBytes(file: number): number | undefined {
  const header = Buffer.alloc(HEADER);
  if (readSync(file, header, 0, HEADER, 0) < HEADER) return undefined;
  const size = header.readUInt16BE(PAGE_SIZE);
  return (size === 1 ? 65_536 : size) * header.readUInt32BE(PAGES);
}

/** Waits for another program where it must; for threads that may. Throws where there is no file. */
export function isWhole(path: string): boolean {
  const file = heldFile(path);
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; waited <= MOVING_MILLIS; waited += LOOK_MILLIS) {
    const bytes = statedBytes(file);
    if (bytes === undefined) return false;
    if (fstatSync(file).size >= bytes) return true;
    Atomics.wait(sleeper, 0, 0, LOOK_MILLIS);
  }
  return false;
}
