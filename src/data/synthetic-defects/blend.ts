/** What every synthetic defect is: another texture, laid over a patch with an opacity at each pixel. */

/** A patch of a good image, grey 0..1, row by row. */
export interface Surface {
  readonly height: number;
  readonly width: number;
  readonly image: Float32Array;
  /** 1 where the image is, 0 in padding; everything unless given. */
  readonly shown?: Float32Array;
}

/** Height x width each: what is laid over, and how opaque, 0..1. */
export interface Overlay {
  readonly texture: Float32Array;
  readonly opacity: Float32Array;
}

/** Opacities below this are taken for none, so that the mask has a border and nothing beyond it is changed. */
const FAINTEST = 0.1;

/** Mean change of the masked pixels, grey 0..1, below which a defect could not be told from good surface. */
const LEAST_CHANGE = 0.03;

/** Largest share of the surface that a defect covers; more would be another surface. */
const LARGEST_SHARE = 0.5;

/** Pixels of the smallest defect. */
const FEWEST_PIXELS = 4;

/**
 * Lays `overlay` over the surface, in place, and writes its mask: 1 exactly at the pixels that it covers. Changes nothing, and gives
 * false, when the defect would be too faint, too small or too large to learn from.
 */
export function layOver(surface: Surface, overlay: Overlay, mask: Float32Array): boolean {
  const { image, shown } = surface;
  const blended = new Float32Array(image.length);
  let pixels = 0;
  let change = 0;
  for (let i = 0; i < image.length; i++) {
    const opacity = shown?.[i] === 0 || overlay.opacity[i]! < FAINTEST ? 0 : overlay.opacity[i]!;
    const covered = image[i]! + opacity * (overlay.texture[i]! - image[i]!);
    blended[i] = opacity === 0 ? image[i]! : Math.min(1, Math.max(0, covered));
    if (opacity === 0) continue;
    pixels++;
    change += Math.abs(blended[i]! - image[i]!);
  }
  if (pixels < FEWEST_PIXELS || pixels > LARGEST_SHARE * image.length || change < LEAST_CHANGE * pixels) return false;
  for (let i = 0; i < image.length; i++) {
    mask[i] = shown?.[i] === 0 || overlay.opacity[i]! < FAINTEST ? 0 : 1;
  }
  image.set(blended);
  return true;
}
