/**
 * One data set on disk:
 *
 *   dataset.json      every image with its label, and the version
 *   manifest.csv      the labelled ones, as `felfri train` reads them
 *   version-N.csv     the manifest as it was when something was trained on version N
 *   images/ masks/    files called by their SHA-256, never altered, so that those versions stay what they were
 */
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { writeFileAtomic, writeJson } from '../../core/files.ts';
import type { DataSet } from '../contract/datasets.ts';
import { hashOfManifest, imageFile, manifestOf, maskFile, type StoredImage } from './manifest.ts';

interface Stored {
  readonly name: string;
  readonly version: number;
  readonly createdAt: string;
  readonly changedAt: string;
  readonly images: readonly StoredImage[];
}

async function addFile(path: string, bytes: Uint8Array): Promise<void> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (!there) await writeFileAtomic(path, bytes);
}

export class DataSetFolder {
  readonly id: string;
  readonly path: string;
  #stored: Stored;
  #images: ReadonlyMap<string, StoredImage>;
  #facts: DataSet | undefined;

  private constructor(path: string, id: string, stored: Stored) {
    this.id = id;
    this.path = path;
    this.#stored = stored;
    this.#images = new Map(stored.images.map((image) => [image.hash, image]));
  }

  static async create(path: string, id: string, name: string, at: Date): Promise<DataSetFolder> {
    const time = at.toISOString();
    const made = new DataSetFolder(path, id, { name, version: 1, createdAt: time, changedAt: time, images: [] });
    await made.#write(made.#stored);
    return made;
  }

  static async open(path: string, id: string): Promise<DataSetFolder> {
    return new DataSetFolder(path, id, JSON.parse(await readFile(join(path, 'dataset.json'), 'utf8')) as Stored);
  }

  get images(): readonly StoredImage[] {
    return this.#stored.images;
  }

  image(hash: string): StoredImage | undefined {
    return this.#images.get(hash);
  }

  get facts(): DataSet {
    this.#facts ??= this.#describe();
    return this.#facts;
  }

  #describe(): DataSet {
    const { name, version, createdAt, changedAt, images } = this.#stored;
    const count = (fits: (image: StoredImage) => boolean): number => images.filter(fits).length;
    const defective = images.filter(({ label }) => label === 'defective');
    return {
      id: this.id,
      name,
      version,
      hash: hashOfManifest(images),
      createdAt,
      changedAt,
      counts: {
        good: count(({ label }) => label === 'good'),
        defective: defective.length,
        unlabelled: count(({ label }) => label === null),
        masks: count(({ mask }) => mask !== null),
      },
      classes: [...new Set(defective.map(({ className }) => className!))].sort(),
    };
  }

  async #write(stored: Stored): Promise<void> {
    await writeFileAtomic(join(this.path, 'manifest.csv'), manifestOf(stored.images));
    // last: this is what counts
    await writeJson(join(this.path, 'dataset.json'), stored);
    this.#stored = stored;
    this.#images = new Map(stored.images.map((image) => [image.hash, image]));
    this.#facts = undefined;
  }

  /** Makes this a new version. */
  async change(images: readonly StoredImage[], at: Date): Promise<void> {
    const { version } = this.#stored;
    await this.#write({ ...this.#stored, images, version: version + 1, changedAt: at.toISOString() });
  }

  addImageFile(image: Pick<StoredImage, 'hash' | 'format'>, bytes: Uint8Array): Promise<void> {
    return addFile(join(this.path, imageFile(image)), bytes);
  }

  addMaskFile(hash: string, bytes: Uint8Array): Promise<void> {
    return addFile(join(this.path, maskFile(hash)), bytes);
  }

  /** Throws NOT_FOUND where the file is gone. */
  async read(file: string): Promise<Buffer<ArrayBuffer>> {
    return readFile(join(this.path, file)).catch((cause) => {
      throw new FelfriError('NOT_FOUND', `the data set ${this.id} has no ${file}`, { subject: this.id, cause });
    });
  }

  /** Keeps the present version's manifest; gives its path, which names the same data for ever. */
  async freeze(): Promise<string> {
    const path = join(this.path, `version-${this.#stored.version}.csv`);
    await writeFileAtomic(path, manifestOf(this.#stored.images));
    return path;
  }
}
