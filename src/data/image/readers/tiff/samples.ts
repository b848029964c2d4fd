/** The samples of a TIFF as they are stored, whatever their number and kind, by geotiff. */
import type { TypedArray } from 'geotiff';
import { FelfriError } from '../../../../core/errors.ts';
import { fillEightBits } from '../../full-range.ts';
import { upright } from '../../orient.ts';
import type { Pixels, Raster } from '../../raster.ts';
import { corruptImage } from '../../refusals.ts';
import { coloursLost, isOpaque, pickBands, requireColoursBeneath } from '../../transparency.ts';
import type { TiffPage } from './page.ts';
import { planPredictor, sumRows } from './predictor.ts';

/** Compressions by the number in the file; undefined where it is not read. Of those that geotiff has, the ones whose damage it notices. */
const compressions: Readonly<Record<number, string>> = {
  1: 'none',
  2: 'CCITT RLE',
  3: 'CCITT fax 3',
  4: 'CCITT fax 4',
  5: 'LZW',
  6: 'JPEG of TIFF 6',
  7: 'JPEG',
  8: 'deflate',
  32773: 'PackBits',
  32946: 'deflate',
  34887: 'LERC',
  34925: 'LZMA',
  50000: 'ZSTD',
  50001: 'WebP',
};
const read = new Set([1, 5, 8, 32773, 32946, 50000]);

const legal =
  'legal are whole numbers of up to 16 bits and float of 16, 32 or 64, uncompressed or by LZW, deflate, PackBits or ZSTD';

function refuseOthers({ compression, bits, sampleKind, stored, photometric }: TiffPage, subject: string): void {
  const refuse = (what: string): never => {
    throw new FelfriError(
      'IMAGE_FORMAT',
      `${subject}: a TIFF with ${stored.bands} bands of ${bits} bits (${sampleKind}), ${what}; ${legal}: export it so`,
      { subject },
    );
  };
  if (!read.has(compression)) refuse(`compressed by ${compressions[compression] ?? `method ${compression}`}`);
  const whole = {
    uint: bits <= 16 || bits === 32,
    int: [8, 16, 32].includes(bits),
    float: [16, 32, 64].includes(bits),
  };
  if (!whole[sampleKind]) refuse('which are not read');
  if (photometric === 3) refuse('by a palette');
  if (photometric === 0 && sampleKind !== 'uint') refuse('with white as the smallest');
}

/** Values in the narrowest kind of array that holds them. */
function narrowed(data: TypedArray): Pixels {
  if (data instanceof Uint8Array || data instanceof Uint16Array || data instanceof Float32Array) return data;
  return Float32Array.from(data);
}

/** Most values that a byte of the file can stand for: deflate reaches 1032 bytes. */
const MOST_PER_BYTE = 2000;

/** Turns each byte's bits around, so that the first one is the highest: geotiff 3.0.5 does not look at FillOrder. */
function mirror(bytes: Uint8Array, pieces: TiffPage['mirrored']): void {
  const turned = Uint8Array.from({ length: 256 }, (_, byte) => {
    let out = 0;
    for (let bit = 0; bit < 8; bit++) out |= ((byte >> bit) & 1) << (7 - bit);
    return out;
  });
  for (const [start, end] of pieces) for (let at = start; at < end; at++) bytes[at] = turned[bytes[at]!]!;
}

/** The first byte of a file whose numbers have their high bytes first. */
const bigEndian = 0x4d;

async function rawSamples(
  bytes: Uint8Array,
  subject: string,
  page: TiffPage,
): Promise<{ data: Pixels; width: number; height: number }> {
  const { fromArrayBuffer } = await import('geotiff');
  const { erased, sums, swapped } = planPredictor(page, subject, bytes[0] !== bigEndian);
  try {
    const own = new Uint8Array(bytes);
    mirror(own, page.mirrored);
    if (erased !== undefined) own[erased] = 1;
    const tiff = await fromArrayBuffer(own.buffer);
    const image = await tiff.getImage(0);
    if (swapped) image.littleEndian = true;
    const read = await image.readRasters({ interleave: true });
    const { width, height } = read;
    const data = read as Exclude<TypedArray, Uint8ClampedArray>;
    if (sums && !(data instanceof Float32Array || data instanceof Float64Array))
      sumRows(data, { width, bands: page.transparent.length, tileWidth: page.tileWidth });
    return { data: narrowed(data.subarray()), width, height };
  } catch (error) {
    throw corruptImage(subject, error);
  }
}

function swapBytes(data: Uint16Array): void {
  for (let i = 0; i < data.length; i++) data[i] = ((data[i]! << 8) | (data[i]! >> 8)) & 0xffff;
}

/** Throws IMAGE_FORMAT, IMAGE_TRANSPARENT, IMAGE_CORRUPT. */
export async function samplePixels(bytes: Uint8Array, subject: string, page: TiffPage): Promise<Raster> {
  refuseOthers(page, subject);
  const { transparent, bits, premultiplied, orientation, photometric } = page;
  if (page.stored.width * page.stored.height * transparent.length > MOST_PER_BYTE * bytes.length) {
    throw corruptImage(subject, new Error(`${bytes.length} bytes are too few for its pixels`));
  }
  const { width, height, data } = await rawSamples(bytes, subject, page);
  // geotiff 3.0.5 unpacks into the machine's byte order and then reads in the file's
  if (data instanceof Uint16Array && bits < 16 && bytes[0] === bigEndian) swapBytes(data);
  const all: Raster = { width, height, bands: transparent.length, data };
  if (data.length !== width * height * all.bands) throw corruptImage(subject, new Error('samples are missing'));
  const largest = page.sampleKind === 'float' ? 1 : 2 ** bits - 1;
  if (premultiplied && !transparent.every((alpha, band) => !alpha || isOpaque(all, band, largest))) {
    throw coloursLost(subject, 'its colours are stored multiplied by that (associated alpha)');
  }
  const alpha = transparent.lastIndexOf(true);
  if (alpha === all.bands - 1 && alpha > 0) requireColoursBeneath(all, subject, largest);
  const raster = pickBands(
    all,
    [...transparent.keys()].filter((band) => !transparent[band]),
  );
  if (photometric === 0) for (let i = 0; i < raster.data.length; i++) raster.data[i] = largest - raster.data[i]!;
  if (page.sampleKind === 'uint') fillEightBits(raster.data, largest);
  return upright(raster, orientation);
}
