/**
 * What the texture of good images is like as a whole: the deviation of every principal direction over the positions of an image, and
 * how unusual these are together, by a Gaussian over good images. It sees what is off everywhere and nowhere in particular; how bright
 * an image is does not count.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
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

/** Centre (1, C) and the matrix (C, C) that turns a centred row into uncorrelated values of about variance 1. */
function gaussian(rows: readonly Float32Array[]): { centre: Tensor; turn: Tensor } {
  const [n, c] = [rows.length, rows[0]!.length];
  const centre = new Float64Array(c);
  for (const row of rows) for (let k = 0; k < c; k++) centre[k]! += row[k]! / n;
  const deviation = Float64Array.from(centre, (m, k) =>
    Math.max(LEAST_DEVIATION, Math.sqrt(rows.reduce((sum, row) => sum + (row[k]! - m) ** 2, 0) / n)),
  );
  const standard = new Matrix(rows.map((row) => Array.from(row, (v, k) => (v - centre[k]!) / deviation[k]!)));
  const correlation = standard
    .transpose()
    .mmul(standard)
    .mul((1 - SHRINKAGE) / n)
    .add(Matrix.eye(c).mul(SHRINKAGE));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(correlation, { assumeSymmetric: true });
  const turn = new Float32Array(c * c);
  for (let k = 0; k < c; k++) {
    for (let j = 0; j < c; j++) {
      turn[k * c + j] = eigenvectorMatrix.get(k, j) / (deviation[k]! * Math.sqrt(Math.max(realEigenvalues[j]!, 1e-6)));
    }
  }
  return { centre: tensor([1, c], Float32Array.from(centre)), turn: tensor([c, c], turn) };
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
  const { centre, turn } = gaussian(rows);
  return new Map([
    [name.centre, centre],
    [name.turn, turn],
  ]);
}

/** How unusual the texture of a map (N, C, h, w) in principal directions is, (N, 1); about 1 for good images. */
export function wholeTexture(map: Value, p: Parameters): Value {
  const c = map.shape[1]!;
  const centred = sub(deviationsOf(map), p.state(name.centre, [1, c], { fill: 0 }));
  const turned = matMul(centred, p.state(name.turn, [c, c], { fill: 0 }));
  return reduceMean(square(turned), [1], true);
}
