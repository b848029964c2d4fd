/**
 * The files below a data set folder. Names are read as bytes, because a name that is not UTF-8 would otherwise be
 * silently replaced by one that cannot be opened.
 */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { type ErrorCode, FelfriError } from '../core/errors.ts';
import { beginningOf } from '../core/outputs.ts';
import { isImageEnding, unreadTitle } from './image/formats.ts';
import { HEAT_MAP_HEAD, isHeatMapPng } from './image/heat-map-mark.ts';
import { isFrameName } from './image/raw/stated-frame.ts';

/** One image that could not be taken in, and why; the others go on. */
export interface Problem {
  /** The image's path relative to the data set folder. */
  readonly name: string;
  readonly code: ErrorCode;
  readonly message: string;
  /** All images that it is about, where it is about several; `name` is a folder of theirs or the first of them. */
  readonly images?: readonly string[];
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
  /** How many pictures are felfri's own: heat maps, and folders of golden images in bundles. They are no parts, and not among the images. */
  readonly own: number;
  readonly problems: readonly Problem[];
}

/** Whether a file has the name of an image that felfri reads, and is not hidden; `frames` says that raw frames are stated. */
export const isImageFile = (name: string, frames = false): boolean =>
  !name.startsWith('.') && (isImageEnding(extname(name)) || (frames && isFrameName(name)));

/** Whether a file is a heat map that felfri wrote. */
export const isFelfrisOwn = async (path: string): Promise<boolean> =>
  extname(path).toLowerCase() === '.png' &&
  // a pipe would block for ever
  (await stat(path).catch(() => undefined))?.isFile() === true &&
  isHeatMapPng(await beginningOf(path, HEAT_MAP_HEAD).catch(() => new Uint8Array()));

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

/** Takes in a folder and all below it, entry by entry. */
class Lister {
  readonly #root: string;
  readonly #frames: boolean;
  readonly #images: string[] = [];
  readonly #folders: string[] = [];
  readonly #files: string[] = [];
  readonly #others = new Map<string, number>();
  #own = 0;
  readonly #problems: Problem[] = [];
  /** Folders by their real path, with the path that they were listed by. */
  readonly #entered = new Map<string, string>();

  constructor(root: string, frames: boolean) {
    this.#root = root;
    this.#frames = frames;
  }

  get listing(): Listing {
    return {
      images: this.#images.sort(byName),
      folders: this.#folders.sort(byName),
      files: this.#files.sort(byName),
      others: this.#others,
      own: this.#own,
      problems: this.#problems,
    };
  }

  #problem(name: string, code: ErrorCode, what: string): void {
    this.#problems.push({ name, code, message: `${name}: ${what}` });
  }

  /** Whether a folder holds the data set, so that listing it would list the set again, and all that lies beside it. */
  #isAbove(real: string): boolean {
    const [top] = this.#entered.keys();
    return top?.startsWith(real.endsWith(sep) ? real : real + sep) ?? false;
  }

  async enter(relative: string): Promise<void> {
    const here = join(this.#root, relative);
    const real = await realpath(here);
    const before = this.#entered.get(real) ?? (this.#isAbove(real) ? '' : undefined);
    if (before !== undefined) {
      // a link to a folder above would never end, and one beside would show its images twice
      const there =
        before === ''
          ? 'the data set itself, or a folder above it'
          : `${before}, which is part of the data set already`;
      this.#problem(relative, 'DATASET_LINK', `a link to ${there}; its images are not taken in again`);
      return;
    }
    this.#entered.set(real, relative);
    const entries = await readdir(here, { withFileTypes: true, encoding: 'buffer' });
    const names = new Set(entries.map((entry) => decodeName(entry.name)));
    const isBundle = names.has('bundle.json') && names.has('model.onnx');
    for (const entry of entries) {
      const name = decodeName(entry.name);
      // a bundle's golden images show good and defective parts, whatever the folder is called that it lies in
      if (isBundle && name === 'golden') {
        this.#own++;
        continue;
      }
      const within = relative && `${relative}/`;
      if (name === undefined) {
        this.#problem(within + printable(entry.name), 'IMAGE_NAME', 'the name is not valid UTF-8; rename the file');
      } else if (!name.startsWith('.')) await this.#take(within + name, name, entry);
    }
  }

  async #take(path: string, name: string, entry: Dirent<Buffer>): Promise<void> {
    const isImage = isImageFile(name, this.#frames);
    const kind = await kindOf(join(this.#root, path), entry);
    if (kind === 'folder' && isImage) {
      const what = 'a directory with the name of an image; move its images up, or rename it';
      this.#problem(path, 'IMAGE_IS_DIRECTORY', what);
    } else if (kind === 'folder') {
      this.#folders.push(path);
      await this.enter(path).catch((cause: NodeJS.ErrnoException) => {
        this.#problem(path, 'DATASET_MISSING', `the folder cannot be read (${cause.code}); check its permissions`);
      });
    } else if (kind === 'other' && entry.isSymbolicLink() && !isImage) {
      const what = 'a link that leads nowhere; what it was for is not taken in: mend the link, or remove it';
      this.#problem(path, 'DATASET_LINK', what);
    } else if (kind === 'other' && !entry.isSymbolicLink()) {
      this.#problem(path, 'IMAGE_FORMAT', 'a pipe, socket or device, no file; remove it');
    } else if (isImage && (await isFelfrisOwn(join(this.#root, path)))) this.#own++;
    else if (isImage) this.#images.push(path);
    else this.#takeOther(path, extname(name).toLowerCase());
  }

  #takeOther(path: string, extension: string): void {
    const unread = unreadTitle(extension);
    if (unread !== undefined) {
      const what = `felfri does not read ${unread} (${extension}); convert it to PNG without loss`;
      this.#problem(path, 'IMAGE_FORMAT', what);
      return;
    }
    this.#files.push(path);
    this.#others.set(extension, (this.#others.get(extension) ?? 0) + 1);
  }
}

/** Lists a folder and all below it. Hidden files are left out; `frames` says that raw frames are stated. Throws what readdir throws for the folder itself. */
export async function listFolder(root: string, frames = false): Promise<Listing> {
  const lister = new Lister(root, frames);
  await lister.enter('');
  return lister.listing;
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
