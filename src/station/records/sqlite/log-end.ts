/**
 * Whether the end of SQLite's file lies in its log. Where a full disk or a kill breaks off the move of the log into the file, its header may
 * already say how long it is to be, while its last pages are in the log alone: then it is not cut, and the move can be done again.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { headerOf, heldFile } from './file-header.ts';

const LOG_HEADER = 32;
const FRAME_HEADER = 24;
/** Of a frame's header: page, how many pages there are after a commit, and two words that tell frames of this log from older ones. */
const AFTER_COMMIT = 4;
const SALT = { log: 16, frame: 8, bytes: 8 };

interface LogContent {
  /** By the last commit. */
  readonly pages: number;
  readonly has: ReadonlySet<number>;
}

function contentOf(log: number, pageSize: number): LogContent {
  const header = Buffer.alloc(LOG_HEADER);
  const isThere = readSync(log, header, 0, LOG_HEADER, 0) === LOG_HEADER;
  const salt = header.subarray(SALT.log, SALT.log + SALT.bytes);
  const has = new Set<number>();
  let pages = 0;
  let uncommitted: number[] = [];
  const frame = Buffer.alloc(FRAME_HEADER);
  for (let at = LOG_HEADER; isThere; at += FRAME_HEADER + pageSize) {
    if (readSync(log, frame, 0, FRAME_HEADER, at) < FRAME_HEADER) break;
    if (!frame.subarray(SALT.frame, SALT.frame + SALT.bytes).equals(salt)) break;
    uncommitted.push(frame.readUInt32BE(0));
    const after = frame.readUInt32BE(AFTER_COMMIT);
    if (after === 0) continue;
    for (const page of uncommitted) has.add(page);
    uncommitted = [];
    pages = after;
  }
  return { pages, has };
}

/** False where the file is as long as it says. Throws where there is no file. */
export function endsInLog(path: string): boolean {
  const file = heldFile(path);
  const header = headerOf(file);
  const { size } = fstatSync(file);
  if (header === undefined || size >= header.bytes) return false;
  const { pageSize } = header;
  let log: number;
  try {
    log = openSync(`${path}-wal`, 'r');
  } catch {
    return false;
  }
  try {
    const { pages, has } = contentOf(log, pageSize);
    for (let page = Math.floor(size / pageSize) + 1; page <= pages; page++) if (!has.has(page)) return false;
    return pages * pageSize >= header.bytes;
  } finally {
    closeSync(log);
  }
}
