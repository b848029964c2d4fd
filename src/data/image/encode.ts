/** Images written: as PNG to keep, as WebP to look at. */
import { writeFileAtomic } from '../../core/files.ts';
import type { Image } from './raster.ts';
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

/** A WebP to look at rather than to measure: shrunk until no side is longer than `longest` pixels. */
export async function encodePreview(image: Image, longest: number): Promise<Uint8Array> {
  const { width, height, channels, data } = image;
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
    .resize({ width: longest, height: longest, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 85 })
    .toBuffer();
}

/** Writes an image as PNG, whole or not at all. */
export async function writePng(path: string, image: Image): Promise<void> {
  await writeFileAtomic(path, await encodePng(image));
}
