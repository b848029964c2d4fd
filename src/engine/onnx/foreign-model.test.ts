import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { bytesOf, type HandMade, handMade, info, node, weight } from '../../../test/onnx-file.ts';
import { FelfriError } from '../../core/errors.ts';
import { tensor } from '../../core/tensor.ts';
import { add, foreign } from '../builders.ts';
import { createGraph } from '../operators/table.ts';
import { runGraph } from '../run-graph.ts';
import { Session } from '../runtime/onnxruntime.ts';
import { foreignModelAlone, readForeignModel } from './foreign-model.ts';
import { decodeModel, encodeModel, type OnnxModel } from './schema.ts';
import { toOnnx } from './writer.ts';

const image = tensor(
  [1, 3, 8, 6],
  Array.from({ length: 144 }, (_, i) => Math.sin(i * 0.7) + 0.01 * i),
);

const any = info('y', ['a', 'b', 'c', 'd']);
const convolution: HandMade = {
  opset: 17,
  nodes: [
    node('Conv', ['x', 'w'], ['c'], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
    node('Relu', ['c'], ['y']),
    node('Sigmoid', ['c'], ['unneeded']),
  ],
  weights: [weight('w', [4, 3, 3, 3], (i) => Math.cos(i)), weight('w.unneeded', [7], () => 1)],
  outputs: [any],
};

function refusal(bytes: Uint8Array, outputs?: readonly string[]): FelfriError {
  try {
    readForeignModel(bytes, 'file.onnx', outputs);
  } catch (error) {
    expect(error).toBeInstanceOf(FelfriError);
    return error as FelfriError;
  }
  throw new Error('nothing was refused');
}

/** What the file gives when onnxruntime runs it as it is, and what our form of it gives. */
async function both(made: HandMade, outputs?: readonly string[]): Promise<[number[], number[]]> {
  const bytes = bytesOf(made);
  const model = readForeignModel(bytes, 'file.onnx', outputs);
  const name = model.outputs[0]!;
  const run = async (b: Uint8Array): Promise<number[]> => {
    const session = await Session.create(b);
    const found = await session.run({ x: image }, [name]);
    await session.release();
    return [...found[name]!.data];
  };
  return [await run(bytes), await run(foreignModelAlone(model))];
}

describe('a model from an ONNX file', () => {
  it('becomes part of a graph, twice with its weights once, whatever its names are', async () => {
    const model = readForeignModel(bytesOf(convolution), 'file.onnx');
    expect(model.nodes.map((n) => n.op_type)).toEqual(['Conv', 'Relu']);
    expect(model.weights.map((w) => w.name)).toEqual(['w']);
    const graph = createGraph();
    const x = graph.input('x', image.shape);
    const shape = [1, 4, 8, 6];
    const once = foreign(x, model, [shape])[0]!;
    expect(foreign(x, model, [shape])[0]).toBe(once);
    // the file's own names are input and output names of ours
    const outputs = { c: add(once, foreign(add(x, 1), model, [shape])[0]!), w: once };
    const { graph: written } = decodeModel(toOnnx(outputs));
    expect(written.initializer.filter((t) => t.raw_data!.byteLength === 4 * 108)).toHaveLength(1);
    const got = await runGraph(outputs, { x: image });
    const session = await Session.create(bytesOf(convolution));
    const direct = async (shift: number) =>
      (
        await session.run({
          x: tensor(
            image.shape,
            image.data.map((v) => v + shift),
          ),
        })
      )['y']!.data;
    const [plain, moved] = [await direct(0), await direct(1)];
    expectClose(got['w']!.data, plain, 'once');
    expectClose(
      got['c']!.data,
      plain.map((v, i) => v + moved[i]!),
      'twice',
    );
  });

  it('may end at any value within it', async () => {
    const model = readForeignModel(bytesOf(convolution), 'file.onnx', ['unneeded', 'c']);
    expect(model.outputs).toEqual(['unneeded', 'c']);
    expect(model.fingerprint).not.toBe(readForeignModel(bytesOf(convolution), 'file.onnx', ['c']).fingerprint);
  });

  it.each(['ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceL2', 'ReduceLogSumExp', 'ReduceSumSquare'])(
    'of opset 13 with axes in %s is rewritten',
    async (op) => {
      const [old, ours] = await both({
        opset: 13,
        nodes: [node(op, ['x'], ['y'], { axes: [2, -1], keepdims: 1 })],
        outputs: [any],
      });
      expect(old).toHaveLength(3);
      expectClose(ours, old, op);
    },
  );

  it('keeps reductions over all axes, and Split into equal parts, as they were', async () => {
    const [old, ours] = await both({
      opset: 13,
      nodes: [
        node('Split', ['x'], ['a', 'b'], { axis: 3 }),
        node('ReduceMean', ['b'], ['m']),
        node('Mul', ['a', 'm'], ['y']),
      ],
      outputs: [any],
    });
    expect(old).toHaveLength(72);
    expectClose(ours, old, 'Split');
  });

  it('of opset 21 is written in the form of 18', async () => {
    const [old, ours] = await both({
      opset: 21,
      nodes: [
        node('AveragePool', ['x'], ['p'], { kernel_shape: [2, 2], strides: [2, 2], dilations: [1, 1] }),
        node('Cast', ['p'], ['y'], { to: 1, saturate: 1 }),
      ],
      outputs: [any],
    });
    expect(old).toHaveLength(36);
    expectClose(ours, old, 'opset 21');
  });
});

describe('a model is refused', () => {
  const altered = (change: (model: OnnxModel) => void): Uint8Array => {
    const model = structuredClone(handMade(convolution));
    change(model);
    return encodeModel(model);
  };

  it('when it is no model', () => {
    for (const bytes of [Buffer.from('no model at all'), new Uint8Array(0)]) {
      expect(refusal(bytes)).toMatchObject({ code: 'MODEL_INVALID' });
    }
  });

  it.each([
    [12, '13 to 21'],
    [22, '13 to 21'],
  ])('of opset %d', (opset, said) => {
    expect(refusal(bytesOf({ ...convolution, opset })).message).toContain(said);
  });

  it.each<[string, number, ReturnType<typeof node>, string]>([
    [
      'an operator of another domain',
      17,
      { ...node('FusedConv', ['x'], ['y']), domain: 'com.microsoft' },
      'com.microsoft',
    ],
    [
      'a branch',
      17,
      { ...node('If', ['x'], ['y']), attribute: [{ name: 'then_branch', type: 5, g: { name: 'then' } }] },
      'operator If',
    ],
    ['an operator younger than 18', 20, node('Gelu', ['x'], ['y']), 'Gelu of opset 20'],
    ['a mode younger than 18', 19, node('Pad', ['x', 'p'], ['y'], { mode: 'wrap' }), 'wrap'],
    [
      'GroupNormalization as of 21',
      21,
      node('GroupNormalization', ['x', 's', 'b'], ['y'], { num_groups: 3 }),
      'opset 21',
    ],
    [
      'BatchNormalization that trains',
      13,
      node('BatchNormalization', ['x', 's', 'b', 'm', 'v'], ['y', 'a', 'c']),
      'training',
    ],
    [
      'padding as large as memory',
      18,
      node('Conv', ['x', 'w'], ['y'], { pads: [20000, 20000, 20000, 20000] }),
      'values of nothing',
    ],
  ])('with %s, naming it', (_, opset, n, said) => {
    const error = refusal(bytesOf({ opset, nodes: [n], outputs: [any] }));
    expect(error.code).toBe('MODEL_INVALID');
    expect(error.message).toContain(n.op_type);
    expect(error.message).toContain(said);
  });

  it('with functions, sparse weights, or weights elsewhere', () => {
    expect(refusal(altered((m) => (m.functions = [{ name: 'f' }]))).message).toContain('functions');
    expect(refusal(altered((m) => (m.graph.sparse_initializer = [{ dims: [2] }]))).message).toContain('sparse');
    expect(refusal(altered((m) => (m.graph.initializer[0]!.data_location = 1))).message).toContain('another file');
  });

  it('with two inputs or one that is no float32', () => {
    const two = [info('x', [1, 3, 8, 8]), info('z', [1])];
    expect(refusal(bytesOf({ ...convolution, inputs: two })).message).toContain('2 inputs (x, z)');
    expect(refusal(bytesOf({ ...convolution, inputs: [info('x', [1, 3, 8, 8], 2)] })).message).toContain('float32');
    expect(() => readForeignModel(bytesOf(convolution), 'f', undefined, 'uint8')).toThrow(/legal is pixels/);
    // weights listed as inputs, as old exporters do, are none
    const listed = [...two.slice(0, 1), info('w', [4, 3, 3, 3])];
    expect(readForeignModel(bytesOf({ ...convolution, inputs: listed }), 'f').input).toBe('x');
  });

  it('when its outputs are unknown or must be chosen', () => {
    expect(refusal(bytesOf(convolution), ['nothing'])).toMatchObject({ code: 'OPTION_INVALID' });
    const several = bytesOf({ ...convolution, outputs: [any, info('unneeded', [1])] });
    expect(refusal(several).message).toContain('2 outputs: y, unneeded');
  });
});
