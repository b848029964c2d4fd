/** Images written: as PNG to keep, as WebP to look at. */
import { writeFileAtomic } from '../../core/files.ts';
import { encodeNpy } from './npy.ts';
import type { Image, Pixels } from './raster.ts';
import { loadSharp } from './sharp.ts';

/** PNG bytes of an image, grey as one channel. */
export async function encodePng(image: Image): Promise<Uint8Array> {
  const { width, height, channels, data } = image;
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toBuffer();
}

/** An image in a file that keeps every value: PNG of 8 bits, else a NumPy array; with the ending of its name. */
export async function encodeLossless(image: Image<Pixels>): Promise<{ ending: '.png' | '.npy'; bytes: Uint8Array }> {
  const { width, height, channels, data } = image;
  if (data instanceof Uint8Array) return { ending: '.png', bytes: await encodePng({ width, height, channels, data }) };
  return { ending: '.npy', bytes: encodeNpy(data, [height, width, channels]) };
}

/** A WebP to look at rather than to measure, but where it is `exact`: shrunk until no side is longer than `longest` pixels. */
export async function encodePreview(image: Image, longest: number, exact = false): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, channels, data } = image;
  const sharp = await loadSharp();
  const webp = await sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
    .resize({ width: longest, height: longest, fit: 'inside', withoutEnlargement: true })
    .webp(exact ? { lossless: true, effort: 1 } : { quality: 85 })
    .toBuffer();
  return new Uint8Array(webp);
}

/** Writes an image as PNG, whole or not at all. */
export async function writePng(path: string, image: Image): Promise<void> {
  await writeFileAtomic(path, await encodePng(image));
}
