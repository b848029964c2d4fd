/** ONNX files made by hand, message by message, as other exporters would write them. */
import {
  encodeModel,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from '../src/engine/onnx/schema.ts';

type AttributeValue = number | readonly number[] | string;

function attribute(name: string, value: AttributeValue): OnnxAttribute {
  if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
  return typeof value === 'number' ? { name, type: 2, i: value } : { name, type: 7, ints: [...value] };
}

export function node(
  op_type: string,
  input: string[],
  output: string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
): OnnxNode {
  return { op_type, input, output, attribute: Object.entries(attributes).map(([k, v]) => attribute(k, v)) };
}

/** A float32 weight. */
export function weight(name: string, dims: number[], at: (i: number) => number): OnnxTensor {
  const values = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => at(i));
  return { name, dims, data_type: 1, raw_data: new Uint8Array(values.buffer) };
}

/** A value of the given dimensions; text stands for an open one. */
export function info(name: string, dims: readonly (number | string)[], elem_type = 1): OnnxValueInfo {
  const dim = dims.map((d) => (typeof d === 'string' ? { dim_param: d } : { dim_value: d }));
  return { name, type: { tensor_type: { elem_type, shape: { dim } } } };
}

export interface HandMade {
  readonly opset: number;
  readonly nodes: OnnxNode[];
  readonly weights?: OnnxTensor[];
  readonly inputs?: OnnxValueInfo[];
  readonly outputs: OnnxValueInfo[];
}

/** A model; its input is an image `x` of any size unless told. */
export function handMade({ opset, nodes, weights = [], inputs, outputs }: HandMade): OnnxModel {
  return {
    ir_version: 7,
    producer_name: 'test',
    opset_import: [{ domain: '', version: opset }],
    graph: {
      name: 'g',
      node: nodes,
      initializer: weights,
      input: inputs ?? [info('x', ['n', 3, 'h', 'w'])],
      output: outputs,
    },
  };
}

export const bytesOf = (made: HandMade): Uint8Array => encodeModel(handMade(made));
