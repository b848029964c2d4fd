/** A smaller copy of an image that is in memory, to look at. */
import type { Image } from './raster.ts';
import { loadSharp } from './sharp.ts';

/** No side is longer than `longest` pixels. */
export async function shrink({ width, height, channels, data }: Image, longest: number): Promise<Image> {
  const sharp = await loadSharp();
  const small = await sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
    .resize({ width: longest, height: longest, fit: 'inside', withoutEnlargement: true })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: small.info.width, height: small.info.height, channels, data: new Uint8Array(small.data) };
}
