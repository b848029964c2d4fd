/** Images and their score maps on disk. Files are named by SHA-256 and by the station's own ids, never by a name from outside. */
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isThere, writeFileAtomic } from '../../core/files.ts';
import { unfinishedIn } from '../folder/unfinished.ts';
import type { ByteMap } from '../inspecting/messages.ts';
import { byteMapPng } from './byte-map-png.ts';

export class PictureStore {
  readonly #folder: string;
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

  /** Keeps an image under the hash of its bytes, once however often it comes. To be called while it is held. Throws DISK_FULL. */
  async addImage(hash: string, bytes: Uint8Array): Promise<void> {
    await this.#removals.get(hash);
    const path = this.#imagePath(hash);
    if (!(await isThere(path))) await this.#write(path, bytes);
  }

  /** Keeps the map of an inspection as a grey PNG. Throws DISK_FULL. */
  async addMap(inspection: string, map: ByteMap): Promise<void> {
    await this.#write(this.#mapPath(inspection), await byteMapPng(map));
  }

  /** What a kill leaves half written lies where the next start removes it. */
  #write(path: string, bytes: Uint8Array): Promise<void> {
    return writeFileAtomic(path, bytes, unfinishedIn(this.#folder));
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
    for (const kind of ['images', 'maps'])
      for (const folder of await namesIn(join(this.#folder, kind)))
        for (const name of await namesIn(join(this.#folder, kind, folder)))
          sum += await sizeOf(join(this.#folder, kind, folder, name));
    return sum;
  }
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
