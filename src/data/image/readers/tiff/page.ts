/** What the first page of a TIFF holds, and whether all of it is there. */
import { FelfriError } from '../../../../core/errors.ts';
import type { StoredImage } from '../../reader.ts';
import { orCorrupt } from '../../refusals.ts';
import { type TiffDirectory, TiffFile } from './directory.ts';

const tags = {
  kind: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  orientation: 274,
  samples: 277,
  rows: 278,
  stripOffsets: 273,
  stripCounts: 279,
  planar: 284,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileCounts: 325,
  extra: 338,
  predictor: 317,
  format: 339,
  depth: 32997,
  tileDepth: 32998,
  dng: 50706,
} as const;

/** By the number in SampleFormat. */
const sampleKinds = { 1: 'uint', 2: 'int', 3: 'float' } as const;

/** Colour spaces by the number in PhotometricInterpretation; what is missing here is named by its number. */
const colours: Readonly<Record<number, string>> = {
  0: 'grey',
  1: 'grey',
  2: 'rgb',
  3: 'rgb',
  4: 'transparency mask',
  5: 'CMYK',
  8: 'CIE Lab',
  9: 'ICC Lab',
  10: 'ITU Lab',
  32803: 'Bayer mosaic (CFA)',
  32844: 'LogL',
  32845: 'LogLuv',
  34892: 'linear raw',
};

export interface TiffPage {
  readonly stored: StoredImage;
  readonly sampleKind: 'uint' | 'int' | 'float';
  /** Bits of a sample, as stored. */
  readonly bits: number;
  readonly photometric: number;
  readonly compression: number;
  readonly orientation: number;
  /** Strips or tiles whose bytes hold the first bit lowest (FillOrder 2), as [start, end) in the file; none where it is highest. */
  readonly mirrored: readonly (readonly [start: number, end: number])[];
  /** Of each sample whether it is transparency; colours come first. */
  readonly transparent: readonly boolean[];
  /** What the values are differences from, by its number (1: nothing), and where the file says so: the place of its low byte. */
  readonly predictor: { readonly kind: number; readonly lowByte: number | undefined };
  /** Pixels of a row in a tile; the image's own width in strips. */
  readonly tileWidth: number;
  /** Each band by itself, in tiles or with transparency: libvips does not read the former, and mixes up the latter. */
  readonly oddPlanes: boolean;
  /** Some transparency is already multiplied into the colours. */
  readonly premultiplied: boolean;
}

/** Pages that are photographs: neither reduced copies of another page nor masks. */
const isPhotograph = (directory: TiffDirectory): boolean => ((directory.numbers(tags.kind)[0] ?? 0) & 0b101) === 0;

/** Where each strip or tile begins, and how many bytes it has. */
function piecesOf(page: TiffDirectory): { offsets: readonly number[]; counts: readonly number[]; tiled: boolean } {
  const tiled = page.entries.has(tags.tileOffsets);
  const offsets = page.numbers(tiled ? tags.tileOffsets : tags.stripOffsets);
  return { offsets, counts: page.numbers(tiled ? tags.tileCounts : tags.stripCounts), tiled };
}

function mirroredOf(page: TiffDirectory): [number, number][] {
  if (page.numbers(tags.fillOrder)[0] !== 2) return [];
  const { offsets, counts } = piecesOf(page);
  return offsets.map((offset, i) => [offset, offset + (counts[i] ?? 0)]);
}

function requireWhole(file: TiffFile, page: TiffDirectory, { width, height }: { width: number; height: number }): void {
  const samples = page.numbers(tags.samples)[0] ?? 1;
  const { offsets, counts, tiled } = piecesOf(page);
  const rows = Math.min(page.numbers(tags.rows)[0] ?? height, height);
  const planes = page.numbers(tags.planar)[0] === 2 ? samples : 1;
  const [tileWidth, tileHeight] = [page.numbers(tags.tileWidth)[0] ?? 0, page.numbers(tags.tileHeight)[0] ?? 0];
  const pieces = tiled
    ? Math.ceil(width / tileWidth) * Math.ceil(height / tileHeight)
    : rows > 0
      ? Math.ceil(height / rows)
      : Number.POSITIVE_INFINITY;
  if (offsets.length !== pieces * planes)
    throw new RangeError(`${offsets.length} pieces are there, and its size needs ${pieces * planes}`);
  const bits = (page.numbers(tags.bits)[0] ?? 1) * (planes === 1 ? samples : 1);
  const plain = (page.numbers(tags.compression)[0] ?? 1) === 1;
  if (plain && pieces === 1 && !tiled && (counts[0] ?? 0) >= Math.ceil((width * bits) / 8) * (height + 1))
    throw new RangeError(`${counts[0]} bytes of pixels, more than ${height} rows`);
  offsets.forEach((offset, i) => {
    const count = counts[i] ?? 1;
    if (i < pieces * planes && (offset === 0 || count === 0 || offset + count > file.bytes.length)) {
      throw new RangeError(`piece ${i + 1} of ${pieces * planes} lies beyond the end of the file`);
    }
  });
}

function predictorOf({ little }: TiffFile, page: TiffDirectory): TiffPage['predictor'] {
  const field = page.entries.get(tags.predictor)?.field;
  return { kind: page.numbers(tags.predictor)[0] ?? 1, lowByte: field === undefined || little ? field : field + 1 };
}

/** Pictures behind each other in one page, as of a volume. */
const slicesOf = (page: TiffDirectory): number =>
  Math.max(1, page.numbers(tags.depth)[0] ?? 1, page.numbers(tags.tileDepth)[0] ?? 1);

function refuseRaw(file: TiffFile, page: TiffDirectory, subject: string): void {
  const canon = file.bytes[8] === 0x43 && file.bytes[9] === 0x52;
  if (!canon && !page.entries.has(tags.dng) && isPhotograph(page)) return;
  const what = canon
    ? 'a Canon raw file (CR2)'
    : page.entries.has(tags.dng)
      ? 'a raw file (DNG)'
      : 'a raw file or a reduced copy';
  throw new FelfriError(
    'IMAGE_FORMAT',
    `${subject}: ${what}, whose first page is not the photograph; develop it, and export TIFF of 16 bits or PNG`,
    { subject },
  );
}

/** JPEG of TIFF 6, which is refused as that, and JPEG. */
const jpegs = new Set([6, 7]);

/** Luminance and chroma become colours within a JPEG alone: libvips gives others as they are stored. */
function colourOf(photometric: number, compression: number): string {
  if (photometric === 6) return jpegs.has(compression) ? 'rgb' : 'YCbCr';
  return colours[photometric] ?? `number ${photometric}`;
}

/** Which samples are transparency. What ExtraSamples calls unspecified, or does not speak of, is a band like any other. */
function transparencyOf(page: TiffDirectory, samples: number): number[] {
  const extra = page.numbers(tags.extra);
  return Array.from({ length: samples }, (_, s) => {
    const kind = extra[s - (samples - extra.length)];
    return kind === 1 || kind === 2 ? kind : 0;
  });
}

function describe(file: TiffFile, subject: string): TiffPage {
  const pages = file.directories();
  const [page] = pages;
  refuseRaw(file, page, subject);
  const [width = 0] = page.numbers(tags.width);
  const [height = 0] = page.numbers(tags.height);
  const [samples = 1] = page.numbers(tags.samples);
  if (width < 1 || height < 1 || samples < 1 || samples > 1000)
    throw new RangeError(`${width} x ${height} pixels of ${samples} samples`);
  const depths = new Set(page.numbers(tags.bits));
  const [bits = 1] = depths;
  if (depths.size > 1) throw new RangeError(`samples of ${[...depths].join(', ')} bits`);
  const sampleKind = sampleKinds[(page.numbers(tags.format)[0] ?? 1) as 1] ?? 'uint';
  const photometric = page.numbers(tags.photometric)[0] ?? (samples < 3 ? 1 : 2);
  const compression = page.numbers(tags.compression)[0] ?? 1;
  const extras = transparencyOf(page, samples);
  const transparency = extras.filter((kind) => kind !== 0).length;
  const orientation = page.numbers(tags.orientation)[0] ?? 1;
  requireWhole(file, page, { width, height });
  const planar = samples > 1 && page.numbers(tags.planar)[0] === 2;
  const whole = sampleKind === 'uint';
  return {
    stored: {
      width,
      height,
      bands: photometric === 3 ? 3 : samples - transparency,
      transparency,
      sample: whole && bits <= 8 ? 'uint8' : whole && bits <= 16 ? 'uint16' : 'float32',
      // cameras write 10 and 12 bits into 16 without a word
      largest: whole && bits < 16 ? (bits <= 8 ? 255 : 2 ** bits - 1) : null,
      colour: colourOf(photometric, compression),
      frames: Math.max(slicesOf(page), pages.filter(isPhotograph).length),
      ...(orientation > 4 && orientation < 9 && { turned: true }),
    },
    sampleKind,
    bits,
    photometric,
    compression,
    orientation,
    mirrored: mirroredOf(page),
    transparent: extras.map((kind) => kind !== 0),
    predictor: predictorOf(file, page),
    tileWidth: page.numbers(tags.tileWidth)[0] ?? width,
    oddPlanes: planar && (page.entries.has(tags.tileOffsets) || transparency > 0),
    premultiplied: extras.includes(1),
  };
}

/** Throws IMAGE_CORRUPT when directories or pixels lie beyond the end of the file, and IMAGE_FORMAT for a camera's raw file. */
export function readPage(bytes: Uint8Array, subject: string): TiffPage {
  return orCorrupt(subject, () => describe(new TiffFile(bytes), subject));
}
