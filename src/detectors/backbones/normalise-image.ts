/** The scale of colour values that networks trained on ImageNet expect. */
import { affine } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';

/** Mean and standard deviation of each colour, red, green, blue, of values in 0..1. */
export interface ColourStatistics {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

export const imageNetColours: ColourStatistics = {
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/** (image - mean) / deviation for RGB images (N, 3, H, W) in 0..1. */
export function normaliseImage(image: Value, { mean, deviation }: ColourStatistics): Value {
  const vector = (values: number[]): Value => image.graph.constant([3], values);
  return affine(image, vector(deviation.map((d) => 1 / d)), vector(mean.map((m, i) => -m / deviation[i]!)));
}
