/** JPEG, PNG, WebP and GIF, by libvips. */
import { FelfriError } from '../../../core/errors.ts';
import type { Raster } from '../raster.ts';
import type { ImageReader, StoredImage } from '../reader.ts';
import { corruptImage, orCorrupt } from '../refusals.ts';
import { loadSharp } from '../sharp.ts';
import { hasText, startsWith } from '../signature.ts';
import { coloursLost, isOpaque, pickBands, requireColoursBeneath } from '../transparency.ts';
import { gifIsCovered } from './chunked-ends.ts';
import { JPEG_LS, jpegFrame } from './jpeg/frame.ts';
import { requireWholeJpeg } from './jpeg/whole.ts';
import { pngChunks } from './png-chunks.ts';
import { requireEntries, storedPalette, withEarlyExif } from './png-unseen.ts';

/** Names of libvips for what this reader takes. */
const colours: Readonly<Record<string, string>> = {
  srgb: 'rgb',
  rgb: 'rgb',
  rgb16: 'rgb',
  'b-w': 'grey',
  grey16: 'grey',
};

const isPng = startsWith('\x89PNG');
const isJpeg = startsWith('\xff\xd8\xff');
const isGif = startsWith('GIF8');
const isWebp = (bytes: Uint8Array): boolean => hasText(bytes, 0, 'RIFF') && hasText(bytes, 8, 'WEBP');

/** Whether a PNG of grey or colour names one value that is transparent: its pixels have a known colour, and are not touched. */
const hasColourKey = (bytes: Uint8Array): boolean => isPng(bytes) && (bytes[25] === 0 || bytes[25] === 2);

/**
 * Pictures in a PNG, which the decoder does not look at: as many as its acTL chunk says, or its own and one for each frame (fcTL) whose pixels
 * are in fdAT chunks.
 */
function pngFrames(bytes: Uint8Array): number {
  let stated = 1;
  let frames = 1;
  let own = true;
  for (const { type, data } of pngChunks(bytes)) {
    if (type === 'acTL' && data.length >= 4) stated = new DataView(data.buffer, data.byteOffset).getUint32(0);
    else if (type === 'fcTL') own = true;
    else if (type === 'fdAT') {
      if (own) frames++;
      own = false;
    }
  }
  return Math.max(stated, frames);
}

/** What a JPEG is whose pixels the decoder does not read, or of which it does not say that some are missing; undefined for the others. */
function rareJpeg(bytes: Uint8Array): string | undefined {
  const frame = jpegFrame(bytes);
  if (frame === undefined) return undefined;
  if (frame.process === JPEG_LS) return 'JPEG-LS';
  if (frame.process % 8 === 3) return 'a lossless JPEG';
  if (frame.process % 8 > 3) return 'a hierarchical JPEG';
  if (frame.bits !== 8) return `a ${frame.bits}-bit JPEG`;
  // T.81 lets a decoder go on with zeros where arithmetic codes end
  return frame.process > 8
    ? 'a JPEG by arithmetic codes, whose end does not tell whether pixels are missing'
    : undefined;
}

function refuseRareJpeg(bytes: Uint8Array, subject: string): void {
  const kind = rareJpeg(bytes);
  if (kind === undefined) return;
  throw new FelfriError(
    'IMAGE_FORMAT',
    `${subject}: ${kind}; felfri reads JPEG of 8 bits, baseline or progressive, by Huffman codes: export it as PNG or TIFF without loss`,
    { subject },
  );
}

async function header(given: Uint8Array, subject: string): Promise<StoredImage> {
  const bytes = withEarlyExif(given);
  if (isJpeg(bytes)) refuseRareJpeg(bytes, subject);
  const sharp = await loadSharp();
  const found = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw corruptImage(subject, error);
    });
  const { width, height, channels, depth, space, hasAlpha, orientation = 1 } = found;
  const transparency = hasAlpha ? 1 : 0;
  const frames = isPng(bytes) ? pngFrames(bytes) : (found.pages ?? 1);
  return {
    width,
    height,
    bands: channels - transparency,
    transparency,
    sample: depth === 'ushort' ? 'uint16' : 'uint8',
    largest: depth === 'ushort' ? null : 255,
    colour: colours[space] ?? space,
    frames,
    ...(orientation > 4 && orientation < 9 && { turned: true }),
  };
}

/** What decoding gives, of a JPEG whose scans hold the picture that its frame states: they are gone through while another thread decodes. */
async function withWholeScans<T>(bytes: Uint8Array, subject: string, decoded: Promise<T>): Promise<T> {
  const [decoding, whole] = await Promise.allSettled([
    decoded,
    (async () => orCorrupt(subject, () => requireWholeJpeg(bytes)))(),
  ]);
  if (decoding.status === 'rejected') throw decoding.reason;
  if (whole.status === 'rejected') throw whole.reason;
  return decoding.value;
}

interface SharpOptions {
  /** Which one or three channels of 16 bits; three of 8 unless told. */
  readonly deep?: 'grey16' | 'rgb16' | undefined;
  /** Whether the colours beneath a band of transparency may be lost. */
  readonly mayLack?: boolean;
}

/**
 * The upright pixels of what libvips reads, without transparency. Damage that a decoder merely warns of is an error.
 * Throws IMAGE_CORRUPT, and IMAGE_TRANSPARENT where colours are lost.
 */
export async function sharpPixels(given: Uint8Array, subject: string, options: SharpOptions = {}): Promise<Raster> {
  const bytes = withEarlyExif(given);
  const { deep, mayLack = false } = options;
  const sharp = await loadSharp();
  const upright = sharp(bytes, { failOn: 'warning', limitInputPixels: false, ignoreIcc: true }).autoOrient();
  const decoded = (mayLack ? upright : upright.removeAlpha())
    .toColourspace(deep ?? 'srgb')
    .raw(deep ? { depth: 'ushort' } : {})
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw corruptImage(subject, error);
    });
  const { data, info } = await (isJpeg(bytes) ? withWholeScans(bytes, subject, decoded) : decoded);
  const { width, height, channels } = info;
  const values = deep
    ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
    : new Uint8Array(data.buffer, data.byteOffset, data.length);
  const raster = { width, height, bands: channels, data: values };
  if (!mayLack) return raster;
  requireColoursBeneath(raster, subject, deep ? 65_535 : 255);
  return pickBands(raster, [...Array(channels - 1).keys()]);
}

/**
 * Writers of WebP put beneath transparent pixels whatever takes fewest bytes, unless told to be exact: also what looks like a surface. Nothing in
 * the file tells which it was.
 */
async function refuseTransparentWebp(bytes: Uint8Array, subject: string): Promise<void> {
  const sharp = await loadSharp();
  const { channels } = await sharp(bytes, { failOn: 'warning', limitInputPixels: false })
    .stats()
    .catch((error: unknown) => {
      throw corruptImage(subject, error);
    });
  if (channels.at(-1)!.min === 0) throw coloursLost(subject, 'writers of WebP change colours beneath them');
}

async function refuseBeyondPalette(bytes: Uint8Array, subject: string): Promise<void> {
  const palette = storedPalette(bytes);
  if (!palette?.isShort) return;
  const { data } = await sharpPixels(palette.numbered, subject);
  requireEntries(data, Math.floor(palette.colours.length / 3), subject);
}

/** libvips reads only what the smaller image needs (of a JPEG), or a few lines at a time. */
async function shrunkPixels(given: Uint8Array, subject: string, longest: number): Promise<Raster> {
  const bytes = withEarlyExif(given);
  const sharp = await loadSharp();
  const { data, info } = await sharp(bytes, {
    failOn: 'warning',
    limitInputPixels: false,
    ignoreIcc: true,
    sequentialRead: true,
  })
    .autoOrient()
    .resize({ width: longest, height: longest, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw corruptImage(subject, error);
    });
  return { width: info.width, height: info.height, bands: info.channels, data: new Uint8Array(data) };
}

/** A decoder gives black for a GIF's transparent pixels, whatever the palette says, and where its picture does not cover the screen. */
async function gifPixels(bytes: Uint8Array, subject: string): Promise<Raster> {
  if (!gifIsCovered(bytes)) throw coloursLost(subject, 'its picture does not cover all of it');
  const sharp = await loadSharp();
  const { data, info } = await sharp(bytes, { failOn: 'warning', limitInputPixels: false })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw corruptImage(subject, error);
    });
  const raster = { width: info.width, height: info.height, bands: 4, data };
  if (!isOpaque(raster, 3, 255)) throw coloursLost(subject, 'a GIF keeps no colour for them');
  return pickBands(raster, [0, 1, 2]);
}

export const sharpReader: ImageReader = {
  header,
  shrunk: shrunkPixels,
  async pixels(bytes, subject, { sample, bands, transparency }) {
    if (isGif(bytes)) return gifPixels(bytes, subject);
    await refuseBeyondPalette(bytes, subject);
    if (isWebp(bytes) && transparency > 0) await refuseTransparentWebp(bytes, subject);
    const deep = sample === 'uint8' ? undefined : bands === 1 ? 'grey16' : 'rgb16';
    return sharpPixels(bytes, subject, { deep, mayLack: transparency > 0 && !hasColourKey(bytes) });
  },
};
