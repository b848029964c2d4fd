/**
 * Static 8-bit quantisation of a model (Jacob et al., Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
 * Inference, 2018): QuantizeLinear and DequantizeLinear nodes around convolutions, which onnxruntime turns into integer convolutions.
 * Activations are unsigned with a zero point, weights signed per output channel.
 */
import { FelfriError } from '../../core/errors.ts';
import { levelsOf, quantisedWeight } from './eight-bits.ts';
import { isMeasured, type Plan, planOf, readers } from './quantization-plan.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from './schema.ts';
import type { ValueRange } from './value-ranges.ts';

const [FLOAT, UINT8, INT8, INT32] = [1, 2, 3, 6];

const rawOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** The float values of an initialiser, copied so that they are aligned. */
function floatsOf({ name, raw_data }: OnnxTensor): Float32Array {
  if (raw_data?.length) return new Float32Array(Uint8Array.from(raw_data).buffer);
  throw new FelfriError('MODEL_INVALID', `the weight ${name} has no values in the model file`, { subject: name });
}

class Rewriter {
  readonly #plan: Plan;
  readonly #ranges: ReadonlyMap<string, ValueRange>;
  readonly #added = new Map<string, OnnxTensor>();
  readonly #weights = new Map<string, { integers: Int8Array; scales: Float32Array; dims: number[] }>();

  constructor(plan: Plan, ranges: ReadonlyMap<string, ValueRange>) {
    this.#plan = plan;
    this.#ranges = ranges;
  }

  get initializers(): OnnxTensor[] {
    return [...this.#added.values()];
  }

  #constant(name: string, data_type: number, dims: number[], values: ArrayBufferView): string {
    if (!this.#added.has(name)) this.#added.set(name, { name, data_type, dims, raw_data: rawOf(values) });
    return name;
  }

  /** The tensor whose range a tensor has: its own, or that of what it is pooled from. */
  #levels(name: string): { scale: number; zero: number } {
    let from = name;
    while (!isMeasured(from, this.#plan)) from = this.#plan.producers.get(from)!.input[0]!;
    const range = this.#ranges.get(from);
    if (range) return levelsOf(range);
    throw new FelfriError('MODEL_INVALID', `no range was measured for ${from}`, { subject: from });
  }

  /** Step and zero point of a tensor as constants. */
  #step(name: string): [string, string] {
    const { scale, zero } = this.#levels(name);
    return [
      this.#constant(`${name}/scale`, FLOAT, [], Float32Array.of(scale)),
      this.#constant(`${name}/zero`, UINT8, [], Uint8Array.of(zero)),
    ];
  }

  quantised(name: string): OnnxNode {
    return { op_type: 'QuantizeLinear', input: [name, ...this.#step(name)], output: [`${name}/8bit`] };
  }

  /**
   * The node with its inputs made float from their 8-bit forms, each by a node of its own: onnxruntime joins them with their reader, which
   * it cannot where two share one.
   */
  reading(node: OnnxNode): OnnxNode[] {
    const nodes: OnnxNode[] = [];
    const input = node.input.map((name, i) => {
      if (!this.#plan.tensors.has(name)) return name;
      const output = `${node.output[0]}/input${i}`;
      nodes.push({ op_type: 'DequantizeLinear', input: [`${name}/8bit`, ...this.#step(name)], output: [output] });
      return output;
    });
    return [...nodes, { ...node, input }];
  }

  #weight(name: string): { readonly integers: Int8Array; readonly scales: Float32Array; readonly dims: number[] } {
    const known = this.#weights.get(name);
    if (known) return known;
    const tensor = this.#plan.weights.get(name)!;
    const dims = tensor.dims.map(Number);
    const made = { ...quantisedWeight(floatsOf(tensor), dims[0]!), dims };
    this.#weights.set(name, made);
    return made;
  }

  /** Constant integers with a step for each output channel, made float under the name `output`. */
  #integers(name: string, type: number, dims: number[], values: ArrayBufferView, scales: Float32Array, output: string) {
    const zeros = type === INT8 ? new Int8Array(scales.length) : new Int32Array(scales.length);
    const input = [
      this.#constant(`${name}/integers`, type, dims, values),
      this.#constant(`${name}/scales`, FLOAT, [scales.length], scales),
      this.#constant(`${name}/zeros`, type, [scales.length], zeros),
    ];
    return { op_type: 'DequantizeLinear', input, output: [output], attribute: [{ name: 'axis', type: 2, i: 0 }] };
  }

  /** A convolution of 8-bit values: its bias in steps of input times weight. */
  convolution(node: OnnxNode): OnnxNode[] {
    const [x, w, b] = node.input as [string, string, string?];
    const { integers, scales, dims } = this.#weight(w);
    const own = node.output[0]!;
    const nodes = [this.#integers(w, INT8, dims, integers, scales, `${own}/weight`)];
    const input = [x, `${own}/weight`];
    if (b) {
      const steps = scales.map((s) => s * this.#levels(x).scale);
      const bias = floatsOf(this.#plan.weights.get(b)!);
      const rounded = Int32Array.from(bias, (v, i) => Math.round(v / steps[i]!));
      nodes.push(this.#integers(`${own}/bias`, INT32, [bias.length], rounded, steps, `${own}/bias`));
      input.push(`${own}/bias`);
    }
    return [...nodes, ...this.reading({ ...node, input })];
  }
}

/**
 * The model with its dense convolutions in 8 bits. `model` must hold its weights as float initialisers (as `foldConstants` leaves them);
 * `ranges` are those of `measuredTensors`. Throws MODEL_INVALID where one is missing, or where no convolution can be quantised.
 */
export function quantise(model: OnnxModel, ranges: ReadonlyMap<string, ValueRange>): OnnxModel {
  const { graph } = model;
  const plan = planOf(graph);
  if (plan.convolutions.size === 0) {
    throw new FelfriError('MODEL_INVALID', 'it has no convolution that could be computed in 8 bits', {
      subject: 'model',
    });
  }
  const rewriter = new Rewriter(plan, ranges);
  const given = graph.input.filter(({ name }) => plan.tensors.has(name)).map(({ name }) => rewriter.quantised(name));
  const body = graph.node.flatMap((n) => {
    const own = plan.convolutions.has(n) ? rewriter.convolution(n) : readers.has(n.op_type) ? rewriter.reading(n) : [n];
    return [...own, ...n.output.filter((name) => plan.tensors.has(name)).map((name) => rewriter.quantised(name))];
  });
  const node = [...given, ...body];
  const used = new Set(node.flatMap(({ input }) => input));
  const initializer = [...graph.initializer, ...rewriter.initializers].filter(({ name }) => used.has(name));
  return { ...model, graph: { ...graph, node, initializer } };
}
