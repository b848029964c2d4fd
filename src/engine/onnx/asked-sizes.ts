/**
 * How many values the constants of a model ask for, before it runs: in whatever form a size is stated, as a weight, a Constant or an attribute,
 * and also where it is first copied, cast, joined or multiplied. What depends on the image is not known here.
 */
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor } from './schema.ts';

type Numbers = readonly number[];

/** Most values that a constant may ask for. */
const MOST_MADE = 2 ** 27;
/** No size has as many numbers. */
const MOST_NUMBERS = 4096;
const tooMany: Numbers = [Number.POSITIVE_INFINITY];

const readers: Readonly<Record<number, (buffer: ArrayBuffer) => Iterable<number | bigint>>> = {
  1: (buffer) => new Float32Array(buffer),
  6: (buffer) => new Int32Array(buffer),
  7: (buffer) => new BigInt64Array(buffer),
  11: (buffer) => new Float64Array(buffer),
};

/** The numbers of a small tensor of a type that sizes have; undefined of others. */
function numbersOf({ data_type, dims = [], raw_data, ...lists }: OnnxTensor): Numbers | undefined {
  const read = readers[data_type];
  if (!read || dims.reduce((a, b) => a * Number(b), 1) > MOST_NUMBERS) return undefined;
  if (raw_data?.length) return Array.from(read(Uint8Array.from(raw_data).buffer), Number);
  const { float_data, int32_data, int64_data, double_data } = lists;
  const listed = [float_data, int32_data, int64_data, double_data].find((list) => list?.length);
  return Array.from(listed ?? [], Number);
}

function constantOf({ t, i, ints, f, floats, name }: OnnxAttribute): Numbers | undefined {
  if (t) return numbersOf(t);
  if (name === 'value_int') return [Number(i ?? 0)];
  if (name === 'value_float') return [f ?? 0];
  const list = ints?.length ? ints : floats;
  return list && list.length > MOST_NUMBERS ? tooMany : list?.map(Number);
}

const first = ([a]: readonly Numbers[]): Numbers => a!;
const by =
  (combine: (a: number, b: number) => number) =>
  ([a, b]: readonly Numbers[]): Numbers =>
    Array.from({ length: Math.max(a!.length, b!.length) }, (_, i) =>
      combine(a![i % a!.length] ?? 0, b![i % b!.length] ?? 0),
    );

/** Operators through which constants are followed. */
const followed: Readonly<Record<string, (inputs: readonly Numbers[]) => Numbers>> = {
  ...{
    Identity: first,
    Cast: first,
    CastLike: first,
    Reshape: first,
    Squeeze: first,
    Unsqueeze: first,
    Flatten: first,
  },
  ...{ Abs: first, Neg: first, Floor: first, Ceil: first, Round: first },
  Concat: (all) => all.flat(),
  Add: by((a, b) => a + b),
  Sub: by((a, b) => a - b),
  Mul: by((a, b) => a * b),
  Div: by((a, b) => a / b),
  Pow: by((a, b) => a ** b),
  Max: by(Math.max),
  Min: by(Math.min),
  // whichever it is
  Where: ([, a, b]) => by((one, other) => Math.max(Math.abs(one), Math.abs(other)))([a!, b!]),
};

/** The constants of a graph by name, also where its nodes stand in no order. */
function constantsOf({ node, initializer }: Pick<OnnxGraph, 'node' | 'initializer'>): Map<string, Numbers> {
  const known = new Map<string, Numbers>();
  const users = new Map<string, OnnxNode[]>();
  const note = (name: string | undefined, numbers: Numbers | undefined): void => {
    if (name && numbers && !known.has(name)) known.set(name, numbers.length > MOST_NUMBERS ? tooMany : numbers);
  };
  for (const tensor of initializer) note(tensor.name, numbersOf(tensor));
  for (const one of node) {
    if (one.op_type === 'Constant') note(one.output[0], one.attribute?.map(constantOf).find(Boolean));
    else if (followed[one.op_type])
      for (const name of new Set(one.input)) {
        const those = users.get(name);
        if (those) those.push(one);
        else users.set(name, [one]);
      }
  }
  // a map gives what is put into it meanwhile, too
  for (const [name] of known) {
    for (const { op_type, input, output } of users.get(name) ?? []) {
      const values = input.map((one) => known.get(one));
      if (values.every((value) => value !== undefined)) note(output[0], followed[op_type]!(values));
    }
  }
  return known;
}

const product = (numbers: Numbers | undefined): number =>
  (numbers ?? []).reduce((all, one) => all * Math.max(1, Math.abs(one)), 1);

/** What lies before and behind each axis, the first half and the second. */
function padded(pads: Numbers = []): number {
  const rank = Math.floor(pads.length / 2);
  return product(Array.from({ length: rank }, (_, i) => pads[i]! + pads[i + rank]!));
}

type Inputs = readonly (Numbers | undefined)[];
type Asked = (inputs: Inputs, attributes: ReadonlyMap<string, Numbers>) => number;

const byInput =
  (...positions: number[]): Asked =>
  (inputs) =>
    Math.max(...positions.map((position) => product(inputs[position])));

const byWindow: Asked = (_, attributes) =>
  Math.max(
    padded(attributes.get('pads')),
    ...['strides', 'output_shape', 'output_padding'].map((name) => product(attributes.get(name))),
  );

/** What the output of an operator has at the least, as far as constants say. */
const asked: Readonly<Record<string, Asked>> = {
  ConstantOfShape: byInput(0),
  Expand: byInput(1),
  Tile: byInput(1),
  CenterCropPad: byInput(1),
  Col2Im: byInput(1),
  OneHot: byInput(1),
  DFT: byInput(1),
  Resize: byInput(2, 3),
  ...{ HannWindow: byInput(0), HammingWindow: byInput(0), BlackmanWindow: byInput(0) },
  MelWeightMatrix: ([bins, length]) => product(bins) * product(length),
  Range: ([from, to, step]) => (from && to && step ? Math.abs((to[0]! - from[0]!) / step[0]!) : 0),
  Pad: ([, pads]) => padded(pads),
  RoiAlign: (_, attributes) => product(attributes.get('output_height')) * product(attributes.get('output_width')),
  ...{ Conv: byWindow, ConvInteger: byWindow, QLinearConv: byWindow, ConvTranspose: byWindow },
  ...{ AveragePool: byWindow, MaxPool: byWindow, LpPool: byWindow },
};

const attributesOf = ({ attribute = [] }: OnnxNode): Map<string, Numbers> =>
  new Map(attribute.map(({ name, i, ints }) => [name, ints?.length ? ints.map(Number) : [Number(i ?? 0)]]));

/** Throws where a constant asks for an output of more values than a model may make. */
export function requireModestSizes(
  graph: Pick<OnnxGraph, 'node' | 'initializer'>,
  refuse: (why: string) => Error,
): void {
  const constants = constantsOf(graph);
  for (const node of graph.node) {
    const values = asked[node.op_type]?.(
      node.input.map((name) => constants.get(name)),
      attributesOf(node),
    );
    if (values !== undefined && !(values <= MOST_MADE))
      throw refuse(`its operator ${node.op_type} makes ${values} values of nothing; legal are ${MOST_MADE}`);
  }
}
