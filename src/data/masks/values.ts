/** From the bytes of a mask's file to how strongly each pixel is marked, at the depth of the file. */
import type { Metadata } from 'sharp';
import { decodeImage } from '../image/decode.ts';
import { imageFormats } from '../image/formats.ts';
import { readImageHeader } from '../image/header.ts';
import type { FormatName } from '../image/reader.ts';
import { requireEntries, withEarlyExif } from '../image/readers/png-unseen.ts';
import { corruptImage } from '../image/refusals.ts';
import { loadSharp } from '../image/sharp.ts';
import { isLossy } from './lossy.ts';
import { type Colour, palettePng, sameColour } from './palette.ts';
import type { MaskValues } from './rule.ts';

export interface MaskFile extends MaskValues {
  /** The EXIF orientation (1 to 8) that the file itself states; the values are upright already. */
  readonly orientation: number | undefined;
}

/** Samples as stored: colour channels, then alpha where there is one. */
interface Samples {
  readonly data: Uint8Array | Uint16Array | Float32Array;
  readonly channels: number;
  readonly hasAlpha: boolean;
}

/** The largest of the colour channels, so that pure blue is as much a mark as white is. */
function brightnessOf({ data, channels, hasAlpha }: Samples): MaskValues['values'] {
  const colours = hasAlpha ? channels - 1 : channels;
  const n = data.length / channels;
  const values = new (data.constructor as new (length: number) => MaskValues['values'])(n);
  for (let i = 0; i < n; i++) {
    let largest = 0;
    // NaN stays one, and is refused by the rule: it is no background
    for (let c = 0; c < colours; c++) largest = Math.max(largest, Math.abs(data[i * channels + c]!));
    values[i] = largest;
  }
  return values;
}

/** Whether colours number classes rather than shade one mark: several hues, or the steps of 32 that VOC's colours have. */
function areClassColours({ data, channels, hasAlpha }: Samples): boolean {
  if (!(data instanceof Uint8Array) || channels - (hasAlpha ? 1 : 0) < 3) return false;
  let hue: string | undefined;
  let hues = 0;
  let inSteps = true;
  let coloured = false;
  const met = new Set<number>();
  for (let at = 0; at < data.length; at += channels) {
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
    const key = (red << 16) | (green << 8) | blue;
    if (key === 0 || met.has(key)) continue;
    met.add(key);
    coloured ||= red !== green || green !== blue;
    inSteps &&= ((red | green | blue) & 31) === 0;
    const largest = Math.max(red, green, blue);
    // too dark ones have no hue to speak of
    const own = largest < 32 ? hue : [red, green, blue].map((v) => Math.round((8 * v) / largest)).join();
    if (own !== hue) hues++;
    hue = own;
  }
  return coloured && (hues > 1 || inSteps);
}

/**
 * Alpha says what is marked where it differs from pixel to pixel: by itself where every visible pixel is black (a brush on a
 * transparent layer), else together with the colour. A mark stays one however faint it is.
 */
function strengthsOf(samples: Samples): MaskValues['values'] {
  const { data, channels, hasAlpha } = samples;
  const values = brightnessOf(samples);
  if (!hasAlpha) return values;
  const alphaOf = (i: number): number => data[i * channels + channels - 1]!;
  let most = 0;
  let least = Number.POSITIVE_INFINITY;
  let blackOnly = true;
  for (let i = 0; i < values.length; i++) {
    const alpha = alphaOf(i);
    most = Math.max(most, alpha);
    least = Math.min(least, alpha);
    if (alpha > 0 && values[i]! > 0) blackOnly = false;
  }
  if (most === least) return values;
  for (let i = 0; i < values.length; i++) {
    const alpha = alphaOf(i);
    if (blackOnly) values[i] = alpha;
    else if (values[i]! > 0) values[i] = alpha === 0 ? 0 : Math.max(1, Math.round((values[i]! * alpha) / most));
  }
  return values;
}

/** Where the background's colour is stated, it alone is background: in Ground Truth's masks it is white. */
function otherThan({ data, channels }: Samples, background: Colour): Uint8Array {
  return Uint8Array.from({ length: data.length / channels }, (_, i) => {
    const at = i * channels;
    const [red, green = red, blue = red] = channels >= 3 ? [data[at]!, data[at + 1]!, data[at + 2]!] : [data[at]!];
    return sameColour([red, green, blue], background) ? 0 : 255;
  });
}

/** How strongly each pixel is marked. Colours of classes mark alike: no class is fainter than another. */
function marksOf(samples: Samples, background: Colour | undefined, lossy: boolean): MaskValues['values'] {
  if (background) return otherThan(samples, background);
  const strengths = strengthsOf(samples);
  return !lossy && areClassColours(samples) ? strengths.map((value) => (value > 0 ? 255 : 0)) : strengths;
}

type Depth = 'uchar' | 'ushort' | 'float';

async function decode(bytes: Uint8Array, subject: string, { channels, depth, hasAlpha }: Metadata) {
  const sharp = await loadSharp();
  // of grey, sharp drops the transparency
  const colour = hasAlpha || channels >= 3;
  const kind: Depth = depth === 'ushort' || depth === 'float' ? depth : 'uchar';
  const space = kind === 'ushort' ? (colour ? 'rgb16' : 'grey16') : colour ? 'srgb' : 'b-w';
  let pipeline = sharp(bytes, { failOn: 'error', limitInputPixels: false, ignoreIcc: true }).autoOrient();
  if (kind !== 'float') pipeline = pipeline.toColourspace(space);
  const { data, info } = await pipeline
    .raw({ depth: kind })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw corruptImage(subject, error);
    });
  const Type = { uchar: Uint8Array, ushort: Uint16Array, float: Float32Array }[kind];
  const own = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer;
  return {
    width: info.width,
    height: info.height,
    samples: { data: new Type(own), channels: info.channels, hasAlpha },
  };
}

async function decodePalette(
  bytes: Uint8Array,
  subject: string,
  background: Colour | undefined,
): Promise<MaskValues | undefined> {
  const palette = palettePng(bytes, background);
  if (!palette) return undefined;
  const { width, height, data } = await decodeImage(palette.numbered, subject, { channels: 1 });
  requireEntries(data, palette.strengths.length, subject);
  return { width, height, values: data.map((entry) => palette.strengths[entry]!), lossy: false };
}

/** Formats whose transparency and palettes sharp gives as they are. */
const sharpFormats: ReadonlySet<FormatName> = new Set<FormatName>(['jpeg', 'png', 'webp', 'gif']);

export interface MaskOptions {
  /** Most pixels that are decoded, 100 million unless told. */
  readonly maxPixels?: number | undefined;
  /** The background's colour, where the data set states one; what `rule.ts` says unless told. */
  readonly background?: Colour | undefined;
}

/**
 * Reads a mask's file. `subject` is the name that errors give it.
 * Throws the codes of `decodeImage` but IMAGE_DEPTH: every depth is read as it is.
 */
export async function decodeMask(given: Uint8Array, subject: string, options: MaskOptions = {}): Promise<MaskFile> {
  const bytes = withEarlyExif(given);
  const { maxPixels = 100_000_000, background } = options;
  const header = await readImageHeader(bytes, subject, maxPixels);
  const sharp = await loadSharp();
  const metadata = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  // what sharp gives of TIFF depends on its kind; transparency alone is its business, which other readers leave aside
  const bySharp = sharpFormats.has(header.format) || (header.format === 'tiff' && header.transparency > 0);
  if (metadata === undefined || !bySharp) {
    const reader = await imageFormats[header.format].reader();
    const { width, height, bands, data } = await reader.pixels(bytes, subject, header);
    const samples = { data, channels: bands, hasAlpha: false };
    const lossy = isLossy(bytes, header.format);
    return { width, height, values: marksOf(samples, background, lossy), lossy, orientation: metadata?.orientation };
  }
  const { orientation } = metadata;
  const palette = await decodePalette(bytes, subject, background);
  if (palette) return { ...palette, orientation };
  const { width, height, samples } = await decode(bytes, subject, metadata);
  const lossy = isLossy(bytes, metadata.format);
  return { width, height, values: marksOf(samples, background, lossy), lossy, orientation };
}
