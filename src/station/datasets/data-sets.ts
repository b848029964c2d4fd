/** The station's data sets: made, filled, labelled. Every change is a new version and an entry of the audit log. */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import { decodeForView } from '../../data/image/decode.ts';
import { readImageHeader } from '../../data/image/header.ts';
import { isGoodName } from '../../data/layouts/words.ts';
import { maskEmpty, maskOfBytes } from '../../data/masks/read.ts';
import { encodeMask } from '../../data/masks/write.ts';
import type { Alarms } from '../alarms.ts';
import type {
  DataSet,
  DataSetDetail,
  DataSetImage,
  ImageChange,
  ImageFields,
  ImageLabel,
} from '../contract/datasets.ts';
import type { Change, Records } from '../records/records.ts';
import { DataSetFolder } from './data-set-folder.ts';
import { imageFile, maskFile, type StoredImage } from './manifest.ts';

/** Images that may be on their way into data sets at a time. */
const MOST_WAITING = 4;

/** Class of a defect that nobody named. */
const UNNAMED = 'defective';

type NewImage = Omit<ImageFields, 'by'> & { readonly inspection?: string };

const without = ({ format: _, ...image }: StoredImage): DataSetImage => image;

/** Throws OPTION_INVALID for a name that a manifest would read as good, or that is no name. */
function requireClass(name: string): string {
  const trimmed = name.trim();
  if (/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u.test(trimmed) && !isGoodName(trimmed)) return trimmed;
  throw new FelfriError(
    'OPTION_INVALID',
    `got the class ${JSON.stringify(name)}; legal is the name of a defect: letters, digits, spaces, dots, hyphens, underscores, and no word for good parts, such as ok`,
    { subject: 'className' },
  );
}

function labelOf({
  label,
  className,
}: Pick<NewImage, 'label' | 'className'>): Pick<DataSetImage, 'label' | 'className'> {
  if (label === undefined) return { label: null, className: null };
  return { label, className: label === 'good' ? 'good' : requireClass(className ?? UNNAMED) };
}

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
  readonly #sets = new Map<string, DataSetFolder>();
  /** Folders that hold something, but no data set that could be read; no new one goes there. */
  readonly #damaged = new Set<string>();
  #waiting = 0;
  /** Changes, one after another: one image is decoded at a time, and no version is lost. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, records: Records, maxPixels: number) {
    this.#folder = folder;
    this.#records = records;
    this.#maxPixels = maxPixels;
  }

  /** What is damaged raises an alarm, and is left as it is. */
  static async open(folder: string, records: Records, maxPixels: number, alarms: Alarms): Promise<DataSets> {
    const own = new DataSets(folder, records, maxPixels);
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

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  list(): DataSet[] {
    return [...this.#sets.values()].map(({ facts }) => facts).sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Throws NOT_FOUND. */
  require(id: string): DataSetFolder {
    const found = this.#sets.get(id);
    if (found) return found;
    throw new FelfriError('NOT_FOUND', `there is no data set ${id}; GET /api/datasets lists those that are`, {
      subject: id,
    });
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
    return this.#inTurn(() =>
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
    action: string,
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
    bytes: Uint8Array,
    { name, partGroup, inspection, ...said }: NewImage,
    change: Change,
  ): Promise<ImageChange & { added: boolean }> {
    const set = this.require(id);
    if (this.#waiting >= MOST_WAITING)
      throw new FelfriError('TOO_BUSY', `${MOST_WAITING} images are on their way into data sets; send it again`);
    this.#waiting++;
    try {
      return await this.#inTurn(async () => {
        const hash = sha256(bytes);
        const known = set.image(hash);
        if (known) return { dataSet: set.facts, image: without(known), added: false };
        const label = labelOf(said);
        const { format } = await readImageHeader(bytes, 'the image', this.#maxPixels);
        const { width, height } = await decodeForView(bytes, 'the image', { maxPixels: this.#maxPixels });
        const image: StoredImage = {
          hash,
          name: name?.trim() || hash.slice(0, 12),
          width,
          height,
          ...label,
          partGroup: partGroup?.trim() || hash,
          mask: null,
          inspection: inspection ?? null,
          addedAt: change.at.toISOString(),
          format,
        };
        await set.addImageFile(image, bytes);
        return { ...(await this.#put(set, hash, image, 'dataset.image', change)), added: true };
      });
    } finally {
      this.#waiting--;
    }
  }

  /** Throws NOT_FOUND or OPTION_INVALID. */
  label(id: string, hash: string, { label, className, partGroup }: ImageLabel, change: Change): Promise<ImageChange> {
    return this.#inTurn(async () => {
      const set = this.require(id);
      const image = this.#requireImage(set, hash);
      const now = label === undefined ? image.label : label;
      const former = image.label === 'defective' ? image.className! : UNNAMED;
      const said = labelOf(now === null ? {} : { label: now, className: className ?? former });
      const after: StoredImage = {
        ...image,
        ...said,
        mask: now === 'defective' ? image.mask : null,
        partGroup: partGroup?.trim() || image.partGroup,
      };
      return this.#put(set, hash, after, 'dataset.label', change);
    });
  }

  /**
   * The mask of an image as it is shown, upright. What is refused leaves the former mask as it is, an empty one too.
   * Throws NOT_FOUND, MASK_MISMATCH, MASK_EMPTY, MASK_UNCLEAR, REQUEST_INVALID for anything but a PNG, and IMAGE_ codes.
   */
  setMask(id: string, hash: string, bytes: Uint8Array, change: Change): Promise<ImageChange> {
    return this.#inTurn(async () => {
      const set = this.require(id);
      const image = this.#requireImage(set, hash);
      const { format } = await readImageHeader(bytes, 'the mask', this.#maxPixels);
      if (format !== 'png') throw new FelfriError('REQUEST_INVALID', `got a mask as ${format}; legal is PNG`);
      const { width, height } = image;
      const { pixels, count } = await maskOfBytes(bytes, 'the mask', { width, height }, { maxPixels: this.#maxPixels });
      if (count === 0) throw maskEmpty('the mask');
      const png = await encodeMask({ width, height, pixels });
      const mask = sha256(png);
      await set.addMaskFile(mask, png);
      const className = image.label === 'defective' ? image.className : UNNAMED;
      return this.#put(set, hash, { ...image, label: 'defective', className, mask }, 'dataset.mask', change);
    });
  }

  /** Says that no mask is known, or wanted; the image keeps its label. Throws NOT_FOUND, also where there is none. */
  removeMask(id: string, hash: string, change: Change): Promise<ImageChange> {
    return this.#inTurn(async () => {
      const set = this.require(id);
      const image = this.#requireImage(set, hash);
      if (image.mask === null) throw noMask(hash);
      return this.#put(set, hash, { ...image, mask: null }, 'dataset.mask', change);
    });
  }

  /** Takes it out of the present version; its file stays for the versions that were trained on. Throws NOT_FOUND. */
  remove(id: string, hash: string, change: Change): Promise<ImageChange> {
    return this.#inTurn(async () => {
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

  /** The mask of an image as PNG. Throws NOT_FOUND, also where it has none. */
  async maskBytes(id: string, hash: string): Promise<Buffer<ArrayBuffer>> {
    const set = this.require(id);
    const { mask } = this.#requireImage(set, hash);
    if (mask === null) throw noMask(hash);
    return set.read(maskFile(mask));
  }

  /** Waits for the changes that were begun. */
  async close(): Promise<void> {
    await this.#last;
  }
}
