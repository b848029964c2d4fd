/** Disturbances that the image library makes. */
import type { Sharp } from 'sharp';
import { loadSharp } from '../image/sharp.ts';
import { type DeepImage, mapped } from './unit-image.ts';

/** Does something with the pixels in 16 bits; the result has the sides that it says. */
async function bySharp(
  { width, height, channels, data }: DeepImage,
  work: (image: Sharp) => Sharp,
): Promise<DeepImage> {
  const sharp = await loadSharp();
  const input = sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
  const colours = channels === 1 ? 'grey16' : 'rgb16';
  const { data: bytes, info } = await work(input.pipelineColourspace(colours).toColourspace(colours))
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const values = new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return { width: info.width, height: info.height, channels, data: values };
}

/** Out of focus, as a Gaussian of so many pixels of standard deviation. By its default the library cuts one of 0.5 off to nothing. */
export const blurred = (image: DeepImage, sigma: number): Promise<DeepImage> =>
  bySharp(image, (sharp) => sharp.blur({ sigma, precision: 'float', minAmplitude: 0.01 }));

/** Stored by JPEG of such a quality, 1 to 100, with 8 bits. */
export async function throughJpeg(image: DeepImage, quality: number): Promise<DeepImage> {
  const { width, height, channels, data } = image;
  const sharp = await loadSharp();
  const bytes = Uint8Array.from(data, (v) => Math.round(v / 257));
  const jpeg = await sharp(bytes, { raw: { width, height, channels }, limitInputPixels: false })
    .jpeg({ quality })
    .toBuffer();
  const back = await sharp(jpeg, { limitInputPixels: false })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer();
  return mapped(image, (_, i) => back[i]! * 257);
}
