/**
 * The states of the places: of each its mean, its strongest directions and their gain, and the scale of all others. They hold the moments of the
 * good vectors that they were estimated from, so that these can be read back.
 */
import { type NamedTensors, type Tensor, tensor } from '../../core/tensor.ts';
import type { Direction } from './directions.ts';

/** How far mean and covariance of a position are drawn towards those of all positions (0 and 1 in principal directions). */
const SHRINKAGE = 0.5;

/** Directions of each position that are told apart; the others share their mean variance. */
const MOST_DIRECTIONS = 64;

export const directionsOf = (channels: number): number => Math.min(MOST_DIRECTIONS, channels);

export const placeName = { mean: 'place.mean', basis: 'place.basis', gain: 'place.gain', scale: 'place.scale' };

/** The states of all places: mean (places, 1, C), basis (places, C, rank), gain (places, 1, rank) and scale (places, 1, 1). */
export type PlaceTensors = Readonly<Record<keyof typeof placeName, Tensor>>;

export const emptyPlaces = (places: number, c: number): PlaceTensors => ({
  mean: tensor([places, 1, c]),
  basis: tensor([places, c, directionsOf(c)]),
  gain: tensor([places, 1, directionsOf(c)]),
  scale: tensor([places, 1, 1]),
});

export const asStates = (places: PlaceTensors): NamedTensors =>
  new Map(Object.entries(places).map(([key, value]) => [placeName[key as keyof typeof placeName], value]));

/** The places among some states; undefined where one is missing. */
export function placesIn(stateOf: (name: string) => Tensor | undefined): PlaceTensors | undefined {
  const [mean, basis, gain, scale] = [placeName.mean, placeName.basis, placeName.gain, placeName.scale].map(stateOf);
  return mean && basis && gain && scale ? { mean, basis, gain, scale } : undefined;
}

/** The state with which the vectors of a model's places are compared. */
export const comparedPlaces = placeName.mean;

/** What is known of the good vectors of one place. */
export interface PlaceMoments {
  /** (C). */
  readonly mean: Float32Array;
  /** Of the strongest directions, falling. */
  readonly found: readonly Direction[];
  /** Mean variance in the directions beyond those. */
  readonly rest: number;
}

const shrunk = (variance: number): number => (1 - SHRINKAGE) * variance + SHRINKAGE;
const unshrunk = (variance: number): number => Math.max(0, (variance - SHRINKAGE) / (1 - SHRINKAGE));

/** Mean variance of a covariance (C, C) beyond the directions found. */
export function restOf(covariance: Float32Array, c: number, found: readonly Direction[]): number {
  let rest = 0;
  for (let k = 0; k < c; k++) rest += covariance[k * (c + 1)]!;
  rest -= found.reduce((sum, { variance }) => sum + variance, 0);
  return found.length < c ? Math.max(0, rest) / (c - found.length) : 0;
}

/** Writes what place p looks like. */
export function setPlace({ mean, basis, gain, scale }: PlaceTensors, p: number, moments: PlaceMoments): void {
  const [c, rank] = [mean.shape[2]!, gain.shape[2]!];
  const others = Math.sqrt(shrunk(moments.rest));
  mean.data.set(
    moments.mean.map((v) => (1 - SHRINKAGE) * v),
    p * c,
  );
  scale.data[p] = 1 / others;
  for (const [j, { variance, direction }] of moments.found.entries()) {
    gain.data[p * rank + j] = others / Math.sqrt(shrunk(variance)) - 1;
    for (let k = 0; k < c; k++) basis.data[(p * c + k) * rank + j] = direction[k]!;
  }
}

/** What `setPlace` wrote, but for rounding; undefined of a place that is not judged. */
export function momentsOf({ mean, basis, gain, scale }: PlaceTensors, p: number): PlaceMoments | undefined {
  const [c, rank] = [mean.shape[2]!, gain.shape[2]!];
  if (!(scale.data[p]! > 0)) return undefined;
  const others = 1 / scale.data[p]!;
  const found = Array.from({ length: rank }, (_, j) => ({
    variance: unshrunk((others / (gain.data[p * rank + j]! + 1)) ** 2),
    direction: Float32Array.from({ length: c }, (_, k) => basis.data[(p * c + k) * rank + j]!),
  }));
  return {
    mean: mean.data.slice(p * c, (p + 1) * c).map((v) => v / (1 - SHRINKAGE)),
    // of few images less directions than these are known
    found: found.filter(({ direction }) => direction.some((v) => v !== 0)),
    rest: unshrunk(others ** 2),
  };
}
