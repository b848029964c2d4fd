/** Feature maps on disk, so that an image's features are computed once. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import { readSafetensors, writeSafetensors } from '../../core/safetensors.ts';
import type { Tensor } from '../../core/tensor.ts';

/** `FELFRI_CACHE`, else `felfri` in `XDG_CACHE_HOME`, else `~/.cache/felfri`. */
export function defaultCacheDirectory(): string {
  const { FELFRI_CACHE: own, XDG_CACHE_HOME: shared } = process.env;
  return own || join(shared || join(homedir(), '.cache'), 'felfri');
}

/**
 * One safetensors file for each image, named by the hash of the image's bytes and of what made the maps. A file that is damaged or
 * of other shapes counts as absent.
 */
export class FeatureCache {
  readonly #directory: string;
  readonly #maker: string;
  readonly #shapes: readonly (readonly number[])[];

  /** `maker` names all that the maps depend on besides the image. */
  constructor(directory: string, maker: string, shapes: readonly (readonly number[])[]) {
    this.#directory = directory;
    this.#maker = maker;
    this.#shapes = shapes;
  }

  #path(imageHash: string): string {
    const key = sha256(`${this.#maker}\0${imageHash}`);
    return join(this.#directory, 'features', key.slice(0, 2), `${key}.safetensors`);
  }

  /** The maps of the image whose bytes have this SHA-256, or undefined. */
  async get(imageHash: string): Promise<Tensor[] | undefined> {
    const path = this.#path(imageHash);
    try {
      const { tensors } = await readSafetensors(path);
      const maps = this.#shapes.map((_, s) => tensors.get(`map.${s}`));
      const whole = maps.every((m, s) => m?.shape.join() === this.#shapes[s]!.join());
      return whole ? (maps as Tensor[]) : undefined;
    } catch {
      // absent, damaged or unreadable: the maps are computed again, and a failing disk speaks up on writing
      return undefined;
    }
  }

  /** Stores maps. Throws what the disk throws, DISK_FULL among it. */
  async put(imageHash: string, maps: readonly Tensor[]): Promise<void> {
    await writeSafetensors(this.#path(imageHash), new Map(maps.map((m, s) => [`map.${s}`, m])));
  }
}

/** A message for a cache that could not be written; the maps themselves are not lost by it. */
export function cacheFault(directory: string, error: unknown): string {
  const why = error instanceof FelfriError ? error.message : (error as Error).message;
  return `features are not kept in ${directory}: ${why}`;
}
