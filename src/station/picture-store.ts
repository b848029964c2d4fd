/** Images and their score maps on disk. Files are named by SHA-256 and by the station's own ids, never by a name from outside. */
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../core/files.ts';
import { encodePng } from '../data/image.ts';
import type { ByteMap } from './inspecting/messages.ts';

export class PictureStore {
  readonly #folder: string;

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

  /** Keeps an image under the hash of its bytes, once however often it comes. Throws DISK_FULL. */
  async addImage(hash: string, bytes: Uint8Array): Promise<void> {
    const path = this.#imagePath(hash);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (!there) await writeFileAtomic(path, bytes);
  }

  /** Keeps the map of an inspection as a grey PNG. Throws DISK_FULL. */
  async addMap(inspection: string, { width, height, data }: ByteMap): Promise<void> {
    await writeFileAtomic(this.#mapPath(inspection), await encodePng({ width, height, channels: 1, data }));
  }

  /** The bytes as they came; undefined where they are gone. */
  image(hash: string): Promise<Buffer<ArrayBuffer> | undefined> {
    return readFile(this.#imagePath(hash)).catch(() => undefined);
  }

  map(inspection: string): Promise<Buffer<ArrayBuffer> | undefined> {
    return readFile(this.#mapPath(inspection)).catch(() => undefined);
  }
}
