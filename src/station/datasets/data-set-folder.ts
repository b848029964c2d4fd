/**
 * One data set on disk:
 *
 *   dataset.json      every image with its label, and the version
 *   manifest.csv      the labelled ones, as `felfri train` reads them
 *   version-N.csv     the manifest as it was when something was trained on version N
 *   images/ masks/    files called by their SHA-256, never altered, so that those versions stay what they were
 *   deleted.json      alone, where somebody deleted it: who and when; no other data set takes its id
 */
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { isThere, sha256, writeFileAtomic, writeJson } from '../../core/files.ts';
import { type Static, Type } from '../../core/schema.ts';
import { type DataSet, DataSetImage } from '../contract/datasets.ts';
import { readStoredJson } from '../folder/stored-json.ts';
import type { Change } from '../records/change.ts';
import { imageFile, manifestOf, maskFile, type StoredImage, storedText } from './manifest.ts';
import { noMask } from './taken-in.ts';

const Stored = Type.Object({
  name: Type.String(),
  version: Type.Integer({ minimum: 1 }),
  createdAt: Type.String(),
  changedAt: Type.String(),
  images: Type.Readonly(Type.Array(Type.Intersect([DataSetImage, Type.Object({ format: Type.String() })]))),
});
type Stored = Readonly<Omit<Static<typeof Stored>, 'images'>> & { readonly images: readonly StoredImage[] };

const DELETED = 'deleted.json';

async function addFile(path: string, bytes: Uint8Array): Promise<void> {
  if (!(await isThere(path))) await writeFileAtomic(path, bytes);
}

export class DataSetFolder {
  readonly id: string;
  readonly path: string;
  #stored: Stored;
  #images: ReadonlyMap<string, StoredImage>;
  /** Of the labelled images, as `felfri train` reads them. */
  #manifest: string;
  #facts: DataSet | undefined;

  private constructor(path: string, id: string, stored: Stored) {
    this.id = id;
    this.path = path;
    this.#stored = stored;
    this.#images = new Map(stored.images.map((image) => [image.hash, image]));
    this.#manifest = manifestOf(stored.images);
  }

  static async create(path: string, id: string, name: string, at: Date): Promise<DataSetFolder> {
    const time = at.toISOString();
    const made = new DataSetFolder(path, id, { name, version: 1, createdAt: time, changedAt: time, images: [] });
    await made.#write(made.#stored);
    return made;
  }

  /** Undefined where a kill came before the first dataset.json. Throws DATASET_MANIFEST where it is damaged, or gone beside images. */
  static async open(path: string, id: string): Promise<DataSetFolder | undefined> {
    const file = join(path, 'dataset.json');
    const stored = await readStoredJson(file, Stored, 'DATASET_MANIFEST');
    if (stored) return new DataSetFolder(path, id, stored);
    if (!(await isThere(join(path, 'images')))) return undefined;
    throw new FelfriError('DATASET_MANIFEST', `${file} is missing beside its images; bring it back from a backup`, {
      subject: file,
    });
  }

  /** Whether there was one that somebody deleted. What a kill left of it goes now. */
  static async isDeleted(path: string): Promise<boolean> {
    if (!(await isThere(join(path, DELETED)))) return false;
    for (const name of await readdir(path)) if (name !== DELETED) await rm(join(path, name), { recursive: true });
    return true;
  }

  /** Deletes everything but the note that it was here, for good. */
  async delete({ by, at }: Change): Promise<void> {
    // first: from here on it is deleted, whatever happens
    await writeJson(join(this.path, DELETED), { name: this.#stored.name, by, at: at.toISOString() });
    await DataSetFolder.isDeleted(this.path);
  }

  /** What of the present version is on the disk, by paths within its folder. */
  files(): string[] {
    const masks = this.images.flatMap(({ mask }) => (mask === null ? [] : [maskFile(mask)]));
    return ['manifest.csv', 'dataset.json', ...this.images.map(imageFile), ...new Set(masks)];
  }

  get images(): readonly StoredImage[] {
    return this.#stored.images;
  }

  image(hash: string): StoredImage | undefined {
    return this.#images.get(hash);
  }

  /** Throws NOT_FOUND. */
  requireImage(hash: string): StoredImage {
    const image = this.image(hash);
    if (image) return image;
    throw new FelfriError('NOT_FOUND', `the data set ${this.id} has no image ${hash}`, { subject: hash });
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
      hash: sha256(this.#manifest),
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
    const manifest = manifestOf(stored.images);
    await writeFileAtomic(join(this.path, 'manifest.csv'), manifest);
    // last: this is what counts
    await writeFileAtomic(join(this.path, 'dataset.json'), storedText(stored));
    this.#stored = stored;
    this.#manifest = manifest;
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

  /** The bytes of an image as they came. Throws NOT_FOUND. */
  async imageBytes(hash: string): Promise<Buffer<ArrayBuffer>> {
    return this.read(imageFile(this.requireImage(hash)));
  }

  /** The bytes of an image of this version or an earlier one. Throws NOT_FOUND. */
  async kept(hash: string): Promise<Buffer<ArrayBuffer>> {
    const name = (await readdir(join(this.path, 'images')).catch(() => [])).find((one) => one.startsWith(`${hash}.`));
    return this.read(`images/${name ?? hash}`);
  }

  /** Bytes of an image; 0 where its file is gone. Throws NOT_FOUND. */
  async imageSize(hash: string): Promise<number> {
    return (await stat(join(this.path, imageFile(this.requireImage(hash)))).catch(() => undefined))?.size ?? 0;
  }

  /** The mask of an image as PNG. Throws NOT_FOUND, also where it has none. */
  async maskBytes(hash: string): Promise<Buffer<ArrayBuffer>> {
    const { mask } = this.requireImage(hash);
    if (mask === null) throw noMask(hash);
    return this.read(maskFile(mask));
  }

  /** Keeps the present version's manifest; gives its path, which names the same data for ever. */
  async freeze(): Promise<string> {
    const path = join(this.path, `version-${this.#stored.version}.csv`);
    await writeFileAtomic(path, this.#manifest);
    return path;
  }
}
