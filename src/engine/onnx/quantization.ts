/**
 * Static 8-bit quantisation of a model (Jacob et al., Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
 * Inference, 2018): QuantizeLinear and DequantizeLinear nodes around convolutions, which onnxruntime turns into integer convolutions.
 * Activations are unsigned with a zero point, weights signed per output channel.
 */
import { FelfriError } from '../../core/errors.ts';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from './schema.ts';

const [FLOAT, UINT8, INT8, INT32] = [1, 2, 3, 6];

/** Smallest and largest value that a tensor was seen to have. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/**
 * Largest magnitude of a weight. Seven bits: processors without 8-bit dot products add pairs of products in 16 bits, where eight would
 * saturate, and the same bundle would decide otherwise there.
 */
const LARGEST_WEIGHT = 63;

/**
 * Channels in and out below which a convolution stays in float: it costs little, and its first or last digits decide. So does a 1x1 one, which is
 * not faster in 8 bits once its input is quantised (docs/experiments.md).
 */
const FEWEST_CHANNELS = 8;

/** What may read the 8-bit form of a tensor; anything else reads the float one. */
const readers = new Set(['Conv', 'ConvTranspose', 'MaxPool', 'Concat']);

interface Plan {
  readonly convolutions: ReadonlySet<OnnxNode>;
  /** Tensors that get an 8-bit form; a pooled one takes the scale of what it is pooled from. */
  readonly tensors: ReadonlySet<string>;
  readonly producers: ReadonlyMap<string, OnnxNode>;
  readonly weights: ReadonlyMap<string, OnnxTensor>;
}

const groupOf = ({ attribute }: OnnxNode): number => Number(attribute?.find(({ name }) => name === 'group')?.i ?? 1);

function planOf({ node, initializer }: OnnxGraph): Plan {
  const weights = new Map(initializer.map((tensor) => [tensor.name, tensor]));
  const producers = new Map(node.flatMap((n) => n.output.map((name) => [name, n] as const)));
  const convolutions = new Set(
    node.filter((n) => {
      const weight = n.op_type === 'Conv' && groupOf(n) === 1 ? weights.get(n.input[1]!) : undefined;
      return (
        weight?.data_type === FLOAT &&
        Number(weight.dims[2]) > 1 &&
        Math.min(Number(weight.dims[0]), Number(weight.dims[1])) >= FEWEST_CHANNELS
      );
    }),
  );
  const tensors = new Set<string>();
  const add = (name: string): void => {
    if (tensors.has(name) || weights.has(name)) return;
    tensors.add(name);
    const producer = producers.get(name);
    if (producer?.op_type === 'Concat') producer.input.forEach(add);
    if (producer?.op_type === 'MaxPool') add(producer.input[0]!);
  };
  const consumers = (name: string): OnnxNode[] => node.filter(({ input }) => input.includes(name));
  for (const { input, output } of convolutions) {
    add(input[0]!);
    // what comes out is 8 bits too where nothing needs it in float: only then is the convolution computed in integers
    const [next, ...more] = consumers(output[0]!);
    const result = next?.op_type === 'Relu' && more.length === 0 ? next.output[0]! : output[0]!;
    const reading = consumers(result);
    if (reading.length > 0 && reading.every(({ op_type }) => readers.has(op_type))) add(result);
  }
  return { convolutions, tensors, producers, weights };
}

/** Whether the tensor has a range of its own. */
const isMeasured = (name: string, { producers }: Plan): boolean => producers.get(name)?.op_type !== 'MaxPool';

/** How many convolutions `quantise` would compute in 8 bits, and how many there are. */
export function convolutionCounts({ graph }: OnnxModel): { convolutions: number; allConvolutions: number } {
  const all = graph.node.filter(({ op_type }) => op_type === 'Conv' || op_type === 'ConvTranspose').length;
  return { convolutions: planOf(graph).convolutions.size, allConvolutions: all };
}

const observed = (name: string, which: 'low' | 'high'): string => `${name}/${which}`;

/** The tensors whose ranges `quantise` needs. */
export function measuredTensors({ graph }: OnnxModel): string[] {
  const plan = planOf(graph);
  return [...plan.tensors].filter((name) => isMeasured(name, plan));
}

/** The model with two outputs more for each of the tensors: the smallest and the largest of its values. */
export function withRanges(model: OnnxModel, tensors: readonly string[]): OnnxModel {
  const { graph } = model;
  const reduce = (op_type: string, name: string, which: 'low' | 'high'): OnnxNode => ({
    op_type,
    input: [name],
    output: [observed(name, which)],
    attribute: [{ name: 'keepdims', type: 2, i: 0 }],
  });
  const nodes = tensors.flatMap((name) => [reduce('ReduceMin', name, 'low'), reduce('ReduceMax', name, 'high')]);
  const output = nodes.map((n) => ({
    name: n.output[0]!,
    type: { tensor_type: { elem_type: FLOAT, shape: { dim: [] } } },
  }));
  return {
    ...model,
    graph: { ...graph, node: [...graph.node, ...nodes], output: [...graph.output, ...output] },
  };
}

/** The ranges in what a model of `withRanges` gave. */
export function rangesIn(
  fetched: Readonly<Record<string, { readonly data: Float32Array }>>,
  tensors: readonly string[],
): Map<string, ValueRange> {
  return new Map(
    tensors.map((name) => [
      name,
      { low: fetched[observed(name, 'low')]!.data[0]!, high: fetched[observed(name, 'high')]!.data[0]! },
    ]),
  );
}

/** In 8 bits what is not finite would become 0, and with it the sign that something is wrong. */
function requireFiniteValues(values: ArrayLike<number>, what: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new FelfriError('MODEL_INVALID', `${what} of the model is ${values[i]}; train it again`);
  }
}

/** Step and zero point of 256 levels that hold the range and, exactly, zero. */
export function levelsOf({ low, high }: ValueRange): { scale: number; zero: number } {
  requireFiniteValues([low, high], 'a range of values');
  const [from, to] = [Math.min(low, 0), Math.max(high, 0)];
  // a step that float32 cannot hold is none
  const scale = Math.fround(to - from > 1e-30 ? (to - from) / 255 : 1);
  return { scale, zero: Math.min(255, Math.max(0, Math.round(-from / scale))) };
}

/** Integers of at most `LARGEST_WEIGHT` in magnitude, and the step of each output channel. */
export function quantisedWeight(values: Float32Array, channels: number): { integers: Int8Array; scales: Float32Array } {
  const size = values.length / channels;
  const integers = new Int8Array(values.length);
  requireFiniteValues(values, 'a weight');
  const scales = new Float32Array(channels);
  for (let c = 0; c < channels; c++) {
    let largest = 0;
    for (let i = c * size; i < (c + 1) * size; i++) largest = Math.max(largest, Math.abs(values[i]!));
    const scale = largest > 1e-30 ? Math.fround(largest / LARGEST_WEIGHT) : 1;
    scales[c] = scale;
    for (let i = c * size; i < (c + 1) * size; i++) integers[i] = Math.round(values[i]! / scale);
  }
  return { integers, scales };
}

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
