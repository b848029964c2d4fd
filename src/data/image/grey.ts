/** Grey values of an image. Imports nothing that computes, so that a browser may use it. */
import { emptyLike, type Image, type Pixels } from './raster.ts';

/**
 * Grey from RGB as Pillow converts to 'L': (19595 R + 38470 G + 7471 B + 0x8000) >> 16, whole numbers rounded likewise at any depth and
 * float ones not. A grey image is returned as it is.
 */
export function toGrey<P extends Pixels>(image: Image<P>): Image<P> {
  if (image.channels === 1) return image;
  const { width, height, data } = image;
  const grey = emptyLike(data, width * height);
  const half = data instanceof Float32Array ? 0 : 0x8000;
  for (let i = 0, j = 0; i < grey.length; i++, j += 3) {
    // whole numbers are cut off by the array
    grey[i] = (data[j]! * 19595 + data[j + 1]! * 38470 + data[j + 2]! * 7471 + half) / 65536;
  }
  return { width, height, channels: 1, data: grey };
}
