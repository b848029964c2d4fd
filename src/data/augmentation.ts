/**
 * Random views of a training image: flips, turns, scales and shifts, as one affine map for image and mask alike. Sampled from the
 * whole image, so that a turned patch shows what lies beside it, and mirrored at the image's edge.
 */
import type { Random } from '../core/random.ts';

export interface AugmentationOptions {
  /** Mirror left and right, with probability one half. */
  readonly flipHorizontal: boolean;
  /** Mirror top and bottom, with probability one half. */
  readonly flipVertical: boolean;
  /** Largest turn either way, in degrees. */
  readonly rotation: number;
  /** Largest change of scale: 0.1 is 0.9 to 1.1. */
  readonly scaling: number;
  /** Largest shift along each axis, as a part of the patch. */
  readonly translation: number;
  /** Largest change of the grey value, which runs from 0 to 1. */
  readonly brightness: number;
  /** Largest relative change of the distance from the patch's mean grey value. */
  readonly contrast: number;
}

/** The augmentation of Viberg et al.; they list no change of brightness or contrast. */
export const paperAugmentation: AugmentationOptions = {
  flipHorizontal: true,
  flipVertical: true,
  rotation: 10,
  scaling: 0.1,
  translation: 0.1,
  brightness: 0,
  contrast: 0,
};

/** Leaves every patch as it is. */
export const noAugmentation: AugmentationOptions = {
  ...paperAugmentation,
  flipHorizontal: false,
  flipVertical: false,
  rotation: 0,
  scaling: 0,
  translation: 0,
};

/** A patch of an image: size in pixels, and the upper left corner. */
export interface PatchRegion {
  readonly height: number;
  readonly width: number;
  readonly x: number;
  readonly y: number;
}

export interface AugmentedPatch {
  /** Grey 0..1, height x width. */
  readonly image: Float32Array<ArrayBuffer>;
  /** 0 or 1, height x width. */
  readonly mask: Float32Array<ArrayBuffer>;
}

/**
 * One random view of a patch. Bilinear for the image, nearest for the mask. Takes the same numbers from `random` whatever the
 * options; options of zero give the plain crop.
 *
 * @param image grey, height x width: Float32Array in 0..1, or Uint8Array in 0..255
 * @param mask 1 where defect, height x width; undefined when nothing is
 * @param into where to write, each height x width of the patch; fresh arrays unless given
 */
export function augment(
  image: Float32Array | Uint8Array,
  mask: Uint8Array | undefined,
  size: { readonly width: number; readonly height: number },
  patch: PatchRegion,
  random: Random,
  options: AugmentationOptions,
  into: AugmentedPatch = emptyPatch(patch),
): AugmentedPatch {
  const { width, height } = size;
  const map = drawMap(patch, random, options);
  const unit = image instanceof Uint8Array ? 255 : 1;
  for (let i = 0, at = 0; i < patch.height; i++) {
    for (let j = 0; j < patch.width; j++, at++) {
      const x = mirrored(map.xx * j + map.xy * i + map.x, width);
      const y = mirrored(map.yx * j + map.yy * i + map.y, height);
      const left = Math.floor(x);
      const above = Math.floor(y);
      const right = left + 1 < width ? left + 1 : left;
      const below = above + 1 < height ? above + 1 : above;
      const u = x - left;
      const v = y - above;
      const upper = image[above * width + left]! * (1 - u) + image[above * width + right]! * u;
      const lower = image[below * width + left]! * (1 - u) + image[below * width + right]! * u;
      into.image[at] = (upper * (1 - v) + lower * v) / unit;
      into.mask[at] = mask === undefined ? 0 : mask[(v < 0.5 ? above : below) * width + (u < 0.5 ? left : right)]!;
    }
  }
  relight(into.image, random, options);
  return into;
}

const emptyPatch = ({ width, height }: PatchRegion): AugmentedPatch => ({
  image: new Float32Array(width * height),
  mask: new Float32Array(width * height),
});

/** From a patch's column j and row i to the image: x = xx j + xy i + x0, and y likewise. */
interface AffineMap {
  readonly xx: number;
  readonly xy: number;
  readonly x: number;
  readonly yx: number;
  readonly yy: number;
  readonly y: number;
}

function drawMap(patch: PatchRegion, random: Random, options: AugmentationOptions): AffineMap {
  const { rotation, scaling, translation } = options;
  const either = (flip: boolean): number => (random.next() < 0.5 && flip ? -1 : 1);
  const around = (most: number): number => random.uniform(-1, 1) * most;
  const [flipX, flipY] = [either(options.flipHorizontal), either(options.flipVertical)];
  const angle = (around(rotation) * Math.PI) / 180;
  // sampling from closer together shows things larger
  const step = 1 / (1 + around(scaling));
  const [cos, sin] = [Math.cos(angle) * step, Math.sin(angle) * step];
  const centre = { x: (patch.width - 1) / 2, y: (patch.height - 1) / 2 };
  const target = {
    x: patch.x + centre.x + around(translation) * patch.width,
    y: patch.y + centre.y + around(translation) * patch.height,
  };
  const [xx, xy, yx, yy] = [cos * flipX, -sin * flipY, sin * flipX, cos * flipY];
  return {
    ...{ xx, xy, yx, yy },
    x: target.x - xx * centre.x - xy * centre.y,
    y: target.y - yx * centre.x - yy * centre.y,
  };
}

/** A coordinate beyond 0..n-1 mirrored back; the mirror stands at the outer edge of the outermost pixel. */
function mirrored(at: number, n: number): number {
  if (at >= 0 && at <= n - 1) return at;
  const turn = 2 * n;
  let from = (at + 0.5) % turn;
  if (from < 0) from += turn;
  if (from > n) from = turn - from;
  return Math.min(Math.max(from - 0.5, 0), n - 1);
}

/** Changes brightness and contrast in place, and clips to 0..1 where that was asked for. */
function relight(image: Float32Array, random: Random, { brightness, contrast }: AugmentationOptions): void {
  const lift = random.uniform(-1, 1) * brightness;
  const gain = 1 + random.uniform(-1, 1) * contrast;
  if (lift === 0 && gain === 1) return;
  const mean = image.reduce((sum, v) => sum + v, 0) / image.length;
  for (let i = 0; i < image.length; i++) {
    image[i] = Math.min(Math.max((image[i]! - mean) * gain + mean + lift, 0), 1);
  }
}
