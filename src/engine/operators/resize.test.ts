import { expect, it } from 'vitest';
import { add, reduceSum, square } from '../builders.ts';
import { resizeBilinear } from '../functions.ts';
import { gradientsOf } from '../gradients.ts';
import { decodeModel } from '../onnx/schema.ts';
import { toOnnx } from '../onnx/writer.ts';
import { createGraph } from './table.ts';

it('enlarges by one Resize, and its gradient by matrix products that share their constants', () => {
  const graph = createGraph();
  const x = graph.input('x', [2, 8, 6, 6]);
  const loss = add(reduceSum(square(resizeBilinear(x, 12, 12))), reduceSum(square(resizeBilinear(square(x), 12, 12))));
  const counts = (outputs: Parameters<typeof toOnnx>[0]) => {
    const { node, initializer } = decodeModel(toOnnx(outputs)).graph;
    const of = (type: string): number => node.filter(({ op_type }) => op_type === type).length;
    const large = initializer.filter(({ dims }) => dims?.map(Number).join() === '144,36').length;
    return { resize: of('Resize'), product: of('MatMul') + of('Gemm'), large };
  };
  expect(counts({ loss })).toEqual({ resize: 2, product: 0, large: 0 });
  expect(counts({ loss, dx: gradientsOf(loss, [x])[0]! })).toEqual({ resize: 2, product: 2, large: 1 });
});
