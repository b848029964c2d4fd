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
import type { StoredImage } from './manifest.ts';
import { slugOf } from './slug.ts';
import {
  masked,
  type NewImage,
  noMask,
  type PixelWork,
  relabelled,
  sentMask,
  stateOf,
  storedImage,
} from './taken-in.ts';

/** Images that may be on their way into data sets at a time. */
const MOST_WAITING = 4;

const without = ({ format: _, ...image }: StoredImage): DataSetImage => image;

export class DataSets {
  readonly #folder: string;
  readonly #records: Records;
  readonly #maxPixels: number;
  readonly #pixels: () => PixelWork;
  readonly #sets = new Map<string, DataSetFolder>();
  /** Folders of data sets that cannot be read, or were deleted; no new one goes there. */
  readonly #taken = new Set<string>();
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
        if (await DataSetFolder.isDeleted(join(folder, entry.name))) {
          own.#taken.add(entry.name);
          continue;
        }
        const found = await DataSetFolder.open(join(folder, entry.name), entry.name);
        if (found) own.#sets.set(entry.name, found);
      } catch (error) {
        own.#taken.add(entry.name);
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

  /** Begins something that reads a data set, which is not changed or deleted until that is resolved. Throws NOT_FOUND. */
  begin<T>(id: string, work: (set: DataSetFolder) => Promise<T>): Promise<T> {
    return this.#changes.run(() => work(this.require(id)));
  }

  detail(id: string): DataSetDetail {
    const found = this.require(id);
    return { dataSet: found.facts, images: found.images.map(without) };
  }

  create(name: string, change: Change): Promise<DataSet> {
    return this.#changes.run(() =>
      this.#records.audited(change, async () => {
        const slug = slugOf(name);
        let id = slug;
        for (let i = 2; this.#sets.has(id) || this.#taken.has(id); i++) id = `${slug}-${i}`;
        const made = await DataSetFolder.create(join(this.#folder, id), id, name.trim(), change.at);
        this.#sets.set(id, made);
        return [made.facts, { action: 'dataset.created', subject: id, detail: { name: made.facts.name } }];
      }),
    );
  }

  /** Deletes it with its images, for good. Throws NOT_FOUND, and CONFLICT where something is under way that reads it. */
  delete(id: string, isRead: () => boolean, change: Change): Promise<void> {
    return this.#changes.run(async () => {
      const set = this.require(id);
      if (isRead())
        throw new FelfriError(
          'CONFLICT',
          `a training or an open study reads the data set ${id}; stop or close it first`,
          {
            subject: id,
          },
        );
      const { name, counts, version, hash } = set.facts;
      await this.#records.audited(change, async () => {
        this.#sets.delete(id);
        this.#taken.add(id);
        await set.delete(change);
        return [undefined, { action: 'dataset.deleted', subject: id, detail: { name, version, hash, counts } }];
      });
    });
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
      const detail = { image: hash, version, hash: content, before: stateOf(before), after: stateOf(image) };
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
      const image = set.requireImage(hash);
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
      const image = set.requireImage(hash);
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
      const image = set.requireImage(hash);
      if (image.mask === null) throw noMask(hash);
      return this.#put(set, hash, { ...image, mask: null }, 'dataset.mask', change);
    });
  }

  /** Takes it out of the present version; its file stays for the versions that were trained on. Throws NOT_FOUND. */
  remove(id: string, hash: string, change: Change): Promise<ImageChange> {
    return this.#changes.run(async () => {
      const set = this.require(id);
      set.requireImage(hash);
      return this.#put(set, hash, null, 'dataset.removed', change);
    });
  }

  /** Waits for the changes that were begun. */
  close(): Promise<void> {
    return this.#changes.rest();
  }
}
