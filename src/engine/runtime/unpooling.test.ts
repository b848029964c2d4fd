/** Positions of largest values by comparison, against onnxruntime's own on the processor. */
import { expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { maxPool, mul, reduceSum } from '../builders.ts';
import { gradientsOf } from '../gradients.ts';
import { decodeModel, encodeModel } from '../onnx/schema.ts';
import { toOnnx } from '../onnx/writer.ts';
import { createGraph } from '../operators/table.ts';
import { Session } from './onnxruntime.ts';
import { withoutPositions } from './unpooling.ts';

it.each([
  [2, [2, 3, 6, 4]],
  [3, [1, 2, 3, 9]],
])('hands the gradient of a window of %i to the first of its largest values', async (kernel, shape) => {
  const graph = createGraph();
  const [x, weight] = [graph.input('x', shape), graph.input('weight', [])];
  const y = maxPool(x, kernel);
  const [dx] = gradientsOf(mul(reduceSum(mul(y, y)), weight), [x]);
  const model = decodeModel(toOnnx({ y, dx: dx! }));
  const without = { ...model, graph: withoutPositions(model.graph) };
  const operators = new Set(without.graph.node.map(({ op_type }) => op_type));
  expect(operators.has('MaxUnpool')).toBe(false);
  expect(without.graph.node.find(({ op_type }) => op_type === 'MaxPool')?.output).toHaveLength(1);

  const random = Random.of(3, 'unpooling');
  // few values, so that windows hold the largest one several times, zero too
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.floor(random.uniform(-1, 3)));
  const feeds = { x: { shape, data }, weight: { shape: [], data: Float32Array.of(0.5) } };
  const [own, plain] = [await Session.create(encodeModel(without)), await Session.create(encodeModel(model))];
  expect(await own.run(feeds)).toEqual(await plain.run(feeds));
  await own.release();
  await plain.release();
});

it('leaves positions that are asked for', () => {
  const graph = createGraph();
  const [y, positions] = graph.applyAll('MaxPool', [graph.input('x', [1, 1, 4, 4])], { kernel: 2 });
  const model = decodeModel(toOnnx({ y: y!, positions: positions! }));
  expect(withoutPositions(model.graph).node).toEqual(model.graph.node);
});
