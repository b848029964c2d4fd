/**
 * A closed-form start: each scale's features are centred and whitened by the mean and covariance that good images have, pooled over
 * positions. A linear bijection with a constant log-determinant, so the flow stays exactly invertible, and an untrained flow is
 * already a Gaussian detector: z^2 summed over channels is the Mahalanobis distance.
 */
import { FelfriError } from '../../core/errors.ts';
import { type NamedTensors, type Tensor, tensor } from '../../core/tensor.ts';
import { add, conv, sub } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import type { Parameters } from '../../engine/parameters.ts';
import { channelMeans } from './channel-means.ts';
import { SCALES } from './config.ts';

/** Part of the mean variance that is added to each channel's, so that directions nearly without variance do not dominate. */
const SHRINKAGE = 0.01;

/** Positions that are enough for a covariance; more are thinned out by leaving images aside. */
const MOST_POSITIONS = 150_000;

const stateName = (scale: number, part: string): string => `start.${scale}.${part}`;

/** Lower-triangular L with L L^T = a (n x n, row-major, symmetric and positive definite), in double precision. */
function cholesky(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      if (i !== j) l[i * n + j] = sum / l[j * n + j]!;
      else if (sum > 0) l[i * n + i] = Math.sqrt(sum);
      else
        throw new FelfriError(
          'DATASET_TOO_SMALL',
          'the good images are all alike, so their features have no covariance; give more images',
        );
    }
  }
  return l;
}

/** Inverse of a lower-triangular matrix. */
function invertLower(l: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    for (let i = column; i < n; i++) {
      let sum = i === column ? 1 : 0;
      for (let k = column; k < i; k++) sum -= l[i * n + k]! * inverse[k * n + column]!;
      inverse[i * n + column] = sum / l[i * n + i]!;
    }
  }
  return inverse;
}

interface Moments {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** Mean (C) and covariance (C x C) over all positions of maps (C, h, w). */
function moments(maps: readonly Tensor[]): Moments {
  const [c, h, w] = maps[0]!.shape as [number, number, number];
  const positions = h * w;
  const mean = channelMeans(maps);
  const covariance = new Float64Array(c * c);
  const centred = new Float64Array(c * positions);
  for (const { data } of maps) {
    for (let i = 0; i < c; i++) {
      for (let p = i * positions; p < (i + 1) * positions; p++) centred[p] = data[p]! - mean[i]!;
    }
    for (let i = 0; i < c; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        const offset = (j - i) * positions;
        for (let p = i * positions; p < (i + 1) * positions; p++) sum += centred[p]! * centred[p + offset]!;
        covariance[i * c + j]! += sum / (positions * maps.length);
      }
    }
  }
  let variance = 0;
  for (let i = 0; i < c; i++) variance += covariance[i * c + i]! / c;
  for (let i = 0; i < c; i++) {
    covariance[i * c + i]! += SHRINKAGE * variance;
    for (let j = 0; j < i; j++) covariance[j * c + i] = covariance[i * c + j]!;
  }
  return { mean, covariance };
}

/**
 * The start's tensors, from the feature maps of good images (each [scale 0, 1, 2], (C, h, w)). Throws DATASET_TOO_SMALL when they
 * have no variance at all.
 */
export function estimateWhitening(images: readonly (readonly Tensor[])[]): NamedTensors {
  const tensors: NamedTensors = new Map();
  for (let scale = 0; scale < SCALES; scale++) {
    const [c, h, w] = images[0]![scale]!.shape as [number, number, number];
    const every = Math.max(1, Math.ceil((images.length * h * w) / MOST_POSITIONS));
    const { mean, covariance } = moments(images.filter((_, i) => i % every === 0).map((maps) => maps[scale]!));
    const colour = cholesky(covariance, c);
    let logDet = 0;
    for (let i = 0; i < c; i++) logDet -= Math.log(colour[i * c + i]!) * h * w;
    tensors.set(stateName(scale, 'mean'), tensor([1, c, 1, 1], Float32Array.from(mean)));
    tensors.set(stateName(scale, 'whiten'), tensor([c, c, 1, 1], Float32Array.from(invertLower(colour, c))));
    tensors.set(stateName(scale, 'colour'), tensor([c, c, 1, 1], Float32Array.from(colour)));
    tensors.set(stateName(scale, 'log_det'), tensor([1], [logDet]));
  }
  return tensors;
}

const zero = { fill: 0 };

/** Whitens a map (N, C, h, w) of a scale. The log-determinant (1) is the same for every image. */
export function whiten(map: Value, scale: number, p: Parameters): { map: Value; logDet: Value } {
  const c = map.shape[1]!;
  const mean = p.state(stateName(scale, 'mean'), [1, c, 1, 1], zero);
  const matrix = p.state(stateName(scale, 'whiten'), [c, c, 1, 1], zero);
  return { map: conv(sub(map, mean), matrix), logDet: p.state(stateName(scale, 'log_det'), [1], zero) };
}

/** Undoes `whiten`. */
export function colour(map: Value, scale: number, p: Parameters): Value {
  const c = map.shape[1]!;
  const matrix = p.state(stateName(scale, 'colour'), [c, c, 1, 1], zero);
  return add(conv(map, matrix), p.state(stateName(scale, 'mean'), [1, c, 1, 1], zero));
}
