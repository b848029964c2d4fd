import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { Random } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import { toOnnxGraph } from '../onnx/writer.ts';
import { runGraph } from '../run-graph.ts';
import type { ConvAttributes } from './attributes.ts';
import { weightGradient } from './convolution-gradients.ts';
import { normalTensor } from './operator.ts';
import { createGraph } from './table.ts';
import { isWide } from './wide-weight-gradient.ts';

/** The sum that the gradient of a weight is, term by term. */
function bySum(x: Tensor, dy: Tensor, shape: readonly number[], { pads, dilations }: ConvAttributes): number[] {
  const [o, c, kh, kw] = shape as [number, number, number, number];
  const [n, , h, w] = x.shape as [number, number, number, number];
  const [oh, ow] = dy.shape.slice(2) as [number, number];
  return Array.from({ length: o * c * kh * kw }, (_, at) => {
    const [j, i] = [at % kw, Math.floor(at / kw) % kh];
    const [channel, output] = [Math.floor(at / kw / kh) % c, Math.floor(at / kw / kh / c)];
    let sum = 0;
    for (let b = 0; b < n; b++) {
      for (let row = 0; row < oh; row++) {
        for (let column = 0; column < ow; column++) {
          const y = row + i * dilations[0] - pads[0];
          const from = column + j * dilations[1] - pads[1];
          if (y < 0 || y >= h || from < 0 || from >= w) continue;
          sum +=
            dy.data[((b * o + output) * oh + row) * ow + column]! * x.data[((b * c + channel) * h + y) * w + from]!;
        }
      }
    }
    return sum;
  });
}

it('is the sum over positions, on wide maps of any padding and dilation', async () => {
  const dimension = (min: number, max: number) => fc.integer({ min, max });
  const anyCase = fc.record({
    seed: fc.integer(),
    n: dimension(1, 2),
    o: dimension(1, 3),
    // with fewer columns than 64 another form is taken
    c: dimension(33, 35),
    kernel: fc.tuple(dimension(2, 3), dimension(2, 3)),
    dilation: dimension(1, 2),
    pads: fc.tuple(dimension(0, 2), dimension(0, 2), dimension(0, 2), dimension(0, 2)),
    width: dimension(5, 9),
  });
  await fc.assert(
    fc.asyncProperty(anyCase, async ({ seed, n, o, c, kernel: [kh, kw], dilation, pads, width }) => {
      const attributes: ConvAttributes = { strides: [1, 1], pads, dilations: [dilation, dilation], group: 1 };
      const size = [16 * dilation * (kh - 1) + 4, width].map((s, i) => [s, s + pads[i]! + pads[i + 2]!]);
      const outputs = size.map(([, padded], i) => padded! - dilation * ([kh, kw][i]! - 1));
      const random = Random.of(seed);
      const x = normalTensor(random, [n, c, size[0]![0]!, size[1]![0]!]);
      const dy = normalTensor(random, [n, o, ...outputs]);
      const shape = [o, c, kh, kw];
      const graph = createGraph();
      const upstream = graph.input('dy', dy.shape);
      expect(isWide(upstream, shape, attributes)).toBe(true);
      const gradient = weightGradient(graph.input('x', x.shape), upstream, shape, attributes);
      const out = await runGraph({ gradient }, { x, dy });
      expect(out['gradient']!.shape).toEqual(shape);
      expectClose(out['gradient']!.data, bySum(x, dy, shape, attributes), 'gradient', {
        absolute: 1e-3,
        relative: 1e-4,
      });
    }),
    { numRuns: 12 },
  );
});

it('copies each map but a few times: one gathering of rows, and one cut for each column of taps', () => {
  const graph = createGraph();
  const [x, dy] = [graph.input('x', [2, 64, 64, 64]), graph.input('dy', [2, 32, 64, 64])];
  const attributes: ConvAttributes = { strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 1 };
  const operators = toOnnxGraph({ dw: weightGradient(x, dy, [32, 64, 3, 3], attributes) }).node.map((n) => n.op_type);
  const count = (op: string): number => operators.filter((name) => name === op).length;
  expect([count('Gather'), count('Pad'), count('Slice'), count('MatMul')]).toEqual([1, 4, 0, 3]);
});
