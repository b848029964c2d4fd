/** Colours of a Bayer mosaic: what a pixel lacks is the mean of its neighbours that have it. */
import { emptyLike, type Raster } from '../raster.ts';
import type { Mosaic } from './pixel-formats.ts';

/** Where red is among the first two lines and columns of a mosaic; blue is diagonally from it, green is the rest. */
const redAt: Readonly<Record<Mosaic, readonly [x: number, y: number]>> = {
  RG: [0, 0],
  GR: [1, 0],
  GB: [0, 1],
  BG: [1, 1],
};

/**
 * RGB of a mosaic of at least 2 x 2 pixels, bilinear: of a colour that a pixel lacks, the mean of the two or four nearest that have it,
 * rounded, half upward. Beyond the border the image is mirrored at its outermost pixels, which keeps the mosaic's pattern.
 */
export function demosaic<P extends Uint8Array | Uint16Array>(
  { width, height, data }: Omit<Raster<P>, 'bands'>,
  mosaic: Mosaic,
): Raster<P> {
  const out = emptyLike(data, data.length * 3);
  const [redX, redY] = redAt[mosaic];
  for (let y = 0; y < height; y++) {
    const here = y * width;
    const above = (y === 0 ? 1 : y - 1) * width;
    const below = (y === height - 1 ? height - 2 : y + 1) * width;
    // of this line's colours other than green: red is band 0, blue is band 2
    const own = (y & 1) === redY ? 0 : 2;
    const greenX = own === 0 ? 1 - redX : redX;
    for (let x = 0; x < width; x++) {
      const left = x === 0 ? 1 : x - 1;
      const right = x === width - 1 ? width - 2 : x + 1;
      const beside = data[here + left]! + data[here + right]!;
      const upright = data[above + x]! + data[below + x]!;
      const at = 3 * (here + x);
      if ((x & 1) === greenX) {
        out[at + own] = (beside + 1) >> 1;
        out[at + 1] = data[here + x]!;
        out[at + 2 - own] = (upright + 1) >> 1;
      } else {
        const diagonal = data[above + left]! + data[above + right]! + data[below + left]! + data[below + right]!;
        out[at + own] = data[here + x]!;
        out[at + 1] = (beside + upright + 2) >> 2;
        out[at + 2 - own] = (diagonal + 2) >> 2;
      }
    }
  }
  return { width, height, bands: 3, data: out };
}
