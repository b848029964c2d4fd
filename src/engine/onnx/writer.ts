/** A graph as an ONNX model: only what the outputs need, weights and constants as raw float32. */
import { type Node, nodesFor, type Value } from '../graph.ts';
import type { OperatorName } from '../operators/attributes.ts';
import type { Emission, OnnxAttributes } from '../operators/operator.ts';
import { operatorOf } from '../operators/table.ts';
import type { ValueType } from '../types.ts';
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

/** Writes the nodes of a graph one by one; names, small constants and shared parts are made when first needed. */
class GraphWriter {
  readonly graph: OnnxGraph = { name: 'felfri', node: [], initializer: [], input: [], output: [] };
  readonly #outputs: ReadonlySet<Value>;
  readonly #names = new Map<Value, string>();
  readonly #smalls = new Map<string, string>();
  readonly #parts = new Map<string, string>();
  readonly #merger = new Merger(this.graph);
  /** The operators that read each value. */
  readonly #readers = new Map<Value, OperatorName[]>();
  #fresh = 0;

  constructor(outputs: Readonly<Record<string, Value>>, nodes: readonly Node[]) {
    this.#outputs = new Set(Object.values(outputs));
    // what a node makes bears the output's name from the start: a copy under that name would be a pass over it
    for (const [name, value] of Object.entries(outputs))
      if (value.node && !this.#names.has(value)) this.#names.set(value, name);
    for (const { op, inputs } of nodes) {
      for (const input of inputs) this.#readers.set(input, [...(this.#readers.get(input) ?? []), op]);
    }
  }

  /** The name of a value; an input or a constant is declared when it is first named. */
  #nameOf(value: Value): string {
    const known = this.#names.get(value);
    if (known) return known;
    const name = value.input ?? value.kept ?? (value.constant ? `c${value.id}` : `v${value.id}`);
    this.#names.set(value, name);
    if (value.input !== undefined) this.graph.input.push(valueInfo(name, value));
    else if (value.constant) {
      const { buffer, byteOffset, byteLength } = value.constant;
      const raw_data = new Uint8Array(buffer, byteOffset, byteLength);
      this.graph.initializer.push({ name, dims: [...value.shape], data_type: 1, raw_data });
    }
    return name;
  }

  /** The name of a few integers or floats as an initialiser; equal ones are one. */
  #small(kind: 'i' | 'f', values: readonly number[], scalar: boolean): string {
    const key = `${kind}${scalar}${values}`;
    const known = this.#smalls.get(key);
    if (known) return known;
    const name = `${kind}${this.#smalls.size}`;
    this.#smalls.set(key, name);
    const array = kind === 'i' ? BigInt64Array.from(values.map(BigInt)) : Float32Array.from(values);
    this.graph.initializer.push({
      name,
      dims: scalar ? [] : [values.length],
      data_type: kind === 'i' ? 7 : 1,
      raw_data: new Uint8Array(array.buffer),
    });
    return name;
  }

  #push(
    op_type: string,
    input: readonly string[],
    output: number | readonly string[],
    attributes: OnnxAttributes = {},
  ): string[] {
    const made = typeof output === 'number' ? Array.from({ length: output }, () => `t${this.#fresh++}`) : [...output];
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
    this.graph.node.push({ op_type, input: [...input], output: made, attribute });
    return made;
  }

  #shared(key: string, make: () => string): string {
    const name = this.#parts.get(key) ?? make();
    this.#parts.set(key, name);
    return name;
  }

  /** What an operator is told of its node, and what it may write. */
  #emissionOf(node: Node): Emission<unknown> {
    return {
      inputs: node.inputs.map((input) => this.#nameOf(input)),
      outputs: node.outputs.map((output) => this.#nameOf(output)),
      attributes: node.attributes,
      inputTypes: node.inputs,
      outputTypes: node.outputs,
      isUsed: (output) => this.#outputs.has(node.outputs[output]!) || this.#readers.has(node.outputs[output]!),
      readers: (output) => this.#readers.get(node.outputs[output]!) ?? [],
      node: (...written) => this.#push(...written),
      shared: (key, make) => this.#shared(key, make),
      int64: (values, scalar = false) => this.#small('i', values, scalar),
      float32: (values, scalar = false) => this.#small('f', values, scalar),
      merge: (model, input) => this.#merger.merge(model, input),
    };
  }

  write(node: Node): void {
    operatorOf(node.op).onnx(this.#emissionOf(node));
  }

  /** Declares an output; a value that bears another name is passed on under this one. */
  output(name: string, value: Value): void {
    const own = this.#nameOf(value);
    if (own !== name) this.graph.node.push({ op_type: 'Identity', input: [own], output: [name] });
    this.graph.output.push(valueInfo(name, value));
  }
}

/** The graph that computes the named outputs, as ONNX messages. Inputs that no output needs are left out. */
export function toOnnxGraph(outputs: Readonly<Record<string, Value>>): OnnxGraph {
  const nodes = nodesFor(Object.values(outputs));
  const writer = new GraphWriter(outputs, nodes);
  for (const node of nodes) writer.write(node);
  for (const [name, value] of Object.entries(outputs)) writer.output(name, value);
  return writer.graph;
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
