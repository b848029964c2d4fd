/** The patches of a canvas, and the weights with which their maps are blended into one. */
import { patchOrigins } from '../../data/patches.ts';
import { requireSides } from '../canvas-sides.ts';
import { unetStride } from './paper.ts';

/** Pixels. */
export interface PatchSize {
  readonly height: number;
  readonly width: number;
}

/**
 * The patch that a canvas is cut into: square, but no longer than the canvas is along either axis.
 * Throws OPTION_INVALID when that gives a side that is no multiple of the stride, 16 unless told.
 */
export function patchSize(canvas: PatchSize, patch: number, stride = unetStride): PatchSize {
  const size = { height: Math.min(patch, canvas.height), width: Math.min(patch, canvas.width) };
  const what = `a patch (of ${patch}, on a canvas of ${canvas.height} x ${canvas.width})`;
  requireSides(size, stride, { what, on: 'such a U-Net', subject: 'patch' });
  return size;
}

/** Patches along one axis: where each starts, and its share of every pixel. */
export interface PatchAxis {
  readonly origins: readonly number[];
  /** For each origin, weights of its `patch` pixels; over all patches the weights of a pixel add up to 1. */
  readonly shares: readonly Float32Array<ArrayBuffer>[];
}

/**
 * Patches of an axis with their blending weights: a raised cosine sampled between pixels, so that it is nowhere zero, divided by
 * the sum of the windows at each pixel. Along two axes the weights multiply.
 */
export function patchAxis(length: number, patch: number, overlap: number): PatchAxis {
  const origins = patchOrigins(length, patch, overlap);
  const window = Array.from({ length: patch }, (_, i) => Math.sin((Math.PI * (i + 0.5)) / patch) ** 2);
  const total = new Float64Array(length);
  for (const origin of origins) for (const [i, weight] of window.entries()) total[origin + i]! += weight;
  const shares = origins.map((origin) => Float32Array.from(window, (weight, i) => weight / total[origin + i]!));
  return { origins, shares };
}
