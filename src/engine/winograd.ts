/**
 * Convolutions with fewer multiplications (Winograd; Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016): tiles of
 * the map and the kernel are carried to points of polynomials, where convolving is a product for each point, and back. All three maps
 * are constant matrices, so it is written in ordinary operators, its gradients follow from theirs, and the weight gradient too is
 * taken at the points, with what the forward pass already carried there.
 */
import { add, type ConvOptions, conv, matMul, mul, reshape, sliceAll, transpose, turn } from './builders.ts';
import type { Graph, Value } from './graph.ts';
import { remakeable } from './remaking.ts';

type Matrix = readonly (readonly number[])[];

/** Points for tiles of n inputs, besides infinity: small numbers, whose powers lose least in float32. */
const points: Readonly<Record<number, readonly number[]>> = {
  4: [0, 1, -1],
  5: [0, 1, -1, 0.5],
  6: [0, 1, -1, 0.5, -2],
  7: [0, 1, -1, 0.5, -2, 2],
  8: [0, 1, -1, 0.5, -0.5, 2, -2],
};

/** Coefficients, constant first, of the polynomial with these roots. */
function polynomial(roots: readonly number[]): number[] {
  return roots.reduce(
    (c, root) => Array.from({ length: c.length + 1 }, (_, i) => (c[i - 1] ?? 0) - root * (c[i] ?? 0)),
    [1],
  );
}

export interface Transforms {
  /** (m, n): from the points to m outputs. */
  readonly output: Matrix;
  /** (n, r): a kernel of r weights to the points. */
  readonly weights: Matrix;
  /** (n, n): n = m + r - 1 inputs to the points. */
  readonly input: Matrix;
}

/** Cook and Toom's construction of F(m, r): y = output ((weights g) * (input d)) is y_i = sum over k of g_k d_(i + k). */
export function transformsOf(m: number, r: number): Transforms {
  const n = m + r - 1;
  const finite = points[n]!;
  const powers = (x: number, count: number): number[] => Array.from({ length: count }, (_, k) => x ** k);
  const unit = (count: number): number[] => Array.from({ length: count }, (_, k) => (k === count - 1 ? 1 : 0));
  const others = finite.map((x) => finite.filter((y) => y !== x));
  return {
    output: Array.from({ length: m }, (_, i) => [...finite.map((x) => x ** i), i === m - 1 ? 1 : 0]),
    weights: [
      ...finite.map((x, i) => powers(x, r).map((v) => v / others[i]!.reduce((product, y) => product * (x - y), 1))),
      unit(r),
    ],
    input: [...others.map((roots) => [...polynomial(roots), 0]), polynomial(finite)],
  };
}

/** Outputs of a tile along an axis with so many of them: the count for which all tiles have the fewest points. */
export function tileFor(outputs: number, kernel: number): number {
  const cost = (m: number): number => (m + kernel - 1) * Math.ceil(outputs / m);
  return [2, 3, 4].reduce((best, m) => (cost(m) < cost(best) ? m : best));
}

const constants = new WeakMap<Graph, Map<string, Value>>();

/** A matrix as a constant; one for each graph and content. */
function constant(graph: Graph, key: string, make: () => Matrix): Value {
  const known = constants.get(graph) ?? new Map<string, Value>();
  constants.set(graph, known);
  const ready = known.get(key);
  if (ready) return ready;
  const rows = make();
  const value = graph.constant([rows.length, rows[0]!.length], rows.flat());
  known.set(key, value);
  return value;
}

/** One axis of the map: how its positions go to the points of all tiles, and back. */
interface Axis {
  readonly tiles: number;
  readonly points: number;
  /** (points, kernel). */
  readonly weights: Matrix;
  /** (points x tiles, length): row (p, t) is point p of tile t; beyond the map is zero. */
  readonly enter: Value;
  /** (outputs, points x tiles). */
  readonly leave: Value;
}

function axisOf(graph: Graph, length: number, kernel: number, pads: readonly [number, number]): Axis {
  const outputs = length + pads[0] + pads[1] - kernel + 1;
  const m = tileFor(outputs, kernel);
  const { input, output, weights } = transformsOf(m, kernel);
  const tiles = Math.ceil(outputs / m);
  const key = `${length} ${kernel} ${pads}`;
  const enter = (): Matrix =>
    input.flatMap((row) =>
      Array.from({ length: tiles }, (_, t) => Array.from({ length }, (_, at) => row[at - t * m + pads[0]] ?? 0)),
    );
  const leave = (): Matrix =>
    Array.from({ length: outputs }, (_, at) =>
      Array.from({ length: input.length * tiles }, (_, column) =>
        column % tiles === Math.floor(at / m) ? output[at % m]![Math.floor(column / tiles)]! : 0,
      ),
    );
  return {
    tiles,
    points: input.length,
    weights,
    enter: constant(graph, `enter ${key}`, enter),
    leave: constant(graph, `leave ${key}`, leave),
  };
}

/** The map from a kernel (r x r) to its points along two axes, (points x points, r x r). */
function kernelMap(graph: Graph, down: Matrix, across: Matrix): Value {
  return constant(graph, `kernel ${JSON.stringify([down, across])}`, () =>
    down.flatMap((a) => across.map((b) => a.flatMap((x) => b.map((y) => x * y)))),
  );
}

/** Kernels of so many numbers, which a processor's cache holds, are made again rather than kept; larger ones pass through memory twice. */
const MOST_NUMBERS_TO_REMAKE = 2 ** 21;

/** The first number of a value, as (1, 1). */
const firstOf = (x: Value): Value =>
  reshape(
    sliceAll(
      x,
      x.shape.map(() => 0),
      x.shape.map(() => 1),
      x.shape.map(() => 1),
    ),
    [1, 1],
  );

type Pads = readonly [number, number, number, number];

/**
 * conv(x, weight, bias) of x (N, C, H, W) with square kernels (O, C, r, r), r of 3 or 5; pads are [above, left, below, right].
 * Results differ from conv's by rounding, about 1e-5 of the largest.
 */
export function winogradConv(x: Value, weight: Value, bias: Value | undefined, pads: Pads): Value {
  const { graph } = x;
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const [o, , r] = weight.shape as [number, number, number, number];
  const rows = axisOf(graph, h, r, [pads[0], pads[2]]);
  const columns = axisOf(graph, w, r, [pads[1], pads[3]]);
  const [p, q] = [rows.points, columns.points];
  const [oh, ow] = [rows.leave.shape[0]!, columns.leave.shape[0]!];

  // positions first and channels last, so that each map along an axis is one product and nothing is gathered
  const turned = reshape(turn(reshape(x, [n * c, h * w])), [h, w * n * c]);
  const down = reshape(matMul(rows.enter, turned), [p * rows.tiles, w, n * c]);
  const across = reshape(matMul(columns.enter, down), [p, rows.tiles, q, columns.tiles * n * c]);
  const tiles = rows.tiles * columns.tiles * n;
  const entered = reshape(transpose(across, [0, 2, 1, 3]), [p * q, tiles, c]);

  const map = kernelMap(graph, rows.weights, columns.weights);
  const flat = reshape(weight, [o * c, r * r]);
  const kernelsBy = (by: Value, turned: Value): Value =>
    transpose(reshape(matMul(by, turned), [p * q, o, c]), [0, 2, 1]);
  const kernels = kernelsBy(map, turn(flat));
  // up to four times the weights, so not kept for the way back
  if (p * q * o * c <= MOST_NUMBERS_TO_REMAKE) {
    remakeable(kernels, (after) => kernelsBy(add(map, mul(firstOf(after), 0)), transpose(flat, [1, 0])));
  }
  const products = matMul(entered, kernels);

  const apart = transpose(reshape(products, [p, q, rows.tiles, columns.tiles * n * o]), [0, 2, 1, 3]);
  const back = matMul(columns.leave, reshape(apart, [p * rows.tiles, q * columns.tiles, n * o]));
  const out = reshape(matMul(rows.leave, reshape(back, [p * rows.tiles, ow * n * o])), [oh * ow * n, o]);
  const shifted = bias ? add(out, bias) : out;
  return reshape(turn(reshape(shifted, [oh * ow, n * o])), [n, o, oh, ow]);
}

/** Where it was measured to be the quicker one (docs/experiments/speed.md): channels on either side, positions of a map, tiles of a batch. */
const FEWEST_CHANNELS = 32;
const MOST_POSITIONS = 1024;
const FEWEST_TILES = 16;

const padsOf = ({ pads = 0 }: ConvOptions): Pads => (typeof pads === 'number' ? [pads, pads, pads, pads] : pads);

function suits(x: Value, weight: Value, options: ConvOptions): boolean {
  const { stride = 1, dilation = 1, group = 1 } = options;
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const [o, , r, s] = weight.shape as [number, number, number, number];
  // constant weights are laid out for Conv beforehand
  if (weight.constant || stride !== 1 || dilation !== 1 || group !== 1 || r !== s || (r !== 3 && r !== 5)) return false;
  if (Math.min(c, o) < FEWEST_CHANNELS || h * w > MOST_POSITIONS) return false;
  const [above, left, below, right] = padsOf(options);
  const outputs = [h + above + below - r + 1, w + left + right - r + 1];
  const tiles = outputs.map((length) => Math.ceil(length / tileFor(length, r)));
  return outputs.every((length) => length >= 2) && n * tiles[0]! * tiles[1]! >= FEWEST_TILES;
}

/** `conv` in the form that trains quickest: by tiles where that pays, else as it is. */
export function convolve(x: Value, weight: Value, bias?: Value, options: ConvOptions = {}): Value {
  if (!suits(x, weight, options)) return conv(x, weight, bias, options);
  return winogradConv(x, weight, bias, padsOf(options));
}
