import { expect, it } from 'vitest';
import { maxPool, mul, reduceSum } from '../builders.ts';
import { gradientsOf } from '../gradients.ts';
import type { Value } from '../graph.ts';
import { toOnnxGraph } from '../onnx/writer.ts';
import { createGraph } from './table.ts';

it('gives the positions of the largest values only where a gradient needs them', () => {
  const graph = createGraph();
  const x = graph.input('x', [1, 2, 4, 4]);
  const y = maxPool(x, 2);
  const outputsOf = (outputs: Record<string, Value>): string[] | undefined =>
    toOnnxGraph(outputs).node.find((node) => node.op_type === 'MaxPool')?.output;
  expect(outputsOf({ y })).toHaveLength(1);
  const [dx] = gradientsOf(reduceSum(mul(y, y)), [x]);
  expect(outputsOf({ y, dx: dx! })).toHaveLength(2);
});
