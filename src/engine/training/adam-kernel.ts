/**
 * Adam's arithmetic as a WebAssembly module of a hundred instructions, four numbers at a time in single precision, as PyTorch
 * computes it. Written out here as bytes, so that nothing has to be compiled beforehand. Opcodes: WebAssembly specification 2.0,
 * section 5.4. Measured in docs/experiments/speed.md.
 */

/** Numbers that the module takes at once: four arrays of them stay within the first caches. */
export const BLOCK = 2048;

const bytesOf = { float: 4, block: 4 * BLOCK };

/** Unsigned LEB128. */
function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}

/** A vector of the binary format: its length, then its elements. */
const vector = (elements: readonly (readonly number[])[]): number[] => [...leb(elements.length), ...elements.flat()];
const section = (id: number, content: readonly number[]): number[] => [id, ...leb(content.length), ...content];
const text = (name: string): number[] => vector([...name].map((c) => [c.charCodeAt(0)]));

const type = { i32: 0x7f, f32: 0x7d, v128: 0x7b };
const simd = (opcode: number, ...immediate: number[]): number[] => [0xfd, ...leb(opcode), ...immediate];
const get = (local: number): number[] => [0x20, ...leb(local)];
const set = (local: number): number[] => [0x21, ...leb(local)];
const add = simd(0xe4);
const subtract = simd(0xe5);
const multiply = simd(0xe6);
const divide = simd(0xe7);
const squareRoot = simd(0xe3);
const splat = simd(0x13);

/** Parameters of the function, in order; each of the rule's numbers is a float. */
const rule = ['beta1', 'rest1', 'beta2', 'rest2', 'epsilon', 'decay', 'scale', 'step', 'correction'] as const;
type Rule = (typeof rule)[number];

/** Locals: the count of bytes, the rule's numbers, then the position and vectors. */
const local = {
  end: 0,
  scalar: (name: Rule): number => 1 + rule.indexOf(name),
  at: 1 + rule.length,
  wide: (name: Rule): number => 2 + rule.length + rule.indexOf(name),
  weight: 2 + 2 * rule.length,
  change: 3 + 2 * rule.length,
  first: 4 + 2 * rule.length,
  second: 5 + 2 * rule.length,
};

/** Arrays in memory: weights, gradients, first and second moments, a block of each. */
const place = { weight: 0, gradient: 1, first: 2, second: 3 };
const offset = (array: number): number[] => leb(array * bytesOf.block);

/** Four floats at the position. */
const load = (array: number): number[] => [...get(local.at), ...simd(0x00, 2, ...offset(array))];
/** Four floats to the position. */
const store = (array: number, value: number[]): number[] => [
  ...get(local.at),
  ...value,

  ...simd(0x0b, 2, ...offset(array)),
];
const wide = (name: Rule): number[] => get(local.wide(name));
const product = (...factors: number[][]): number[] => factors.flatMap((f, i) => (i === 0 ? f : [...f, ...multiply]));
const sum = (a: number[], b: number[]): number[] => [...a, ...b, ...add];

const body = [
  // every number of the rule, four times side by side
  ...rule.flatMap((name) => [...get(local.scalar(name)), ...splat, ...set(local.wide(name))]),
  // loop
  ...[0x03, 0x40],
  ...[...load(place.weight), ...set(local.weight)],
  ...sum(product(load(place.gradient), wide('scale')), product(wide('decay'), get(local.weight))),
  ...set(local.change),
  ...sum(product(wide('beta1'), load(place.first)), product(wide('rest1'), get(local.change))),
  ...set(local.first),
  ...sum(product(wide('beta2'), load(place.second)), product(wide('rest2'), get(local.change), get(local.change))),
  ...set(local.second),
  ...store(place.first, get(local.first)),
  ...store(place.second, get(local.second)),
  ...store(place.weight, [
    ...get(local.weight),
    ...product(wide('step'), get(local.first)),
    ...sum(product([...get(local.second), ...squareRoot], wide('correction')), wide('epsilon')),
    ...divide,
    ...subtract,
  ]),
  // position += four floats; again while it is before the end
  ...[...get(local.at), 0x41, 4 * bytesOf.float, 0x6a, 0x22, ...leb(local.at)],
  ...[...get(local.end), 0x49, 0x0d, 0],
  ...[0x0b, 0x0b],
];

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const locals = vector([
    [1, type.i32],
    [...leb(rule.length + 4), type.v128],
  ]);
  const code = [...locals, ...body];
  const pages = Math.ceil((4 * bytesOf.block) / 65536);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector([[0x60, ...vector([[type.i32], ...rule.map(() => [type.f32])]), 0]])),
    ...section(3, vector([[0]])),
    ...section(5, vector([[0, pages]])),
    ...section(
      7,
      vector([
        [...text('memory'), 2, 0],
        [...text('update'), 0, 0],
      ]),
    ),
    ...section(10, vector([[...leb(code.length), ...code]])),
  ]);
}

export interface AdamKernel {
  /** A block of weights, of gradients, of first and of second moments. */
  readonly arrays: readonly [Float32Array, Float32Array, Float32Array, Float32Array];
  /** Updates the first `count` of each, a multiple of 4. */
  readonly update: (count: number, numbers: Readonly<Record<Rule, number>>) => void;
}

/** What is used of WebAssembly, which the types of Node name without its classes. */
const { Instance, Module } = (
  globalThis as unknown as {
    WebAssembly: {
      Module: new (bytes: Uint8Array) => object;
      Instance: new (module: object) => { exports: Record<string, unknown> };
    };
  }
).WebAssembly;

let made: AdamKernel | undefined;

/** The module of this thread. */
export function adamKernel(): AdamKernel {
  if (made) return made;
  const { exports } = new Instance(new Module(moduleBytes()));
  const { buffer } = exports['memory'] as { buffer: ArrayBuffer };
  const call = exports['update'] as (bytes: number, ...numbers: number[]) => void;
  const arrays = [0, 1, 2, 3].map((i) => new Float32Array(buffer, i * bytesOf.block, BLOCK));
  made = {
    arrays: arrays as unknown as AdamKernel['arrays'],
    update: (count, numbers) => call(count * bytesOf.float, ...rule.map((name) => numbers[name])),
  };
  return made;
}
