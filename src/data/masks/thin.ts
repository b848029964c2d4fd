/**
 * Hairlines on a smaller canvas. A canvas pixel is defect where half of it or more is; of a scratch 1 pixel wide that would
 * leave nothing, and its image would be learned as a good one.
 */

interface Size {
  readonly width: number;
  readonly height: number;
}

interface OnCanvas {
  /** Pixels along a row of the canvas. */
  readonly width: number;
  /** The part from the upper left that shows the image. */
  readonly shown: Size;
}

/** Whether a pixel is set in the 3 x 3 around (x, y) within the shown part. */
function isNear(fitted: Uint8Array, { width, shown }: OnCanvas, x: number, y: number): boolean {
  for (let v = Math.max(0, y - 1); v <= Math.min(shown.height - 1, y + 1); v++) {
    for (let u = Math.max(0, x - 1); u <= Math.min(shown.width - 1, x + 1); u++) {
      if (fitted[v * width + u]) return true;
    }
  }
  return false;
}

/**
 * The mask on the canvas with what the half rule lost: a canvas pixel that a marked pixel falls on, none of whose neighbours is
 * defect by that rule. The outlines of wider defects stay as they were.
 *
 * @param mask 1 where defect, of the `image`'s size
 * @param fitted the same on the canvas by the half rule
 */
export function keepThin(mask: Uint8Array, image: Size, fitted: Uint8Array, canvas: OnCanvas): Uint8Array {
  const { width, shown } = canvas;
  const kept = Uint8Array.from(fitted);
  for (let y = 0, at = 0; y < image.height; y++) {
    const v = Math.min(shown.height - 1, Math.floor(((y + 0.5) * shown.height) / image.height));
    for (let x = 0; x < image.width; x++, at++) {
      if (!mask[at]) continue;
      const u = Math.min(shown.width - 1, Math.floor(((x + 0.5) * shown.width) / image.width));
      if (!kept[v * width + u] && !isNear(fitted, canvas, u, v)) kept[v * width + u] = 1;
    }
  }
  return kept;
}
