/** What SQLite's file says of itself in its first bytes, read past SQLite, which would give what it has in memory or beside the file. */
import { openSync, readSync, statSync } from 'node:fs';

/** Places of what the header holds. */
const PAGE_SIZE = 16;
const PAGES = 28;
/** `user_version`, of which SQLite makes no use. */
const MARK = 60;
const LENGTH = 64;

interface Held {
  readonly file: number;
  readonly ino: number;
}

/** Never closed: with the first that a process closes of a file, POSIX takes all its locks on that, SQLite's too. */
const held = new Map<string, Held>();

/** Throws where there is no file. */
export function heldFile(path: string): number {
  const { ino } = statSync(path);
  const known = held.get(path);
  if (known?.ino === ino) return known.file;
  const file = openSync(path, 'r');
  held.set(path, { file, ino });
  return file;
}

export interface FileHeader {
  /** How long the file is to be. */
  readonly bytes: number;
  readonly pageSize: number;
  readonly mark: number;
}

/** Undefined where the file has none. */
export function headerOf(file: number): FileHeader | undefined {
  const header = Buffer.alloc(LENGTH);
  if (readSync(file, header, 0, LENGTH, 0) < LENGTH) return undefined;
  const size = header.readUInt16BE(PAGE_SIZE);
  const pageSize = size === 1 ? 65_536 : size;
  return { bytes: pageSize * header.readUInt32BE(PAGES), pageSize, mark: header.readInt32BE(MARK) };
}
