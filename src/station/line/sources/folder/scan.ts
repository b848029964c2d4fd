/** The image files of a folder, as they lie there now. Links are never followed: a file outside of the folder is nobody's part. */
import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { isImageEnding, unreadTitle } from '../../../../data/image/formats.ts';
import { isFrameName } from '../../../../data/image/raw/stated-frame.ts';

export interface FoundFile {
  /** Within the folder, with slashes. */
  readonly name: string;
  readonly size: number;
  readonly mtimeMs: number;
  /** Its number on the disk, which another that takes its name does not have. */
  readonly ino: number;
}

/** Whether what a path names now is the file that was seen. */
export const isFile = (seen: FoundFile, now: Pick<Stats, 'size' | 'mtimeMs' | 'ino'> | undefined): boolean =>
  now !== undefined && now.size === seen.size && now.mtimeMs === seen.mtimeMs && now.ino === seen.ino;

export interface Scan {
  /** Oldest first. */
  readonly files: readonly FoundFile[];
  /** Names of links, and of files that cannot be looked at. */
  readonly refused: readonly string[];
}

/** Where files go that are done with, and those that could not be inspected. */
export const DONE = 'felfri-done';
export const ASIDE = 'felfri-aside';

/** What programs call a file while they write it. */
const UNFINISHED = /^[.~]|(\.(tmp|temp|part|partial|filepart|crdownload|writing|swp)|~)$/i;

const isImage = (name: string, isRaw: boolean): boolean => {
  const ending = extname(name);
  return isImageEnding(ending) || unreadTitle(ending) !== undefined || (isRaw && isFrameName(name));
};

/** `depth`: how many folders down. Throws what the system says where the folder itself cannot be read. */
export async function scan(root: string, { depth, isRaw }: { depth: number; isRaw: boolean }): Promise<Scan> {
  const files: FoundFile[] = [];
  const refused: string[] = [];
  const enter = async (inner: string, left: number): Promise<void> => {
    for (const entry of await readdir(join(root, inner))) {
      const name = inner === '' ? entry : `${inner}/${entry}`;
      if (UNFINISHED.test(entry) || (inner === '' && (entry === DONE || entry === ASIDE))) continue;
      const seen = await lstat(join(root, name)).catch((error: NodeJS.ErrnoException) => error);
      if (seen instanceof Error) {
        // a file that went meanwhile is nobody's any more; a name that is no UTF-8 cannot be asked for
        if (seen.code !== 'ENOENT' || entry.includes('\uFFFD')) refused.push(name);
      } else if (seen.isDirectory()) {
        if (left > 0) await enter(name, left - 1);
      } else if (isImage(entry, isRaw)) {
        if (seen.isFile()) files.push({ name, size: seen.size, mtimeMs: seen.mtimeMs, ino: seen.ino });
        else refused.push(name);
      }
    }
  };
  await enter('', depth);
  files.sort((a, b) => a.mtimeMs - b.mtimeMs || (a.name < b.name ? -1 : 1));
  return { files, refused };
}
