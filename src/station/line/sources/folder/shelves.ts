/** Where files go that were inspected or could not be: moved within the folder, or remembered by the station. Nothing is ever overwritten. */
import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { appendFile, link, lstat, mkdir, readdir, readFile, realpath, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FelfriError } from '../../../../core/errors.ts';
import { writeFileAtomic } from '../../../../core/files.ts';
import { ASIDE, DONE, type FoundFile, isFile } from './scan.ts';

const keyOf = ({ name, size, mtimeMs }: FoundFile): string => JSON.stringify([name, size, mtimeMs]);

/** Undefined where nothing is. */
const seenAt = (path: string): Promise<Stats | undefined> =>
  lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });

/** Lines of files that are gone, beyond which the list is written anew. */
const MOST_GONE = 1000;

export class Shelves {
  readonly #root: string;
  readonly #after: 'move' | 'keep';
  readonly #list: string;
  /** Files that stay and were had; true where they could not be inspected. */
  readonly #had = new Map<string, boolean>();
  #gone = 0;

  constructor(root: string, after: 'move' | 'keep', list: string) {
    this.#root = root;
    this.#after = after;
    this.#list = list;
  }

  /** The list only saves work: without it files are read again, and found on record. */
  async load(): Promise<void> {
    const text = await readFile(this.#list, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const mark = line[0];
      if (mark === '+' || mark === '-') this.#had.set(line.slice(1), mark === '-');
    }
  }

  has(file: FoundFile): boolean {
    return this.#had.has(keyOf(file));
  }

  /** Forgets files that are there no more. */
  async retain(files: readonly FoundFile[]): Promise<void> {
    const there = new Set(files.map(keyOf));
    for (const key of this.#had.keys()) {
      if (there.has(key)) continue;
      this.#had.delete(key);
      this.#gone++;
    }
    if (this.#gone < MOST_GONE) return;
    this.#gone = 0;
    await writeFileAtomic(
      this.#list,
      [...this.#had].map(([key, isAside]) => `${isAside ? '-' : '+'}${key}\n`).join(''),
    );
  }

  /** Puts a file away. Throws what the system says; then the file is remembered, so that it is not taken again and again. */
  async put(file: FoundFile, isAside: boolean): Promise<void> {
    if (this.#after === 'keep') return this.#remember(file, isAside);
    try {
      await this.#move(file, isAside);
    } catch (error) {
      await this.#remember(file, isAside);
      throw error;
    }
  }

  async #remember(file: FoundFile, isAside: boolean): Promise<void> {
    const key = keyOf(file);
    this.#had.set(key, isAside);
    await mkdir(dirname(this.#list), { recursive: true });
    await appendFile(this.#list, `${isAside ? '-' : '+'}${key}\n`);
  }

  /** What took the name of the file meanwhile is another image, and stays where it will be found. */
  async #move(file: FoundFile, isAside: boolean): Promise<void> {
    const path = join(this.#root, file.name);
    if (!isFile(file, await seenAt(path))) return;
    const to = await this.#placeFor(file.name, isAside ? ASIDE : DONE);
    await rename(path, to);
    if (isFile(file, await seenAt(to))) return;
    // it came between the look and the move: it goes back, or, where yet another stands there, aside for a person
    await link(to, path).then(
      () => unlink(to),
      async () => rename(to, await this.#placeFor(file.name, ASIDE)),
    );
  }

  /** A path that nothing has, in folders by the day, so that none grows for ever. */
  async #placeFor(name: string, shelf: string): Promise<string> {
    const day = new Date().toISOString().slice(0, 10);
    const folder = join(this.#root, shelf, day);
    const wanted = join(folder, name);
    await mkdir(dirname(wanted), { recursive: true });
    if ((await realpath(dirname(wanted))) !== dirname(wanted))
      throw new FelfriError(
        'PATH_UNUSABLE',
        `${folder} is a link, or below one; felfri moves files into real folders alone`,
      );
    if (!(await seenAt(wanted))) return wanted;
    const mark = createHash('sha256').update(`${name} ${process.hrtime.bigint()}`).digest('hex').slice(0, 8);
    return join(dirname(wanted), `${mark}-${name.split('/').at(-1)}`);
  }

  /** Files that could not be inspected and lie there still. */
  async aside(): Promise<number> {
    const remembered = [...this.#had.values()].filter(Boolean).length;
    if (this.#after === 'keep') return remembered;
    const lying = await readdir(join(this.#root, ASIDE), { recursive: true, withFileTypes: true }).catch(() => []);
    return remembered + lying.filter((entry) => entry.isFile()).length;
  }
}
