/**
 * What good images look like as a whole: mean and deviation of every principal direction over the positions of an image, and how
 * unusual these are by a Gaussian over good images. It sees texture and tone that are off everywhere and nowhere in particular.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { type NamedTensors, type Tensor, tensor } from '../../core/tensor.ts';
import { add, concat, log, matMul, mul, reduceMean, reshape, square, sub } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import { toOnnx } from '../../engine/onnx/writer.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters, type Parameters } from '../../engine/parameters.ts';
import { Session } from '../../engine/runtime/onnxruntime.ts';
import { toPrincipal } from './principal.ts';

/** How far the correlations of a statistic are drawn towards none. */
const SHRINKAGE = 0.2;

/** Keeps the logarithm of a direction without variance finite. */
const LEAST_VARIANCE = 1e-6;

const statistics = ['mean', 'deviation'] as const;
type Statistic = (typeof statistics)[number];

const name = (statistic: Statistic) => ({ centre: `whole.${statistic}.centre`, turn: `whole.${statistic}.turn` });

/** Mean and logarithm of the deviation of each channel over the positions of a map (N, C, h, w), (N, C) each. */
function statisticsOf(map: Value): Record<Statistic, Value> {
  const [n, c] = map.shape as [number, number];
  const mean = reduceMean(map, [2, 3], true);
  const variance = reduceMean(square(sub(map, mean)), [2, 3]);
  return { mean: reshape(mean, [n, c]), deviation: mul(log(add(variance, LEAST_VARIANCE)), 0.5) };
}

/** Centre (1, C) and the matrix (C, C) that turns a centred row into uncorrelated values of about variance 1. */
function gaussian(rows: readonly Float32Array[]): { centre: Tensor; turn: Tensor } {
  const [n, c] = [rows.length, rows[0]!.length];
  const centre = new Float64Array(c);
  for (const row of rows) for (let k = 0; k < c; k++) centre[k]! += row[k]! / n;
  const deviation = Float64Array.from(centre, (m, k) =>
    Math.max(1e-6, Math.sqrt(rows.reduce((sum, row) => sum + (row[k]! - m) ** 2, 0) / n)),
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

/** The tensors of `wholeParts`, from feature maps (C, h, w) of good images and the start that estimatePrincipal gave. */
export async function estimateWhole(maps: readonly Tensor[], start: NamedTensors): Promise<NamedTensors> {
  const [c, h, w] = maps[0]!.shape as [number, number, number];
  const graph = createGraph();
  const { all } = toPrincipal(graph.input('x', [1, c, h, w]), c, new FixedParameters(graph, start));
  const session = await Session.create(toOnnx(statisticsOf(all)));
  const rows: Record<Statistic, Float32Array[]> = { mean: [], deviation: [] };
  try {
    for (const { data } of maps) {
      const out = await session.run({ x: { shape: [1, c, h, w], data } });
      for (const statistic of statistics) rows[statistic].push(out[statistic]!.data as Float32Array);
    }
  } finally {
    await session.release();
  }
  return new Map(
    statistics.flatMap((statistic) => {
      const { centre, turn } = gaussian(rows[statistic]);
      return [
        [name(statistic).centre, centre],
        [name(statistic).turn, turn],
      ] as [string, Tensor][];
    }),
  );
}

/** How unusual a map (N, C, h, w) in principal directions is by mean and by deviation, (N, 2); about 1 for good images. */
export function wholeParts(map: Value, p: Parameters): Value {
  const found = statisticsOf(map);
  const [n, c] = map.shape as [number, number];
  return concat(
    statistics.map((statistic) => {
      const centred = sub(found[statistic], p.state(name(statistic).centre, [1, c], { fill: 0 }));
      const turned = matMul(centred, p.state(name(statistic).turn, [c, c], { fill: 0 }));
      return reshape(reduceMean(square(turned), [1]), [n, 1]);
    }),
    1,
  );
}
