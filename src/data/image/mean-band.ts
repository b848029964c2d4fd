/** The bands of an image as one. */
import { emptyLike, type Pixels, type Raster } from './raster.ts';

/** The mean of all bands, rounded where values are whole numbers. */
export function meanBand<P extends Pixels>({ width, height, bands, data }: Raster<P>): Raster<P> {
  const out = emptyLike(data, width * height);
  const half = data instanceof Float32Array ? 0 : 0.5;
  for (let i = 0, at = 0; i < out.length; i++) {
    let sum = 0;
    for (let band = 0; band < bands; band++) sum += data[at++]!;
    // whole numbers are cut off by the array
    out[i] = sum / bands + half;
  }
  return { width, height, bands: 1, data: out };
}
