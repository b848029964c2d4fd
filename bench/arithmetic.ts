/** How much arithmetic a network has, and how much this machine does in a second. */
import { Random } from '../src/core/random.ts';
import { matMul } from '../src/engine/builders.ts';
import { nodesFor, type Value } from '../src/engine/graph.ts';
import { toOnnx } from '../src/engine/onnx/writer.ts';
import { createGraph } from '../src/engine/operators/table.ts';
import { Session } from '../src/engine/runtime/onnxruntime.ts';

const product = (numbers: readonly number[]): number => numbers.reduce((a, b) => a * b, 1);

/** Floating-point operations (a multiplication and an addition are two) of the convolutions and matrix products that values need. */
export function operationsOf(values: readonly Value[]): number {
  let total = 0;
  for (const { op, inputs, outputs } of nodesFor(values)) {
    const [x, w] = inputs as readonly [Value, Value];
    const y = outputs[0]!;
    // each output, of a transposed convolution each input, meets (channels in a group) x kernel weights
    if (op === 'Conv') total += 2 * product(y.shape) * product(w.shape.slice(1));
    else if (op === 'ConvTranspose') total += 2 * product(x.shape) * product(w.shape.slice(1));
    else if (op === 'MatMul') total += 2 * product(y.shape) * x.shape.at(-1)!;
  }
  return total;
}

/** Rows, inner length and columns of the matrix products of which the quickest stands for the machine. */
const sizes = [
  [512, 512, 512],
  [1024, 1024, 1024],
  [2048, 2048, 2048],
  [128, 1152, 4096],
] as const;

/** The machine's best rate of single-precision matrix products, in GFLOP/s: the best of a few sizes and runs. */
export async function sgemmRate(threads: number): Promise<number> {
  const random = Random.of(0, 'sgemm');
  const matrix = (length: number) => Float32Array.from({ length }, () => random.uniform(-1, 1));
  let best = 0;
  for (const [m, k, n] of sizes) {
    const graph = createGraph();
    // a constant right side is packed beforehand, as weights are
    const y = matMul(graph.input('a', [m, k]), graph.constant([k, n], matrix(k * n)));
    const session = await Session.create(toOnnx({ y }), { threads });
    const feeds = { a: { shape: [m, k], data: matrix(m * k) } };
    const operations = 2 * m * k * n;
    const runs = Math.max(3, Math.min(40, Math.round(2e10 / operations)));
    for (let i = 0; i < runs; i++) {
      const start = performance.now();
      await session.run(feeds);
      best = Math.max(best, operations / ((performance.now() - start) * 1e6));
    }
    await session.release();
  }
  return best;
}
