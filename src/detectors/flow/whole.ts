/**
 * What the texture of good images is like as a whole: the deviation of every principal direction over the positions of an image, and
 * how unusual these are together, by a Gaussian over good images. It sees what is off everywhere and nowhere in particular; how bright
 * an image is does not count.
 */
import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';
import { type NamedTensors, type Tensor, tensor } from '../../core/tensor.ts';
import { add, log, matMul, mul, reduceMean, square, sub } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import { toOnnx } from '../../engine/onnx/writer.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters, type Parameters } from '../../engine/parameters.ts';
import { Session } from '../../engine/runtime/onnxruntime.ts';
import { toPrincipal } from './principal.ts';

/** How far the correlations of deviations are drawn towards none. */
const SHRINKAGE = 0.2;

/** Keeps the logarithm of a direction without variance finite. */
const LEAST_VARIANCE = 1e-6;

/** Least deviation, over images, of a logarithm: of equal images a change of a thousandth is as unusual as it gets. */
const LEAST_DEVIATION = 1e-3;

const name = { centre: 'whole.centre', turn: 'whole.turn' };

/** Logarithm of the deviation of each channel over the positions of a map (N, C, h, w), (N, C). */
function deviationsOf(map: Value): Value {
  const variance = reduceMean(square(sub(map, reduceMean(map, [2, 3], true))), [2, 3]);
  return mul(log(add(variance, LEAST_VARIANCE)), 0.5);
}

/** Mean (C) of good images' logarithms, and their covariance. */
interface WholeMoments {
  readonly mean: Float64Array;
  readonly covariance: Matrix;
}

function momentsOf(rows: readonly ArrayLike<number>[]): WholeMoments {
  const [n, c] = [rows.length, rows[0]!.length];
  const mean = new Float64Array(c);
  for (const row of rows) for (let k = 0; k < c; k++) mean[k]! += row[k]! / n;
  const centred = new Matrix(rows.map((row) => Array.from(row, (v, k) => v - mean[k]!)));
  return { mean, covariance: centred.transpose().mmul(centred).div(n) };
}

/** Centre (1, C) and the matrix (C, C) that turns a centred row into uncorrelated values of about variance 1. */
function statesOf({ mean, covariance }: WholeMoments): NamedTensors {
  const c = mean.length;
  const deviation = Float64Array.from(mean, (_, k) => Math.max(LEAST_DEVIATION, Math.sqrt(covariance.get(k, k))));
  const correlation = Matrix.zeros(c, c);
  for (let k = 0; k < c; k++) {
    for (let j = 0; j < c; j++) {
      const value = ((1 - SHRINKAGE) * covariance.get(k, j)) / (deviation[k]! * deviation[j]!);
      correlation.set(k, j, k === j ? value + SHRINKAGE : value);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(correlation, { assumeSymmetric: true });
  const turn = new Float32Array(c * c);
  for (let k = 0; k < c; k++) {
    for (let j = 0; j < c; j++) {
      turn[k * c + j] = eigenvectorMatrix.get(k, j) / (deviation[k]! * Math.sqrt(Math.max(realEigenvalues[j]!, 1e-6)));
    }
  }
  return new Map([
    [name.centre, tensor([1, c], Float32Array.from(mean))],
    [name.turn, tensor([c, c], turn)],
  ]);
}

/**
 * The moments that gave the states, but for rounding: turn times its transpose is the inverse of the covariance with its correlations drawn in.
 * Variances below the least one come out as that.
 */
function momentsIn(centre: Tensor, turn: Tensor): WholeMoments {
  const c = centre.data.length;
  const matrix = Matrix.from1DArray(c, c, Array.from(turn.data));
  const covariance = inverse(matrix.mmul(matrix.transpose()));
  for (let k = 0; k < c; k++)
    for (let j = 0; j < c; j++) if (k !== j) covariance.set(k, j, covariance.get(k, j) / (1 - SHRINKAGE));
  return { mean: Float64Array.from(centre.data), covariance };
}

/** The state with which a model's textures (1, C) are compared. */
export const comparedWhole = name.centre;

/** The states of `wholeTexture` after more good images, given as what is compared with the centre, (C) each; undefined where one is missing. */
export function addToWhole(
  stateOf: (name: string) => Tensor | undefined,
  images: number,
  rows: readonly ArrayLike<number>[],
): NamedTensors | undefined {
  const [centre, turn] = [stateOf(name.centre), stateOf(name.turn)];
  if (!centre || !turn) return undefined;
  const [known, more] = [momentsIn(centre, turn), momentsOf(rows)];
  const share = rows.length / (images + rows.length);
  const apart = Matrix.columnVector(Array.from(more.mean, (v, k) => v - known.mean[k]!));
  return statesOf({
    mean: known.mean.map((v, k) => v + share * apart.get(k, 0)),
    covariance: Matrix.add(Matrix.mul(known.covariance, 1 - share), Matrix.mul(more.covariance, share)).add(
      apart.mmul(apart.transpose()).mul(share * (1 - share)),
    ),
  });
}

/** The tensors of `wholeTexture`, from feature maps (C, h, w) of good images and the start that estimatePrincipal gave. */
export async function estimateWhole(maps: readonly Tensor[], start: NamedTensors): Promise<NamedTensors> {
  const [c, h, w] = maps[0]!.shape as [number, number, number];
  const graph = createGraph();
  const { all } = toPrincipal(graph.input('x', [1, c, h, w]), c, new FixedParameters(graph, start));
  const session = await Session.create(toOnnx({ deviations: deviationsOf(all) }));
  const rows: Float32Array[] = [];
  try {
    for (const { data } of maps) {
      const { deviations } = await session.run({ x: { shape: [1, c, h, w], data } });
      rows.push(deviations!.data as Float32Array);
    }
  } finally {
    await session.release();
  }
  return statesOf(momentsOf(rows));
}

/** How unusual the texture of a map (N, C, h, w) in principal directions is, (N, 1); about 1 for good images. */
export function wholeTexture(map: Value, p: Parameters): Value {
  const c = map.shape[1]!;
  const centred = sub(deviationsOf(map), p.state(name.centre, [1, c], { fill: 0 }));
  const turned = matMul(centred, p.state(name.turn, [c, c], { fill: 0 }));
  return reduceMean(square(turned), [1], true);
}
