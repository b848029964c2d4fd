/** Masks as felfri writes them: PNG of 8 bits, 0 and 255, which says itself that it is upright. */
import { loadSharp } from '../image/sharp.ts';

/** 1 where defect, 0 elsewhere; height x width. */
interface UprightMask {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/**
 * PNG bytes. The stated orientation tells a reader that the mask is of the photograph as it is shown, also where that is square and
 * turned by its own.
 */
export async function encodeMask({ width, height, pixels }: UprightMask): Promise<Uint8Array> {
  const sharp = await loadSharp();
  return sharp(
    pixels.map((pixel) => (pixel ? 255 : 0)),
    { raw: { width, height, channels: 1 }, limitInputPixels: false },
  )
    .toColourspace('b-w')
    .withExif({ IFD0: { Orientation: '1' } })
    .png()
    .toBuffer();
}
