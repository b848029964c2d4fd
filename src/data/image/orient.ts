/** Turning a raster upright by its EXIF or TIFF orientation. */
import { emptyLike, type Pixels, type Raster } from './raster.ts';

/** By orientation 1 to 8: whether rows and columns change places, and then which of them run backwards. */
const turns: Readonly<Record<number, readonly [swap: boolean, backRows: boolean, backColumns: boolean]>> = {
  2: [false, false, true],
  3: [false, true, true],
  4: [false, true, false],
  5: [true, false, false],
  6: [true, false, true],
  7: [true, true, true],
  8: [true, true, false],
};

/** The raster as it is meant to be seen; itself for orientation 1 and for numbers that are none. */
export function upright<P extends Pixels>(raster: Raster<P>, orientation: number): Raster<P> {
  const turn = turns[orientation];
  if (!turn) return raster;
  const [swap, backRows, backColumns] = turn;
  const { bands, data } = raster;
  const [width, height] = swap ? [raster.height, raster.width] : [raster.width, raster.height];
  const out = emptyLike(data, data.length);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const row = backRows ? height - 1 - y : y;
      const column = backColumns ? width - 1 - x : x;
      const from = (swap ? column * raster.width + row : row * raster.width + column) * bands;
      for (let b = 0; b < bands; b++) out[at++] = data[from + b]!;
    }
  }
  return { width, height, bands, data: out };
}
