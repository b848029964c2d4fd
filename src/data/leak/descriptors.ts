/**
 * A few hundred numbers an image by which near copies are looked for: local contrast of a very small picture, less what
 * is typical of the set, so that the shape that all parts share does not make them alike.
 */
import { localContrast, logarithm, type Plane, reduce } from './contrast.ts';
import type { Thumbnail } from './thumbnails.ts';

/** Thumbnail pixels along a descriptor's pixel: 16 of these span the usual thumbnail. */
export const REDUCTION = 12;
const RADIUS = 2;
/** Contrasts in logarithm are clipped here, so that a glare does not rule. */
const LARGEST = 0.5;
/** Images from which on a set has something typical. */
const FEW = 10;

/** Descriptors of a set, all [height, width] of the usual image, centred; all zero for an image that was not read. */
export interface Descriptors {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly Float64Array[];
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 1;

function smallPlane(thumbnail: Thumbnail): Plane {
  return localContrast(reduce(logarithm(thumbnail), REDUCTION), RADIUS);
}

/** Content moved by (dx, dy), zero where nothing comes in. */
export function moved(plane: Float64Array, width: number, height: number, dx: number, dy: number): Float64Array {
  const result = new Float64Array(plane.length);
  for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
    for (let x = Math.max(0, -dx); x < Math.min(width, width - dx); x++) {
      result[(y + dy) * width + x + dx] = plane[y * width + x]!;
    }
  }
  return result;
}

function onCanvas(plane: Plane, width: number, height: number): Float64Array {
  const result = new Float64Array(width * height);
  const left = Math.floor((width - plane.width) / 2);
  const top = Math.floor((height - plane.height) / 2);
  for (let y = Math.max(0, top); y < Math.min(height, top + plane.height); y++) {
    for (let x = Math.max(0, left); x < Math.min(width, left + plane.width); x++) {
      const value = plane.data[(y - top) * plane.width + x - left]!;
      result[y * width + x] = Math.max(-LARGEST, Math.min(LARGEST, value));
    }
  }
  return result;
}

/** Scales to length 1, in place; a plane without content stays zero. */
function normalise(plane: Float64Array): void {
  const norm = Math.sqrt(plane.reduce((sum, v) => sum + v * v, 0));
  if (norm > 1e-6) for (let i = 0; i < plane.length; i++) plane[i]! /= norm;
  else plane.fill(0);
}

/** Describes a set. Each pixel is measured by how it deviates from the set's mean there, in the set's deviations. */
export function describeSet(thumbnails: readonly (Thumbnail | undefined)[]): Descriptors {
  const small = thumbnails.map((thumbnail) => thumbnail && smallPlane(thumbnail));
  const read = small.filter((plane) => plane !== undefined);
  const width = median(read.map((plane) => plane.width));
  const height = median(read.map((plane) => plane.height));
  const sum = new Float64Array(width * height);
  const squares = new Float64Array(width * height);
  const planes = small.map((plane) => {
    if (!plane) return new Float64Array(width * height);
    const own = onCanvas(plane, width, height);
    normalise(own);
    for (let i = 0; i < own.length; i++) {
      sum[i]! += own[i]!;
      squares[i]! += own[i]! * own[i]!;
    }
    return own;
  });
  // of a few images the mean would be the images themselves
  if (read.length >= FEW) {
    const n = read.length;
    const deviations = sum.map((s, i) => Math.sqrt(Math.max(0, squares[i]! / n - (s / n) ** 2)));
    const floor = 0.2 * Math.sqrt(deviations.reduce((total, d) => total + d * d, 0) / deviations.length) + 1e-9;
    for (const [k, plane] of planes.entries()) {
      if (!small[k]) continue;
      for (let i = 0; i < plane.length; i++) plane[i] = (plane[i]! - sum[i]! / n) / (deviations[i]! + floor);
      normalise(plane);
    }
  }
  return { width, height, planes };
}
