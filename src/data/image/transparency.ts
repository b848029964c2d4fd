/** What becomes of transparency: it is left aside, and colours count as the camera wrote them, unless they are lost. */
import { FelfriError } from '../../core/errors.ts';
import { emptyLike, type Pixels, type Raster } from './raster.ts';

/** Whether a band holds the largest value everywhere. */
export function isOpaque({ data, bands }: Raster, band: number, opaque: number): boolean {
  for (let i = band; i < data.length; i += bands) if (data[i] !== opaque) return false;
  return true;
}

/** The given bands of a raster, in their order; the raster itself when these are all. */
export function pickBands<P extends Pixels>(raster: Raster<P>, picked: readonly number[]): Raster<P> {
  const { width, height, bands, data } = raster;
  if (picked.length === bands && picked.every((band, i) => band === i)) return raster;
  const out = emptyLike(data, width * height * picked.length);
  for (let i = 0, at = 0; i < data.length; i += bands) {
    for (const band of picked) out[at++] = data[i + band]!;
  }
  return { width, height, bands: picked.length, data: out };
}

/** The error for pixels whose colours are lost where they are transparent. */
export function coloursLost(subject: string, why: string): FelfriError {
  return new FelfriError(
    'IMAGE_TRANSPARENT',
    `${subject}: some pixels are transparent, and ${why}, so what the camera saw there is lost; export it without transparency`,
    { subject },
  );
}
