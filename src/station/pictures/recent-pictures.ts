/** Images and maps of the newest inspections, in memory, whatever is stored: what stands on a screen has a picture. */
import { memoryFor } from '../inspecting/memory-plan.ts';
import type { ByteMap } from '../inspecting/messages.ts';
import { byteMapPng } from './byte-map-png.ts';

export interface Picture {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly map: ByteMap;
}

const sizeOf = ({ bytes, map }: Picture): number => bytes.length + map.data.length;

export class RecentPictures {
  /** By inspection, oldest first. */
  readonly #pictures = new Map<string, Picture>();
  readonly #mostPictures: number;
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(mostPictures = 50, mostBytes: number = memoryFor.recentPictures) {
    this.#mostPictures = mostPictures;
    this.#mostBytes = mostBytes;
  }

  add(inspection: string, picture: Picture): void {
    this.#pictures.set(inspection, picture);
    this.#bytes += sizeOf(picture);
    for (const [id, old] of this.#pictures) {
      if (this.#pictures.size <= this.#mostPictures && this.#bytes <= this.#mostBytes) return;
      this.#pictures.delete(id);
      this.#bytes -= sizeOf(old);
    }
  }

  /** The bytes as they came; undefined where it is none of the newest. */
  image(inspection: string): Uint8Array<ArrayBuffer> | undefined {
    return this.#pictures.get(inspection)?.bytes;
  }

  /** Its map as a grey PNG. */
  async map(inspection: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const map = this.#pictures.get(inspection)?.map;
    return map && byteMapPng(map);
  }
}
