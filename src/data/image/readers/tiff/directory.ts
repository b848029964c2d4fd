/** The directories of a TIFF or BigTIFF file: what each page says of itself, without its pixels. */

/** Bytes of a value by its type's number; types that are not here are passed over. */
const sizes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

export interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where the values are, how many bytes they have, and the 4 or 8 bytes that hold them or point at them. */
  readonly at: number;
  readonly bytes: number;
  readonly field: number;
}

export interface TiffDirectory {
  /** Where it ends in the file. */
  readonly end: number;
  readonly entries: ReadonlyMap<number, TiffEntry>;
  /** Values of a tag that holds whole numbers; empty where it is missing or holds something else. */
  numbers(tag: number): readonly number[];
}

/** More tags, over all pages, than any camera writes; directories that overlap could claim any number. */
const MOST_ENTRIES = 200_000;

export class TiffFile {
  readonly bytes: Uint8Array;
  readonly little: boolean;
  readonly big: boolean;
  readonly #view: DataView;

  /** For bytes that begin as a TIFF. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.little = bytes[0] === 0x49;
    this.big = this.#uint(2, 2) === 43;
  }

  /** Throws RangeError beyond the end of the file. */
  #uint(at: number, size: number): number {
    if (size === 1) return this.#view.getUint8(at);
    if (size === 2) return this.#view.getUint16(at, this.little);
    if (size === 4) return this.#view.getUint32(at, this.little);
    const value = Number(this.#view.getBigUint64(at, this.little));
    if (!Number.isSafeInteger(value)) throw new RangeError(`an offset of ${value} bytes`);
    return value;
  }

  #numbers({ type, count, at }: TiffEntry): number[] {
    const size = sizes[type];
    if (size === undefined || type === 2 || type === 5 || type === 10) return [];
    if (at + size * count > this.bytes.length) throw new RangeError('a tag beyond the end of the file');
    if (type === 11) return Array.from({ length: count }, (_, i) => this.#view.getFloat32(at + i * 4, this.little));
    if (type === 12) return Array.from({ length: count }, (_, i) => this.#view.getFloat64(at + i * 8, this.little));
    return Array.from({ length: count }, (_, i) => this.#uint(at + i * size, size));
  }

  #directoryAt(start: number): { directory: TiffDirectory; next: number } {
    const [counter, width, pointer] = this.big ? [8, 20, 8] : [2, 12, 4];
    const count = this.#uint(start, counter);
    if (start + counter + count * width + pointer > this.bytes.length)
      throw new RangeError('a directory beyond the end');
    const entries = new Map<number, TiffEntry>();
    for (let i = 0; i < count; i++) {
      const at = start + counter + i * width;
      const [tag, type] = [this.#uint(at, 2), this.#uint(at + 2, 2)];
      const values = this.#uint(at + 4, pointer);
      const field = at + 4 + pointer;
      const bytes = (sizes[type] ?? 1) * values;
      const inside = bytes <= pointer;
      // the first of equal tags counts, as libtiff has it
      if (!entries.has(tag))
        entries.set(tag, { tag, type, count: values, at: inside ? field : this.#uint(field, pointer), bytes, field });
    }
    const numbers = (tag: number): readonly number[] => {
      const entry = entries.get(tag);
      return entry ? this.#numbers(entry) : [];
    };
    const last = start + counter + count * width;
    return { directory: { end: last + pointer, entries, numbers }, next: this.#uint(last, pointer) };
  }

  /** The directory that a tag points at. Throws RangeError beyond the end of the file. */
  directory(start: number): TiffDirectory {
    return this.#directoryAt(start).directory;
  }

  /** The pages in their order, at least one. Throws RangeError when the file ends before they do. */
  directories(): [TiffDirectory, ...TiffDirectory[]] {
    const found: TiffDirectory[] = [];
    const seen = new Set<number>();
    let entries = 0;
    let at = this.big ? this.#uint(8, 8) : this.#uint(4, 4);
    while (at !== 0 && !seen.has(at)) {
      seen.add(at);
      const { directory, next } = this.#directoryAt(at);
      entries += directory.entries.size + 1;
      if (entries > MOST_ENTRIES) throw new RangeError(`more than ${MOST_ENTRIES} tags`);
      found.push(directory);
      at = next;
    }
    const [first, ...rest] = found;
    if (!first) throw new RangeError('no page');
    return [first, ...rest];
  }
}
