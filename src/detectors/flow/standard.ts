/** The scale of the combined score: how far apart good images lie in each of its parts. */
import { type Tensor, tensor } from '../../core/tensor.ts';

/** Values of scoreParts for one image. */
export type Parts = ArrayLike<number>;

/** Mean and deviation of each part over good images, (2, parts) as the state `score.standard` takes them. */
export function standardOf(good: readonly Parts[]): Tensor {
  const parts = good[0]!.length;
  const columns = Array.from({ length: parts }, (_, j) => good.map((image) => image[j]!));
  const means = columns.map((values) => values.reduce((a, b) => a + b, 0) / values.length);
  const deviations = columns.map((values, j) => {
    const variance = values.reduce((sum, v) => sum + (v - means[j]!) ** 2, 0) / Math.max(1, values.length - 1);
    // equal images have no deviation: a thousandth of the mean keeps the score finite
    return Math.max(Math.sqrt(variance), 1e-3 * Math.abs(means[j]!), 1e-12);
  });
  return tensor([2, parts], [...means, ...deviations]);
}

/** What combineParts gives for one image. */
export function combined(image: Parts, standard: Tensor): number {
  const parts = image.length;
  let most = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < parts; j++) {
    most = Math.max(most, (image[j]! - standard.data[j]!) / standard.data[parts + j]!);
  }
  return most;
}
