/**
 * The files below a data set folder. Names are read as bytes, because a name that is not UTF-8 would otherwise be
 * silently replaced by one that cannot be opened.
 */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type ErrorCode, FelfriError } from '../core/errors.ts';
import { isImageEnding, unreadTitle } from './image/formats.ts';
import { isFrameName } from './image/raw/stated-frame.ts';

/** One image that could not be taken in, and why; the others go on. */
export interface Problem {
  /** The image's path relative to the data set folder. */
  readonly name: string;
  readonly code: ErrorCode;
  readonly message: string;
  /** The image itself is used; what its mask says of its pixels is not. */
  readonly pixelsOnly?: boolean;
}

export interface Listing {
  /** Image files: paths relative to the folder, '/' between parts, sorted. */
  readonly images: readonly string[];
  /** Sub-folders, likewise. */
  readonly folders: readonly string[];
  /** All other files but hidden ones, likewise. */
  readonly files: readonly string[];
  /** How many files of each other extension there are. */
  readonly others: ReadonlyMap<string, number>;
  readonly problems: readonly Problem[];
}

/** Whether a file has the name of an image that felfri reads, and is not hidden; `frames` says that raw frames are stated. */
export const isImageFile = (name: string, frames = false): boolean =>
  !name.startsWith('.') && (isImageEnding(extname(name)) || (frames && isFrameName(name)));

/** Sorts by code units, which is the same on every machine and in every locale. */
export const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function printable(name: Buffer): string {
  return name.toString('latin1').replace(/[^\x20-\x7e]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function decodeName(name: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(name);
  } catch {
    return undefined;
  }
}

/** What an entry is, links followed; 'other' for what is gone, dangling or no file. */
async function kindOf(path: string, entry: Dirent<Buffer>): Promise<'file' | 'folder' | 'other'> {
  const found = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
  return found?.isDirectory() ? 'folder' : found?.isFile() ? 'file' : 'other';
}

/** Lists a folder and all below it. Hidden files are left out; `frames` says that raw frames are stated. Throws what readdir throws for the folder itself. */
export async function listFolder(root: string, frames = false): Promise<Listing> {
  const isImage = (name: string): boolean => isImageFile(name, frames);
  const images: string[] = [];
  const folders: string[] = [];
  const files: string[] = [];
  const others = new Map<string, number>();
  const problems: Problem[] = [];
  /** Folders by their real path, with the path that they were listed by. */
  const entered = new Map<string, string>();

  async function enter(relative: string): Promise<void> {
    const here = join(root, relative);
    const real = await realpath(here);
    const before = entered.get(real);
    if (before !== undefined) {
      // a link to a folder above would never end, and one beside would show its images twice
      const message = `${relative}: a link to ${before === '' ? 'the data set itself' : `${before}, which is part of the data set already`}; its images are not taken in again`;
      problems.push({ name: relative, code: 'DATASET_LINK', message });
      return;
    }
    entered.set(real, relative);
    for (const entry of await readdir(here, { withFileTypes: true, encoding: 'buffer' })) {
      const name = decodeName(entry.name);
      if (name === undefined) {
        const shown = (relative && `${relative}/`) + printable(entry.name);
        problems.push({
          name: shown,
          code: 'IMAGE_NAME',
          message: `${shown}: the name is not valid UTF-8; rename the file`,
        });
        continue;
      }
      if (name.startsWith('.')) continue;
      const path = relative ? `${relative}/${name}` : name;
      const extension = extname(name).toLowerCase();
      const kind = await kindOf(join(root, path), entry);
      if (kind === 'folder' && isImage(name)) {
        problems.push({
          name: path,
          code: 'IMAGE_IS_DIRECTORY',
          message: `${path}: a directory with the name of an image; move its images up, or rename it`,
        });
      } else if (kind === 'folder') {
        folders.push(path);
        await enter(path).catch((cause: NodeJS.ErrnoException) => {
          const message = `${path}: the folder cannot be read (${cause.code}); check its permissions`;
          problems.push({ name: path, code: 'DATASET_MISSING', message });
        });
      } else if (kind === 'other' && entry.isSymbolicLink() && !isImage(name)) {
        const message = `${path}: a link that leads nowhere; what it was for is not taken in: mend the link, or remove it`;
        problems.push({ name: path, code: 'DATASET_LINK', message });
      } else if (isImage(name)) {
        images.push(path);
      } else if (unreadTitle(extension) !== undefined) {
        problems.push({
          name: path,
          code: 'IMAGE_FORMAT',
          message: `${path}: felfri does not read ${unreadTitle(extension)} (${extension}); convert it to PNG without loss`,
        });
      } else {
        files.push(path);
        others.set(extension, (others.get(extension) ?? 0) + 1);
      }
    }
  }

  await enter('');
  return { images: images.sort(byName), folders: folders.sort(byName), files: files.sort(byName), others, problems };
}

/** Whether a path is a folder; throws DATASET_MISSING when there is nothing or it cannot be looked at. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : `cannot be read (${cause})`;
    throw new FelfriError('DATASET_MISSING', `${path} ${reason}; give the folder of a data set, or its manifest.csv`, {
      subject: path,
      cause,
    });
  }
}
