/** Grey values of an image. Imports nothing that computes, so that a browser may use it. */
import type { Image } from './raster.ts';

/** Grey from RGB as Pillow converts to 'L': (19595 R + 38470 G + 7471 B + 0x8000) >> 16. A grey image is returned as it is. */
export function toGrey(image: Image): Image {
  if (image.channels === 1) return image;
  const { width, height, data } = image;
  const grey = new Uint8Array(width * height);
  for (let i = 0, j = 0; i < grey.length; i++, j += 3) {
    grey[i] = (data[j]! * 19595 + data[j + 1]! * 38470 + data[j + 2]! * 7471 + 0x8000) >> 16;
  }
  return { width, height, channels: 1, data: grey };
}
