/** The strongest directions of a covariance, by subspace iteration (Halko, Martinsson and Tropp, 2011). */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { Random } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Session } from '../../engine/runtime/onnxruntime.ts';

/** Directions beyond those wanted, and rounds. */
const SPARE_DIRECTIONS = 16;
const ROUNDS = 3;

/** Directions that are searched for where so many are wanted of so many channels. */
export const searchedFor = (wanted: number, channels: number): number => Math.min(channels, wanted + SPARE_DIRECTIONS);

/** Where the search begins: `count` drawn columns. */
export function firstColumns(count: number, channels: number): Float32Array[] {
  const random = Random.of(0, 'place directions');
  return Array.from({ length: count }, () => Float32Array.from({ length: channels }, () => random.normal()));
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

/** Makes columns orthonormal in place, by Gram-Schmidt; a second pass gives full accuracy. */
function orthonormalise(columns: readonly Float32Array[], passes: 1 | 2): void {
  for (const [j, column] of columns.entries()) {
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < j; i++) {
        const other = columns[i]!;
        const along = dot(column, other);
        for (let k = 0; k < column.length; k++) column[k]! -= along * other[k]!;
      }
    }
    const length = Math.sqrt(dot(column, column));
    for (let k = 0; k < column.length; k++) column[k]! = length > 1e-12 ? column[k]! / length : 0;
  }
}

const columnsOf = ({ shape: [c, n], data }: Tensor): Float32Array[] =>
  Array.from({ length: n! }, (_, j) => Float32Array.from({ length: c! }, (_, i) => data[i * n! + j]!));

function matrixOf(columns: readonly Float32Array[]): Tensor {
  const [c, n] = [columns[0]!.length, columns.length];
  const data = new Float32Array(c * n);
  for (const [j, column] of columns.entries()) for (let i = 0; i < c; i++) data[i * n + j] = column[i]!;
  return { shape: [c, n], data };
}

/** A direction of length 1, and the variance along it. */
export interface Direction {
  readonly variance: number;
  readonly direction: Float32Array;
}

/** The largest `count` eigenvalues of a covariance (C, C) and their directions, falling; `product` gives covariance times y (C, seed). */
export async function leading(
  product: Session,
  covariance: Tensor,
  count: number,
  seed: readonly Float32Array[],
): Promise<Direction[]> {
  const times = async (y: Float32Array[]): Promise<Float32Array[]> =>
    columnsOf((await product.run({ covariance, y: matrixOf(y) }))['product']!);
  let y: Float32Array[] = seed.map((column) => Float32Array.from(column));
  for (let round = 0; round < ROUNDS; round++) {
    y = await times(y);
    orthonormalise(y, round === ROUNDS - 1 ? 2 : 1);
  }
  const image = await times(y);
  const small = new Matrix(y.map((a) => image.map((b) => dot(a, b))));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(small, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  return order.slice(0, count).map((i) => {
    const direction = new Float32Array(covariance.shape[0]!);
    for (const [j, column] of y.entries()) {
      const share = eigenvectorMatrix.get(j, i);
      for (let k = 0; k < direction.length; k++) direction[k]! += share * column[k]!;
    }
    return { variance: Math.max(0, realEigenvalues[i]!), direction };
  });
}
