/** TIFF files written byte by byte, for kinds that no encoder at hand writes. */

export interface TiffMade {
  readonly width: number;
  readonly height: number;
  /** The one strip, as it stands in the file. */
  readonly data: Uint8Array;
  readonly samples?: number;
  readonly bits?: number;
  /** 0 white is zero, 1 black is zero, 2 RGB. */
  readonly photometric?: number;
  readonly compression?: number;
  /** Other tags: number, type (2 text, 3 short, 4 long), values. */
  readonly extra?: readonly (readonly [tag: number, type: 2 | 3 | 4, values: readonly number[] | string])[];
  /** Whether tags stand in their order, as they must. */
  readonly sorted?: boolean;
}

const sizes = { 2: 1, 3: 2, 4: 4 } as const;

/** A little-endian TIFF of one page and one strip. */
export function tiffBytes(made: TiffMade): Buffer {
  const {
    width,
    height,
    data,
    samples = 1,
    bits = 8,
    photometric = 1,
    compression = 1,
    extra = [],
    sorted = true,
  } = made;
  const entries: (readonly [number, 2 | 3 | 4, readonly number[]])[] = [
    [256, 4, [width]],
    [257, 4, [height]],
    [258, 3, Array<number>(samples).fill(bits)],
    [259, 3, [compression]],
    [262, 3, [photometric]],
    [273, 4, [8]],
    [277, 3, [samples]],
    [278, 4, [height]],
    [279, 4, [data.length]],
    ...extra.map(([tag, type, values]): [number, 2 | 3 | 4, readonly number[]] => [
      tag,
      type,
      typeof values === 'string' ? [...Buffer.from(values, 'latin1')] : values,
    ]),
  ];
  if (sorted) entries.sort(([a], [b]) => a - b);
  const start = 8 + data.length + (data.length % 2);
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length, 0);
  const blobs: Buffer[] = [];
  let free = start + directory.length;
  entries.forEach(([tag, type, values], i) => {
    const at = 2 + i * 12;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(values.length, at + 4);
    const blob = Buffer.alloc(Math.max(4, values.length * sizes[type] + ((values.length * sizes[type]) % 2)));
    values.forEach((value, k) => {
      blob.writeUIntLE(value, k * sizes[type], sizes[type]);
    });
    if (values.length * sizes[type] <= 4) blob.copy(directory, at + 8, 0, 4);
    else {
      directory.writeUInt32LE(free, at + 8);
      blobs.push(blob);
      free += blob.length;
    }
  });
  const head = Buffer.alloc(8);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(start, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2), directory, ...blobs]);
}
