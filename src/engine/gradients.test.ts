import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/close.ts';
import { Random } from '../core/random.ts';
import type { Tensor } from '../core/tensor.ts';
import { cast, greater, mul, reduceSum, relu, where } from './builders.ts';
import { gradientsOf } from './gradients.ts';
import type { Value } from './graph.ts';
import { toOnnx } from './onnx/writer.ts';
import type { OperatorName } from './operators/attributes.ts';
import { createGraph, operatorOf, operatorTable } from './operators/table.ts';
import { runGraph } from './run-graph.ts';
import { Session } from './runtime/onnxruntime.ts';

/** A scalar that depends on every element of the output differently. */
function probe(y: Value, weights: Float32Array<ArrayBuffer>): Value {
  return reduceSum(mul(y, y.graph.constant(y.shape, weights)));
}

/** Compares the emitted gradient with central differences of the operator's own forward pass. */
async function check(op: OperatorName, inputs: readonly Tensor[], attributes: unknown): Promise<void> {
  const random = Random.of(7, op);
  const graph = createGraph();
  const xs = inputs.map((t, i) => graph.input(`x${i}`, t.shape));
  // Where takes a condition, which is no float input: half the elements, fixed
  const condition = op === 'Where' ? [greater(graph.constant(inputs[0]!.shape, [1, -1, 1, -1, 1, -1]), 0)] : [];
  const y = graph.apply(op, [...condition, ...xs], attributes as never);
  const weights = Float32Array.from({ length: y.shape.reduce((a, b) => a * b, 1) }, () => random.normal());
  const loss = probe(y, weights);
  const gradients = gradientsOf(loss, xs);
  const feeds = Object.fromEntries(inputs.map((t, i) => [`x${i}`, t]));
  const analytic = await runGraph(Object.fromEntries(gradients.map((g, i) => [`g${i}`, g])), feeds);
  const session = await Session.create(toOnnx({ y }));
  const value = async (at: number, k: number, delta: number): Promise<number> => {
    const data = Float32Array.from(inputs[at]!.data);
    data[k]! += delta;
    const { y: out } = await session.run({ ...feeds, [`x${at}`]: { shape: inputs[at]!.shape, data } });
    return out!.data.reduce((s, v, i) => s + v * weights[i]!, 0);
  };
  const h = 2e-3;
  for (const [at, t] of inputs.entries()) {
    const numeric: number[] = [];
    for (let k = 0; k < t.data.length; k++) {
      numeric.push(((await value(at, k, h)) - (await value(at, k, -h))) / (2 * h));
    }
    const scale = Math.max(1, ...numeric.map(Math.abs));
    expectClose(analytic[`g${at}`]!.data, numeric, `${op}, input ${at}`, { absolute: 4e-3 * scale, relative: 4e-3 });
  }
  await session.release();
}

describe('every operator', () => {
  for (const name of Object.keys(operatorTable) as OperatorName[]) {
    const { gradient, cases, doc } = operatorOf(name);
    it(`${name} is documented${gradient === 'none' ? ' and has no gradient' : ' and its gradient agrees with finite differences'}`, async () => {
      expect(doc.length).toBeGreaterThan(1);
      const list = cases(Random.of(1, name));
      if (gradient === 'none') expect(list).toEqual([]);
      else expect(list.length).toBeGreaterThan(0);
      for (const { inputs, attributes } of list) await check(name, inputs, attributes);
    });
  }
});

describe('gradientsOf', () => {
  it('adds the contributions of every use of a value', async () => {
    const graph = createGraph();
    const x = graph.input('x', [2]);
    const [g] = gradientsOf(reduceSum(mul(mul(x, x), x)), [x]);
    const { g: out } = await runGraph({ g: g! }, { x: { shape: [2], data: Float32Array.of(2, -3) } });
    expectClose(out!.data, [12, 27], 'derivative of x cubed');
  });

  it('is zero for what the loss does not depend on', async () => {
    const graph = createGraph();
    const x = graph.input('x', [2]);
    const unused = graph.input('unused', [3]);
    const [g] = gradientsOf(reduceSum(x), [unused]);
    expect([...(await runGraph({ g: g! }, {})).g!.data]).toEqual([0, 0, 0]);
  });

  it('refuses a parameter behind an operator without gradient', () => {
    const graph = createGraph();
    const x = graph.input('x', [2]);
    expect(() => gradientsOf(reduceSum(cast(greater(x, 0), 'float32')), [x])).toThrow(
      expect.objectContaining({ code: 'GRAPH_GRADIENT' }),
    );
  });

  it('passes conditions by, as they are not differentiable', async () => {
    const graph = createGraph();
    const x = graph.input('x', [2]);
    const [g] = gradientsOf(reduceSum(where(greater(x, 0), relu(x), 0)), [x]);
    expect([...(await runGraph({ g: g! }, { x: { shape: [2], data: Float32Array.of(2, -3) } })).g!.data]).toEqual([
      1, 0,
    ]);
  });
});
