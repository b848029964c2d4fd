/** Sizes that a model asks for, in whatever form they are stated. */
import { describe, expect, it } from 'vitest';
import { node, weight } from '../../../test/onnx-file.ts';
import { requireModestSizes } from './asked-sizes.ts';
import type { OnnxNode, OnnxTensor } from './schema.ts';

const whole = (name: string, ...values: number[]): OnnxTensor => ({
  name,
  dims: [values.length],
  data_type: 7,
  raw_data: new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer),
});
const floats = (name: string, ...values: number[]): OnnxTensor => weight(name, [values.length], (i) => values[i]!);
const large = whole('large', 65536, 8192);
const constant = (attribute: Readonly<Record<string, number | readonly number[]>>): OnnxNode =>
  node('Constant', [], ['made'], attribute);

const requireModest = (nodes: readonly OnnxNode[], initializer: readonly OnnxTensor[] = []): void =>
  requireModestSizes({ node: [...nodes], initializer: [...initializer] }, (why) => new Error(why));

describe('a model is refused whose constants ask for more than memory has', () => {
  it.each<[string, readonly OnnxNode[], readonly OnnxTensor[]]>([
    ['a weight', [node('ConstantOfShape', ['large'], ['y'])], [large]],
    [
      'a weight that lists its numbers',
      [node('Expand', ['x', 'l'], ['y'])],
      [{ name: 'l', dims: [1], data_type: 7, int64_data: [2 ** 28] }],
    ],
    ['numbers of a Constant', [constant({ value_ints: [2 ** 14, 2 ** 14] }), node('Tile', ['x', 'made'], ['y'])], []],
    ['a number of a Constant', [constant({ value_int: 2 ** 28 }), node('OneHot', ['x', 'made', 'v'], ['y'])], []],
    [
      'floats of a Constant',
      [
        { ...constant({}), attribute: [{ name: 'value_floats', type: 6, floats: [1, 1, 2 ** 14, 2 ** 14] }] },
        node('Resize', ['x', '', 'made'], ['y']),
      ],
      [],
    ],
    ['scales', [node('Resize', ['x', '', 's'], ['y'])], [floats('s', 1, 1, 1e5, 1e5)]],
    ['a copy of a copy', [node('Identity', ['large'], ['a']), node('Cast', ['a'], ['b']), node('Expand', ['x', 'b'], ['y'])], [large]], // biome-ignore format: one line
    ['a copy that comes behind its use', [node('Expand', ['x', 'a'], ['y']), node('Identity', ['large'], ['a'])], [large]], // biome-ignore format: one line
    ['numbers that are joined', [node('Concat', ['a', 'a'], ['b']), node('Expand', ['x', 'b'], ['y'])], [whole('a', 20000)]], // biome-ignore format: one line
    ['a product', [node('Mul', ['a', 'a'], ['b']), node('Expand', ['x', 'b'], ['y'])], [whole('a', 20000)]],
    ['one of two', [node('Where', ['c', 'a', 'large'], ['b']), node('Expand', ['x', 'b'], ['y'])], [whole('c', 0), whole('a', 1), large]], // biome-ignore format: one line
    ['more numbers than there are axes', [node('Expand', ['x', 'a'], ['y']), constant({ value_ints: new Array(5000).fill(1) }), node('Identity', ['made'], ['a'])], []], // biome-ignore format: one line
    ['what is put around', [node('Pad', ['x', 'p'], ['y'])], [whole('p', 0, 0, 20000, 20000, 0, 0, 0, 0)]],
    ['a row of numbers', [node('Range', ['a', 'b', 'c'], ['y'])], [whole('a', 0), whole('b', 2 ** 40), whole('c', 1)]],
    ['a window of a signal', [node('HannWindow', ['a'], ['y'])], [whole('a', 2 ** 30)]],
    ['padding of a convolution', [node('Conv', ['x', 'w'], ['y'], { pads: [20000, 20000, 20000, 20000] })], []],
    ['the form of what a convolution gives', [node('ConvTranspose', ['x', 'w'], ['y'], { output_shape: [2 ** 15, 2 ** 15] })], []], // biome-ignore format: one line
    ['regions', [node('RoiAlign', ['x', 'r', 'i'], ['y'], { output_height: 2 ** 14, output_width: 2 ** 14 })], []],
  ])('stated as %s', (_, nodes, weights) => {
    expect(() => requireModest(nodes, weights)).toThrow(/values of nothing/);
  });
});

it('takes sizes that networks have, and those that depend on the image', () => {
  const nodes = [
    constant({ value_ints: [1, 256, -1] }),
    node('Expand', ['x', 'made'], ['a']),
    node('Shape', ['x'], ['s']),
    node('Concat', ['s', 'made'], ['b']),
    node('Expand', ['x', 'b'], ['c']),
    node('Resize', ['x', '', 'scales'], ['d']),
    node('Conv', ['x', 'w'], ['e'], { pads: [3, 3, 3, 3], strides: [2, 2] }),
    node('Pad', ['x', 'pads'], ['f']),
  ];
  requireModest(nodes, [floats('scales', 1, 1, 2, 2), whole('pads', 0, 0, 1, 1, 0, 0, 1, 1)]);
});

it('looks at fifty thousand operators that all use one number, at once', () => {
  const nodes = Array.from({ length: 50_000 }, (_, i) => node('Identity', ['a'], [`b${i}`]));
  const begin = performance.now();
  requireModest(nodes, [whole('a', 1)]);
  expect(performance.now() - begin).toBeLessThan(2000);
});
