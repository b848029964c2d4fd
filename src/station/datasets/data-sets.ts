/** The station's data sets: made, filled, labelled. Every change is a new version and an entry of the audit log. */

import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import type { Alarms } from '../alarms.ts';
import type { DataSetAction } from '../audit/details.ts';
import type { DataSet, DataSetDetail, DataSetImage, ImageChange, ImageLabel } from '../contract/datasets.ts';
import { requireRoom } from '../folder/disk-room.ts';
import { InTurn } from '../in-turn.ts';
import { notFound } from '../not-found.ts';
import type { Change } from '../records/change.ts';
import type { Records } from '../records/records.ts';
import { DataSetFolder } from './data-set-folder.ts';
import { imageFile, maskFile, type StoredImage } from './manifest.ts';
import { masked, type NewImage, type PixelWork, relabelled, sentMask, storedImage } from './taken-in.ts';

/** Images that may be on their way into data sets at a time. */
const MOST_WAITING = 4;

const without = ({ format: _, ...image }: StoredImage): DataSetImage => image;

const noMask = (hash: string): FelfriError =>
  new FelfriError('NOT_FOUND', `the image ${hash} has no mask`, { subject: hash });

/** A folder's name out of a data set's. */
function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return slug === '' ? 'data-set' : slug;
}

export class DataSets {
  readonly #folder: string;
  readonly #records: Records;
  readonly #maxPixels: number;
  readonly #pixels: () => PixelWork;
  readonly #sets = new Map<string, DataSetFolder>();
  /** Folders that hold something, but no data set that could be read; no new one goes there. */
  readonly #damaged = new Set<string>();
  #waiting = 0;
  /** Changes, one after another: one image is decoded at a time, and no version is lost. */
  readonly #changes = new InTurn();

  private constructor(folder: string, records: Records, maxPixels: number, pixels: () => PixelWork) {
    this.#folder = folder;
    this.#pixels = pixels;
    this.#records = records;
    this.#maxPixels = maxPixels;
  }

  /** What is damaged raises an alarm, and is left as it is. `pixels` gives what reads them, once something is sent. */
  static async open(
    folder: string,
    { records, maxPixels, alarms }: { records: Records; maxPixels: number; alarms: Alarms },
    pixels: () => PixelWork,
  ): Promise<DataSets> {
    const own = new DataSets(folder, records, maxPixels, pixels);
    await mkdir(folder, { recursive: true });
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      try {
        const found = await DataSetFolder.open(join(folder, entry.name), entry.name);
        if (found) own.#sets.set(entry.name, found);
      } catch (error) {
        own.#damaged.add(entry.name);
        alarms.raise('data set', entry.name, error);
      }
    }
    return own;
  }

  get #reading() {
    return { pixels: this.#pixels(), maxPixels: this.#maxPixels };
  }

  list(): DataSet[] {
    return [...this.#sets.values()].map(({ facts }) => facts).sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Throws NOT_FOUND. */
  require(id: string): DataSetFolder {
    const found = this.#sets.get(id);
    if (found) return found;
    throw notFound('data set', id, '/api/datasets');
  }

  detail(id: string): DataSetDetail {
    const found = this.require(id);
    return { dataSet: found.facts, images: found.images.map(without) };
  }

  #requireImage(set: DataSetFolder, hash: string): StoredImage {
    const image = set.image(hash);
    if (image) return image;
    throw new FelfriError('NOT_FOUND', `the data set ${set.id} has no image ${hash}`, { subject: hash });
  }

  create(name: string, change: Change): Promise<DataSet> {
    return this.#changes.run(() =>
      this.#records.audited(change, async () => {
        const slug = slugOf(name);
        let id = slug;
        for (let i = 2; this.#sets.has(id) || this.#damaged.has(id); i++) id = `${slug}-${i}`;
        const made = await DataSetFolder.create(join(this.#folder, id), id, name.trim(), change.at);
        this.#sets.set(id, made);
        return [made.facts, { action: 'dataset.created', subject: id, detail: { name: made.facts.name } }];
      }),
    );
  }

  /** Writes a version in which `image` stands for what had its hash, with its entry in the audit log. */
  #put(
    set: DataSetFolder,
    hash: string,
    image: StoredImage | null,
    action: DataSetAction,
    change: Change,
  ): Promise<ImageChange> {
    return this.#records.audited(change, async () => {
      const before = set.image(hash);
      const images = before
        ? set.images.flatMap((old) => (old.hash !== hash ? [old] : image ? [image] : []))
        : [...set.images, image!];
      await set.change(images, change.at);
      const { version, hash: content } = set.facts;
      const of = (i: StoredImage | null | undefined) =>
        i ? { label: i.label, className: i.className, partGroup: i.partGroup, mask: i.mask } : null;
      const detail = { image: hash, version, hash: content, before: of(before), after: of(image) };
      return [
        { dataSet: set.facts, image: image && without(image) },
        { action, subject: set.id, detail },
      ];
    });
  }

  /**
   * Adds an image; where it is there already, nothing changes. Throws TOO_BUSY, NOT_FOUND, OPTION_INVALID, DISK_FULL and IMAGE_ codes: what
   * is too large is refused from its header.
   */
  async add(
    id: string,
    bytes: Uint8Array<ArrayBuffer>,
    sent: NewImage,
    change: Change,
  ): Promise<ImageChange & { added: boolean }> {
    const set = this.require(id);
    if (this.#waiting >= MOST_WAITING)
      throw new FelfriError('TOO_BUSY', `${MOST_WAITING} images are on their way into data sets; send it again`);
    this.#waiting++;
    try {
      return await this.#changes.run(async () => {
        const hash = sha256(bytes);
        const known = set.image(hash);
        if (known) return { dataSet: set.facts, image: without(known), added: false };
        await requireRoom(this.#folder, bytes.length);
        const image = await storedImage({ bytes, hash }, sent, change.at, this.#reading);
        await set.addImageFile(image, bytes);
        return { ...(await this.#put(set, hash, image, 'dataset.image', change)), added: true };
      });
    } finally {
      this.#waiting--;
    }
  }

  /** Throws NOT_FOUND or OPTION_INVALID. */
  label(id: string, hash: string, said: ImageLabel, change: Change): Promise<ImageChange> {
    return this.#changes.run(async () => {
      const set = this.require(id);
      const image = this.#requireImage(set, hash);
      return this.#put(set, hash, relabelled(image, said), 'dataset.label', change);
    });
  }

  /**
   * The mask of an image as it is shown, upright. What is refused leaves the former mask as it is, an empty one too.
   * Throws NOT_FOUND, MASK_MISMATCH, MASK_EMPTY, MASK_UNCLEAR, REQUEST_INVALID for anything but a PNG, and IMAGE_ codes.
   */
  setMask(id: string, hash: string, bytes: Uint8Array<ArrayBuffer>, change: Change): Promise<ImageChange> {
    return this.#changes.run(async () => {
      const set = this.require(id);
      const image = this.#requireImage(set, hash);
      const png = await sentMask(bytes, image, this.#reading);
      const mask = sha256(png);
      await set.addMaskFile(mask, png);
      return this.#put(set, hash, masked(image, mask), 'dataset.mask', change);
    });
  }

  /** Says that no mask is known, or wanted; the image keeps its label. Throws NOT_FOUND, also where there is none. */
  removeMask(id: string, hash: string, change: Change): Promise<ImageChange> {
    return this.#changes.run(async () => {
      const set = this.require(id);
      const image = this.#requireImage(set, hash);
      if (image.mask === null) throw noMask(hash);
      return this.#put(set, hash, { ...image, mask: null }, 'dataset.mask', change);
    });
  }

  /** Takes it out of the present version; its file stays for the versions that were trained on. Throws NOT_FOUND. */
  remove(id: string, hash: string, change: Change): Promise<ImageChange> {
    return this.#changes.run(async () => {
      const set = this.require(id);
      this.#requireImage(set, hash);
      return this.#put(set, hash, null, 'dataset.removed', change);
    });
  }

  /** Throws NOT_FOUND unless the data set has the image. */
  requireImage(id: string, hash: string): void {
    this.#requireImage(this.require(id), hash);
  }

  /** The bytes of an image as they came. Throws NOT_FOUND. */
  imageBytes(id: string, hash: string): Promise<Buffer<ArrayBuffer>> {
    const set = this.require(id);
    return set.read(imageFile(this.#requireImage(set, hash)));
  }

  /** Bytes of an image; 0 where its file is gone. Throws NOT_FOUND. */
  imageSize(id: string, hash: string): Promise<number> {
    const set = this.require(id);
    return set.size(imageFile(this.#requireImage(set, hash)));
  }

  /** The mask of an image as PNG. Throws NOT_FOUND, also where it has none. */
  async maskBytes(id: string, hash: string): Promise<Buffer<ArrayBuffer>> {
    const set = this.require(id);
    const { mask } = this.#requireImage(set, hash);
    if (mask === null) throw noMask(hash);
    return set.read(maskFile(mask));
  }

  /** Waits for the changes that were begun. */
  close(): Promise<void> {
    return this.#changes.rest();
  }
}
