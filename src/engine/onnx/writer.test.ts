import { describe, expect, it } from 'vitest';
import { add, matMul, mul, reduceSum, relu, slice } from '../builders.ts';
import { createGraph } from '../operators/table.ts';
import { Session } from '../runtime/onnxruntime.ts';
import { decodeModel } from './schema.ts';
import { toOnnx, toOnnxGraph } from './writer.ts';

const dimensions = (info: ReturnType<typeof toOnnxGraph>['input'][number]): unknown[] =>
  info.type.tensor_type!.shape!.dim.map((d) => d.dim_param || Number(d.dim_value));

describe('the ONNX writer', () => {
  it('leaves out inputs, constants and nodes that no output needs', () => {
    const graph = createGraph();
    const x = graph.input('x', [2]);
    const unused = graph.input('unused', [2]);
    relu(add(unused, graph.constant([2], [5, 6])));
    const written = toOnnxGraph({ y: mul(x, graph.constant([2], [3, 4])) });
    expect(written.input.map((i) => i.name)).toEqual(['x']);
    expect(written.initializer).toHaveLength(1);
    expect(written.node.map((n) => n.op_type)).toEqual(['Mul']);
  });

  it('writes a shared value once', () => {
    const graph = createGraph();
    const x = graph.input('x', [2]);
    const written = toOnnxGraph({ a: relu(x), b: add(relu(x), relu(x)) });
    expect(written.node.filter((n) => n.op_type === 'Relu')).toHaveLength(1);
    expect(written.output.map((o) => o.name)).toEqual(['a', 'b']);
  });

  it('is read again as what was written', () => {
    const graph = createGraph();
    const x = graph.input('x', [2, 3]);
    const weights = [0.5, -1, 2, 3, 1e-8, 1e30];
    const y = matMul(slice(x, 1, 0, 3, 2), graph.constant([2, 3], weights));
    const outputs = { y: reduceSum(y, [0]) };
    const model = decodeModel(toOnnx(outputs));
    expect(model.opset_import.map(({ version }) => Number(version))).toEqual([18]);
    const written = toOnnxGraph(outputs);
    const read = model.graph;
    expect(read.node.map(({ op_type, input, output }) => [op_type, input, output])).toEqual(
      written.node.map(({ op_type, input, output }) => [op_type, input, output]),
    );
    expect(dimensions(read.input[0]!)).toEqual([2, 3]);
    expect(dimensions(read.output[0]!)).toEqual([3]);
    const constant = read.initializer.find((t) => t.data_type === 1 && t.dims.length === 2)!;
    expect(constant.dims.map(Number)).toEqual([2, 3]);
    const bytes = Uint8Array.from(constant.raw_data!);
    expect([...new Float32Array(bytes.buffer)]).toEqual(weights.map(Math.fround));
  });

  it('names a size that is known only when an image comes', () => {
    const graph = createGraph();
    const pixels = graph.input('pixels', [-1, -1, 3], 'uint8');
    const fitted = graph.apply('FitImage', [pixels], { height: 4, width: 4, fit: 'stretch' });
    const written = toOnnxGraph({ fitted });
    expect(dimensions(written.input[0]!)).toEqual(['pixels_0', 'pixels_1', 3]);
    expect(written.input[0]!.type.tensor_type!.elem_type).toBe(2);
  });

  it('writes an input or a constant that is itself an output', async () => {
    const graph = createGraph();
    const x = graph.input('x', [2]);
    const session = await Session.create(toOnnx({ same: x, constant: graph.constant([1], [7]) }));
    const out = await session.run({ x: { shape: [2], data: Float32Array.of(1, 2) } });
    expect([...out['same']!.data]).toEqual([1, 2]);
    expect([...out['constant']!.data]).toEqual([7]);
    await session.release();
  });
});
