/** Image files that arguments of a command name, and what lies beside them and is no image that felfri reads: nothing is passed over unsaid. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { type ErrorCode, FelfriError } from '../core/errors.ts';
import { systemError } from '../core/system-errors.ts';
import { unreadTitle } from '../data/image/formats.ts';
import { byName, isFelfrisOwn, isImageFile } from '../data/listing.ts';

export interface FoundFile {
  /** As it can be opened. */
  readonly path: string;
  /** Within the folder that was named, '/' between parts; of a file that was named, its own name. */
  readonly name: string;
}

export interface PassedOver {
  readonly error: FelfriError;
  /** Files that it stands for: 1, or those in a folder. */
  readonly files: number;
}

export interface FoundFiles {
  readonly files: readonly FoundFile[];
  /** What may hold a picture of a part, and is not inspected. */
  readonly passedOver: readonly PassedOver[];
  /** Files that hold no picture of a part: by their ending, such as .txt, and heat maps of felfri's. */
  readonly others: number;
}

export interface FindOptions {
  /** Whether folders in folders are entered. */
  readonly recursive?: boolean;
  /** Whether raw frames are stated, so that files that end in .bin are images, too. */
  readonly frames?: boolean;
}

/** Files beside images that hold no picture of a part. */
const textEndings = new Set(
  '.txt .csv .tsv .json .jsonl .xml .yaml .yml .toml .ini .cfg .log .md .html .htm .pdf .xls .xlsx .doc .docx'.split(
    ' ',
  ),
);
const systemFiles = new Set(['thumbs.db', 'desktop.ini']);

async function holdsNoPicture(path: string): Promise<boolean> {
  const ending = extname(path).toLowerCase();
  if (textEndings.has(ending) || systemFiles.has(basename(path).toLowerCase())) return true;
  return isFelfrisOwn(path);
}

/** Entries that are looked at to count what a folder holds. */
const MOST_COUNTED = 10_000;

class Search {
  readonly files: FoundFile[] = [];
  readonly passedOver: PassedOver[] = [];
  others = 0;
  readonly #entered = new Set<string>();
  readonly #options: FindOptions;

  constructor(options: FindOptions) {
    this.#options = options;
  }

  #pass(path: string, code: ErrorCode, why: string, files = 1): void {
    this.passedOver.push({ error: new FelfriError(code, `${path}: ${why}`, { subject: path }), files });
  }

  async take(path: string): Promise<void> {
    const found = await stat(path).catch(() => undefined);
    // what is not there is named when it is read
    if (!found?.isDirectory()) this.files.push({ path, name: basename(path) });
    else {
      const [files, passed] = [this.files.length, this.passedOver.length];
      await this.#enter(path, '');
      if (this.files.length === files && this.passedOver.length === passed)
        this.#pass(path, 'IMAGE_MISSING', 'there is no image in this folder', 0);
    }
  }

  async #enter(path: string, name: string): Promise<void> {
    const real = await realpath(path).catch(() => path);
    // a link to a folder above would never end
    if (this.#entered.has(real)) return;
    this.#entered.add(real);
    const names = await readdir(path).catch((error: unknown) => {
      const known = systemError(error, path);
      if (!known) throw error;
      this.passedOver.push({ error: known, files: 1 });
      return [];
    });
    for (const entry of names.filter((one) => !one.startsWith('.')).sort(byName))
      await this.#look(join(path, entry), name === '' ? entry : `${name}/${entry}`);
  }

  async #look(path: string, name: string): Promise<void> {
    const found = await stat(path).catch((error: unknown) => error as NodeJS.ErrnoException);
    if (found instanceof Error) {
      const notText = basename(path).includes('\uFFFD');
      if (notText) this.#pass(path, 'IMAGE_NAME', 'the name is not valid UTF-8; rename it');
      else this.#pass(path, 'IMAGE_MISSING', `a link that leads nowhere, or no right to look at it (${found.code})`);
    } else if (found.isDirectory()) await this.#folder(path, name);
    else if (!found.isFile()) this.#pass(path, 'IMAGE_FORMAT', 'not a regular file');
    else if (await holdsNoPicture(path)) this.others++;
    else if (isImageFile(basename(path), this.#options.frames)) this.files.push({ path, name });
    else this.#pass(path, 'IMAGE_FORMAT', whyNot(path));
  }

  async #folder(path: string, name: string): Promise<void> {
    if (this.#options.recursive) return this.#enter(path, name);
    const files = await countPictures(path);
    if (files > 0)
      this.#pass(path, 'IMAGE_IS_DIRECTORY', `a sub-folder of ${files} files; --recursive inspects them, too`, files);
    else if (isImageFile(name)) this.#pass(path, 'IMAGE_IS_DIRECTORY', 'an empty folder with the name of an image');
  }
}

function whyNot(path: string): string {
  const ending = extname(path);
  const title = unreadTitle(ending);
  if (title !== undefined) return `felfri does not read ${title}; convert it to PNG without loss`;
  return `${ending === '' ? 'a name without an ending' : `the ending ${ending}`} is of no image format; rename it, or name the file itself to have it read by its content`;
}

/** Files below a folder that may hold a picture. */
async function countPictures(folder: string): Promise<number> {
  let count = 0;
  let looked = 0;
  const open = [folder];
  for (let path = open.pop(); path !== undefined && looked < MOST_COUNTED; path = open.pop()) {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
    // what cannot be looked at may hold some
    if (!entries) count++;
    for (const entry of entries ?? []) {
      looked++;
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) open.push(join(path, entry.name));
      else if (!(await holdsNoPicture(join(path, entry.name)))) count++;
    }
  }
  return count;
}

/**
 * The files that the arguments name; a folder stands for the images in it, in order of name. Hidden files are left aside. Throws IMAGE_MISSING
 * where there are none, naming what was passed over.
 */
export async function findImageFiles(paths: readonly string[], options: FindOptions = {}): Promise<FoundFiles> {
  const search = new Search(options);
  for (const path of paths) await search.take(path);
  if (search.files.length > 0) return search;
  const said = search.passedOver.slice(0, 3).map(({ error }) => error.message);
  throw new FelfriError(
    'IMAGE_MISSING',
    `no image in ${paths.join(', ')} (${said.join('; ')}); legal are image files and folders of them`,
  );
}
