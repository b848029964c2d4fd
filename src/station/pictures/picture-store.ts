/** Images and their score maps on disk. Files are named by SHA-256 and by the station's own ids, never by a name from outside. */
import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { isThere, makeFolder, writeFileAtomic } from '../../core/files.ts';
import { systemError } from '../../core/system-errors.ts';
import { unfinishedIn } from '../folder/unfinished.ts';
import type { ByteMap } from '../inspecting/messages.ts';
import { byteMapPng } from './byte-map-png.ts';

const kinds = ['images', 'maps'] as const;
/** Of the folders that could not be written, so many are tried at a time. */
const MOST_TRIED = 8;

export class PictureStore {
  readonly #folder: string;
  /** Folders in which a picture could not be kept, and none was since. */
  readonly #failed = new Set<string>();
  #trying: Promise<void> | undefined;
  /** How many inspections under way need an image, by its hash. */
  readonly #held = new Map<string, number>();
  readonly #removals = new Map<string, Promise<unknown>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  #imagePath(hash: string): string {
    return join(this.#folder, 'images', hash.slice(0, 2), hash);
  }

  /** By the id's last two digits, which are random: its first are the time. */
  #mapPath(inspection: string): string {
    return join(this.#folder, 'maps', inspection.slice(-2), `${inspection}.png`);
  }

  /** Keeps an image from being removed until the function that this gives is called, once its record is written. */
  hold(hash: string): () => void {
    this.#held.set(hash, (this.#held.get(hash) ?? 0) + 1);
    return () => {
      const left = this.#held.get(hash)! - 1;
      if (left > 0) this.#held.set(hash, left);
      else this.#held.delete(hash);
    };
  }

  /** Keeps an image under the hash of its bytes, once however often it comes. To be called while it is held. Throws DISK_FULL and RECORDS_UNAVAILABLE. */
  async addImage(hash: string, bytes: Uint8Array): Promise<void> {
    await this.#removals.get(hash);
    const path = this.#imagePath(hash);
    if (!(await isThere(path))) await this.#write(path, bytes);
  }

  /** Keeps the map of an inspection as a grey PNG. Throws DISK_FULL and RECORDS_UNAVAILABLE. */
  async addMap(inspection: string, map: ByteMap): Promise<void> {
    await this.#write(this.#mapPath(inspection), await byteMapPng(map));
  }

  /** What a kill leaves half written lies where the next start removes it, unless the pictures lie on a disk of their own. */
  async #write(path: string, bytes: Uint8Array): Promise<void> {
    const folder = dirname(path);
    try {
      await writeFileAtomic(path, bytes, unfinishedIn(this.#folder)).catch((error: unknown) => {
        if (!isOtherDisk(error)) throw error;
        return writeFileAtomic(path, bytes);
      });
      this.#failed.delete(folder);
    } catch (error) {
      this.#failed.add(folder);
      throw unkept(error);
    }
  }

  /** Does nearly what keeping a picture does, for who asks whether one could be kept. Throws DISK_FULL and RECORDS_UNAVAILABLE. */
  trial(): Promise<void> {
    // on a disk that does not answer one thread of the system waits, not one more with each who asks
    this.#trying ??= this.#try().finally(() => {
      this.#trying = undefined;
    });
    return this.#trying;
  }

  async #try(): Promise<void> {
    const folders = [...kinds.map((kind) => join(this.#folder, kind)), ...[...this.#failed].slice(0, MOST_TRIED)];
    const unfinished = unfinishedIn(this.#folder);
    try {
      for (const folder of [unfinished, ...folders]) await makeFolder(folder);
      for (const folder of folders) {
        await tryIn(folder, unfinished).catch((error: unknown) => {
          if (!isOtherDisk(error)) throw error;
          return tryIn(folder, folder);
        });
        this.#failed.delete(folder);
      }
    } catch (error) {
      throw unkept(error);
    }
  }

  /** The bytes as they came; undefined where they are gone. */
  image(hash: string): Promise<Buffer<ArrayBuffer> | undefined> {
    return readFile(this.#imagePath(hash)).catch(() => undefined);
  }

  /** Bytes of an image; 0 where it is gone. */
  imageSize(hash: string): Promise<number> {
    return sizeOf(this.#imagePath(hash));
  }

  map(inspection: string): Promise<Buffer<ArrayBuffer> | undefined> {
    return readFile(this.#mapPath(inspection)).catch(() => undefined);
  }

  /** Removes an image that no record needs and nobody holds; gives the bytes that it took, 0 where it stays. */
  async removeImage(hash: string, isUnused: () => Promise<boolean>): Promise<number> {
    if (this.#held.has(hash)) return 0;
    // whoever brings the same image meanwhile waits, and then writes it again
    const removal = isUnused().then((unused) => (unused ? removeFile(this.#imagePath(hash)) : 0));
    this.#removals.set(
      hash,
      removal.catch(() => undefined),
    );
    try {
      return await removal;
    } finally {
      this.#removals.delete(hash);
    }
  }

  /** Gives the bytes that it took. */
  removeMap(inspection: string): Promise<number> {
    return removeFile(this.#mapPath(inspection));
  }

  /** Bytes of all images and maps. */
  async size(): Promise<number> {
    let sum = 0;
    for (const kind of kinds)
      for (const folder of await namesIn(join(this.#folder, kind)))
        for (const name of await namesIn(join(this.#folder, kind, folder)))
          sum += await sizeOf(join(this.#folder, kind, folder, name));
    return sum;
  }
}

/** By a name that no backup takes. */
async function tryIn(folder: string, unfinished: string): Promise<void> {
  const name = `station.ready.${randomBytes(4).toString('hex')}.tmp`;
  const [from, to] = [join(unfinished, name), join(folder, name)];
  try {
    await writeFile(from, 'ready');
    await rename(from, to);
  } finally {
    for (const path of [from, to]) await rm(path, { force: true });
  }
}

const isOtherDisk = (error: unknown): boolean => {
  const { code, cause } = error as NodeJS.ErrnoException;
  return [code, (cause as NodeJS.ErrnoException | undefined)?.code].includes('EXDEV');
};

/** Who sent the image is told to send it again, as with records that cannot be kept; where the folder is, is not its business. */
function unkept(error: unknown): unknown {
  const known = error instanceof FelfriError ? error : systemError(error);
  if (known?.code !== 'PATH_UNUSABLE') return known ?? error;
  const { code } = known.cause as NodeJS.ErrnoException;
  return new FelfriError('RECORDS_UNAVAILABLE', `pictures cannot be kept in the data folder (${code}); try again`, {
    cause: known,
  });
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

async function removeFile(path: string): Promise<number> {
  const size = await sizeOf(path);
  await rm(path, { force: true });
  return size;
}
