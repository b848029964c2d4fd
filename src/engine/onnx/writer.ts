/** A graph as an ONNX model: only what the outputs need, weights and constants as raw float32. */
import { nodesFor, type Value, type ValueType } from '../graph.ts';
import type { OperatorName } from '../operators/attributes.ts';
import type { Emission, OnnxAttributes } from '../operators/operator.ts';
import { operatorOf } from '../operators/table.ts';
import { Merger } from './merger.ts';
import { IR_VERSION, OPSET } from './opset.ts';
import { encodeModel, type OnnxAttribute, type OnnxGraph, type OnnxValueInfo } from './schema.ts';

const elementType = { float32: 1, uint8: 2, int64: 7, bool: 9 } as const;

function attributeOf(name: string, value: OnnxAttributes[string]): OnnxAttribute {
  if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
  if (typeof value === 'number') return { name, type: 2, i: value };
  if ('float' in value) return { name, type: 1, f: value.float };
  return { name, type: 7, ints: [...value] };
}

function valueInfo(name: string, { dtype, shape }: ValueType): OnnxValueInfo {
  const dim = shape.map((d, i) => (d < 0 ? { dim_param: `${name}_${i}` } : { dim_value: d }));
  return { name, type: { tensor_type: { elem_type: elementType[dtype], shape: { dim } } } };
}

/** The graph that computes the named outputs, as ONNX messages. Inputs that no output needs are left out. */
export function toOnnxGraph(outputs: Readonly<Record<string, Value>>): OnnxGraph {
  const graph: OnnxGraph = { name: 'felfri', node: [], initializer: [], input: [], output: [] };
  const names = new Map<Value, string>();
  const integers = new Map<string, string>();
  const merger = new Merger(graph);
  const parts = new Map<string, string>();
  let fresh = 0;

  // what a node makes bears the output's name from the start: a copy under that name would be a pass over it
  for (const [name, value] of Object.entries(outputs)) if (value.node && !names.has(value)) names.set(value, name);

  const nameOf = (value: Value): string => {
    const known = names.get(value);
    if (known) return known;
    const name = value.input ?? (value.constant ? `c${value.id}` : `v${value.id}`);
    names.set(value, name);
    if (value.input !== undefined) graph.input.push(valueInfo(name, value));
    else if (value.constant) {
      const { buffer, byteOffset, byteLength } = value.constant;
      graph.initializer.push({
        name,
        dims: [...value.shape],
        data_type: 1,
        raw_data: new Uint8Array(buffer, byteOffset, byteLength),
      });
    }
    return name;
  };

  const small = (kind: 'i' | 'f', values: readonly number[], scalar: boolean): string => {
    const key = `${kind}${scalar}${values}`;
    const known = integers.get(key);
    if (known) return known;
    const name = `${kind}${integers.size}`;
    integers.set(key, name);
    const array = kind === 'i' ? BigInt64Array.from(values.map(BigInt)) : Float32Array.from(values);
    graph.initializer.push({
      name,
      dims: scalar ? [] : [values.length],
      data_type: kind === 'i' ? 7 : 1,
      raw_data: new Uint8Array(array.buffer),
    });
    return name;
  };

  const nodes = nodesFor(Object.values(outputs));
  const readers = new Map<Value, OperatorName[]>();
  for (const { op, inputs } of nodes) {
    for (const input of inputs) readers.set(input, [...(readers.get(input) ?? []), op]);
  }
  const asked = new Set(Object.values(outputs));
  for (const node of nodes) {
    const emission: Emission<unknown> = {
      inputs: node.inputs.map(nameOf),
      outputs: node.outputs.map(nameOf),
      attributes: node.attributes,
      inputTypes: node.inputs,
      outputTypes: node.outputs,
      isUsed: (output) => asked.has(node.outputs[output]!) || readers.has(node.outputs[output]!),
      readers: (output) => readers.get(node.outputs[output]!) ?? [],
      node: (op_type, input, output, attributes = {}) => {
        const made = typeof output === 'number' ? Array.from({ length: output }, () => `t${fresh++}`) : [...output];
        const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
        graph.node.push({ op_type, input: [...input], output: made, attribute });
        return made;
      },
      shared: (key, make) => {
        const name = parts.get(key) ?? make();
        parts.set(key, name);
        return name;
      },
      int64: (values, scalar = false) => small('i', values, scalar),
      float32: (values, scalar = false) => small('f', values, scalar),
      merge: (model, input) => merger.merge(model, input),
    };
    operatorOf(node.op).onnx(emission);
  }
  for (const [name, value] of Object.entries(outputs)) {
    if (nameOf(value) !== name) graph.node.push({ op_type: 'Identity', input: [nameOf(value)], output: [name] });
    graph.output.push(valueInfo(name, value));
  }
  return graph;
}

/** Declares batch, height and width of every map (N, C, H, W) open. Right only where no operator of the graph names a size. */
function openSizes(graph: OnnxGraph): OnnxGraph {
  for (const { name, type } of [...graph.input, ...graph.output]) {
    const dim = type.tensor_type?.shape?.dim;
    if (dim?.length !== 4) continue;
    for (const i of [0, 2, 3]) dim[i] = { dim_param: `${name}_${i}` };
  }
  return graph;
}

/** The bytes of an ONNX model that computes the named outputs; with `openSizes`, of images of any number and size. */
export function toOnnx(
  outputs: Readonly<Record<string, Value>>,
  options: { readonly openSizes?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const graph = toOnnxGraph(outputs);
  return encodeModel({
    ir_version: IR_VERSION,
    producer_name: 'felfri',
    opset_import: [{ domain: '', version: OPSET }],
    graph: options.openSizes ? openSizes(graph) : graph,
  });
}
