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

/**
 * Throws IMAGE_TRANSPARENT where all wholly transparent pixels have one colour: programs that drop what nobody sees leave black, white, their
 * background or the one entry of a reduced palette, and a defect may have been there. Of a colour other than black and white, a single such pixel
 * tells nothing, and neither does a picture that is transparent as a whole: it shows nothing. `largest` is the value of white; the last band is the transparency.
 */
export function requireColoursBeneath({ data, bands }: Raster, subject: string, largest: number): void {
  let first: number | undefined;
  let count = 0;
  for (let at = bands - 1; at < data.length; at += bands) {
    if (data[at] !== 0) continue;
    count++;
    first ??= at;
    for (let band = 1; band < bands; band++) if (data[at - band] !== data[first - band]) return;
  }
  if (first === undefined) return;
  const all = (value: number): boolean => data.subarray(first - bands + 1, first).every((other) => other === value);
  if (all(0) || all(largest) || (count > 1 && count * bands < data.length))
    throw coloursLost(subject, 'all of these have one colour, as programs leave it that erase what is unseen');
}

/** The error for pixels whose colours are lost where they are transparent. */
export function coloursLost(subject: string, why: string): FelfriError {
  return new FelfriError(
    'IMAGE_TRANSPARENT',
    `${subject}: some pixels are transparent, and ${why}, so what the camera saw there is lost; export it without transparency`,
    { subject },
  );
}
