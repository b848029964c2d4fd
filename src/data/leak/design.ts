/**
 * What all parts of a set share: the mean of its pictures, laid over each other. Parts of one design under a fixed camera
 * are alike because of it; only what is left beside it can show that two pictures are of one part.
 */
import type { Breath } from './breath.ts';
import { type Plane, reduce } from './contrast.ts';
import { bestDisplacement, correlation, type Displacement } from './displacement.ts';
import { takeOut } from './taking-out.ts';

/** Pixels along a pixel of the pictures by which the place is first looked for, and how many of these are searched. */
const COARSE = 4;
const REACH = 5;
/** Pixels searched about it. */
const FINE_REACH = 3;
/** Correlation below which a picture does not show the design. */
export const SHOWN = 0.25;
/** Times that the mean is made anew from pictures laid on the one before. */
const ROUNDS = 3;
/** Pictures that must show a pixel before its deviation is known. */
const FEW = 4;

/** The common picture, and the weight of each of its pixels: low where parts deviate much, as along edges. */
export interface Design {
  readonly mean: Plane;
  readonly coarse: Plane;
  readonly weight: Float32Array;
  /** Correlation with the mean that all but a tenth of its own pictures reach. */
  readonly ordinary: number;
}

/** Where a picture lies on a design: pixel (x, y) on (x + dx, y + dy), and what they correlate there. */
export interface Placed extends Displacement {
  readonly value: number;
}

/** The best place of a picture on a design, and of its reduced picture. */
export function placeOnDesign(plane: Plane, { mean, coarse }: Pick<Design, 'mean' | 'coarse'>): Placed {
  const low = reduce(plane, COARSE);
  const centre = {
    dx: Math.round((coarse.width - low.width) / 2),
    dy: Math.round((coarse.height - low.height) / 2),
  };
  const found = bestDisplacement(low, coarse, centre, REACH);
  const fine = bestDisplacement(plane, mean, { dx: COARSE * found.dx, dy: COARSE * found.dy }, FINE_REACH, 3);
  return { ...fine, value: correlation(plane, mean, fine) };
}

const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Means of a value of each picture's pixels over a canvas, and how many pictures show a pixel. */
function meansOver(
  planes: readonly Plane[],
  places: readonly (Displacement | undefined)[],
  { width, height }: { width: number; height: number },
  measure: (value: number) => number,
): { means: Float32Array; counts: Float32Array } {
  const means = new Float32Array(width * height);
  const counts = new Float32Array(width * height);
  for (const [k, plane] of planes.entries()) {
    const place = places[k];
    if (!place) continue;
    const { dx, dy } = place;
    for (let y = Math.max(0, -dy); y < Math.min(plane.height, height - dy); y++) {
      for (let x = Math.max(0, -dx); x < Math.min(plane.width, width - dx); x++) {
        const i = (y + dy) * width + x + dx;
        means[i]! += measure(plane.data[y * plane.width + x]!);
        counts[i]!++;
      }
    }
  }
  for (let i = 0; i < means.length; i++) means[i]! /= Math.max(1, counts[i]!);
  return { means, counts };
}

/** Weights that leave pixels of usual deviation as they are and hold down those of more. */
function weightsFrom(squares: Float32Array, counts: Float32Array): Float32Array {
  const known = [...squares].filter((_, i) => counts[i]! >= FEW).map(Math.sqrt);
  const usual = middle(known) + 1e-6;
  return squares.map((s, i) => (counts[i]! >= FEW ? (usual * Math.SQRT2) / Math.hypot(Math.sqrt(s), usual) : 1));
}

/**
 * Estimates what pictures share. Where they share nothing it is next to nothing, and little is taken out.
 *
 * @param planes local contrasts of some pictures, at least one
 */
export async function estimateDesign(planes: readonly Plane[], breath: Breath): Promise<Design> {
  const width = middle(planes.map((plane) => plane.width));
  const height = middle(planes.map((plane) => plane.height));
  const flat = new Float32Array(width * height).fill(1);
  let places: (Displacement | undefined)[] = planes.map((plane) => ({
    dx: Math.round((width - plane.width) / 2),
    dy: Math.round((height - plane.height) / 2),
  }));
  let design: Design | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const mean = { width, height, data: meansOver(planes, places, { width, height }, (v) => v).means };
    const next = { mean, coarse: reduce(mean, COARSE) };
    places = [];
    const values: number[] = [];
    for (const plane of planes) {
      const place = placeOnDesign(plane, next);
      values.push(place.value);
      places.push(place.value < SHOWN ? undefined : place);
      await breath();
    }
    const ordinary = values.sort((a, b) => a - b)[Math.floor(values.length / 10)]!;
    design = { ...next, weight: flat, ordinary };
  }
  const left: Plane[] = [];
  for (const [k, plane] of planes.entries()) {
    const place = places[k];
    left.push(place ? { ...plane, data: takeOut(plane, design!.mean, place) } : plane);
    await breath();
  }
  const { means, counts } = meansOver(left, places, { width, height }, (v) => v * v);
  return { ...design!, weight: weightsFrom(means, counts) };
}
