/**
 * A closed-form start in principal directions: features are centred, turned to the principal directions of good images and scaled to
 * variance 1, pooled over positions. The couplings then learn the first directions; the others, whose variance is small, stay
 * as they are and count in the score. A linear bijection with a constant log-determinant.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { FelfriError } from '../../core/errors.ts';
import { type NamedTensors, type Tensor, tensor } from '../../core/tensor.ts';
import { add, conv, matMul, slice, sub, transpose } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import { toOnnx } from '../../engine/onnx/writer.ts';
import { createGraph } from '../../engine/operators/table.ts';
import type { Parameters } from '../../engine/parameters.ts';
import { Session } from '../../engine/runtime/onnxruntime.ts';
import { channelMeans } from './channel-means.ts';

/** Part of the mean variance that is added to each direction's, so that directions nearly without variance do not dominate. */
const SHRINKAGE = 0.01;

/**
 * Least variance that is added, as a part of the features' mean square. Plates without texture, or copies of one photograph, have no
 * variance of their own; what is left is rounding, and divided by it no score is a finite number.
 */
const LEAST_SHARE = 1e-6;

/** Positions that are enough for a covariance of several hundred channels; more are thinned out by leaving images aside. */
const MOST_POSITIONS = 100_000;

const name = { mean: 'start.mean', turn: 'start.turn', back: 'start.back', logDet: 'start.log_det' };

/** Mean (C) and covariance (C x C, row-major) over all positions of maps (C, h, w); products are summed by onnxruntime. */
async function moments(maps: readonly Tensor[]): Promise<{ mean: Float64Array; covariance: Float64Array }> {
  const [c, h, w] = maps[0]!.shape as [number, number, number];
  const positions = h * w;
  const mean = channelMeans(maps);
  const graph = createGraph();
  const x = graph.input('x', [c, positions]);
  const session = await Session.create(toOnnx({ products: matMul(x, transpose(x, [1, 0])) }));
  const covariance = new Float64Array(c * c);
  try {
    for (const { data } of maps) {
      const centred = Float32Array.from(data, (v, k) => v - mean[Math.floor(k / positions)]!);
      const { products } = await session.run({ x: { shape: [c, positions], data: centred } });
      for (let k = 0; k < c * c; k++) covariance[k]! += products!.data[k]! / (positions * maps.length);
    }
  } finally {
    await session.release();
  }
  return { mean, covariance };
}

/**
 * The start's tensors, from feature maps (C, h, w) of good images. Throws DATASET_TOO_SMALL when they have no variance at all.
 */
export async function estimatePrincipal(maps: readonly Tensor[]): Promise<NamedTensors> {
  const [c, h, w] = maps[0]!.shape as [number, number, number];
  const every = Math.max(1, Math.ceil((maps.length * h * w) / MOST_POSITIONS));
  const { mean, covariance } = await moments(maps.filter((_, i) => i % every === 0));
  const symmetric = Matrix.from1DArray(c, c, Array.from(covariance));
  const squares = mean.reduce((sum, m) => sum + m * m, symmetric.trace());
  const added = Math.max(SHRINKAGE * symmetric.trace(), LEAST_SHARE * squares) / c;
  if (!(added > 0)) {
    throw new FelfriError(
      'DATASET_TOO_SMALL',
      'the backbone gives nothing but zeros for the good images; give images that show something, or another backbone',
    );
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const deviations = order.map((i) => Math.sqrt(Math.max(0, realEigenvalues[i]!) + added));
  const turn = new Float32Array(c * c);
  const back = new Float32Array(c * c);
  for (const [row, i] of order.entries()) {
    // the sign of a direction is arbitrary: its largest entry is made positive, so that equal data give equal numbers
    const direction = eigenvectorMatrix.getColumn(i);
    const largest = direction.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    for (let k = 0; k < c; k++) {
      const entry = Math.sign(largest) * direction[k]!;
      turn[row * c + k] = entry / deviations[row]!;
      back[k * c + row] = entry * deviations[row]!;
    }
  }
  const logDet = -h * w * deviations.reduce((sum, d) => sum + Math.log(d), 0);
  return new Map([
    [name.mean, tensor([1, c, 1, 1], Float32Array.from(mean))],
    [name.turn, tensor([c, c, 1, 1], turn)],
    [name.back, tensor([c, c, 1, 1], back)],
    [name.logDet, tensor([1], [logDet])],
  ]);
}

const zero = { fill: 0 };

export interface PrincipalMaps {
  /** (N, C, h, w): every direction, by falling variance. */
  readonly all: Value;
  /** (N, kept, h, w): the directions of largest variance, falling. */
  readonly kept: Value;
  /** (N, C - kept, h, w); undefined when all are kept. */
  readonly rest: Value | undefined;
  /** (1): the same for every image. */
  readonly logDet: Value;
}

/** Feature maps (N, C, h, w) in principal directions. */
export function toPrincipal(map: Value, kept: number, p: Parameters): PrincipalMaps {
  const c = map.shape[1]!;
  const mean = p.state(name.mean, [1, c, 1, 1], zero);
  const all = conv(sub(map, mean), p.state(name.turn, [c, c, 1, 1], zero));
  return {
    all,
    kept: slice(all, 1, 0, kept),
    rest: kept < c ? slice(all, 1, kept, c) : undefined,
    logDet: p.state(name.logDet, [1], zero),
  };
}

/** Undoes `toPrincipal`; takes the channels side by side, (N, C, h, w). */
export function fromPrincipal(all: Value, p: Parameters): Value {
  const c = all.shape[1]!;
  const turned = conv(all, p.state(name.back, [c, c, 1, 1], zero));
  return add(turned, p.state(name.mean, [1, c, 1, 1], zero));
}
