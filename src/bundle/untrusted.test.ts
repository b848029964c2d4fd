/** Bundles from people who mean harm, or send what is none: each is refused before onnxruntime sees its model, or by its golden images. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { info, node, weight } from '../../test/onnx-file.ts';
import { type Alteration, alteredBundle } from '../../test/support/altered-bundle.ts';
import { writeSmallFlow } from '../../test/support/bundle.ts';
import { temporaryFolders } from '../../test/support/folder.ts';
import { constantOf, field, hostile, joined, made, numbers, tensorOutside } from '../../test/support/hostile-model.ts';
import { openBundle } from './open.ts';

const folder = temporaryFolders();
let bundle: string;
beforeAll(async () => {
  bundle = join(await folder(), 'sound');
  await writeSmallFlow(bundle);
});

async function altered(alteration: Alteration): Promise<string> {
  return alteredBundle(bundle, join(await folder(), 'altered'), alteration);
}

describe('a bundle is refused', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['a weight in another file', hostile({ node: made, initializer: [...numbers, tensorOutside] }), /another file/],
    [
      'a weight told to be here, with a place elsewhere',
      hostile({ node: made, initializer: [...numbers, { ...tensorOutside, data_location: 0 }] }),
      /another file/,
    ],
    [
      'a constant in another file',
      hostile({
        node: [...made, { ...node('Constant', [], ['c']), attribute: [{ name: 'value', type: 4, t: tensorOutside }] }],
        initializer: numbers,
      }),
      /another file/,
    ],
    [
      'a sparse weight',
      hostile({ node: made, initializer: numbers, sparse_initializer: [{ values: tensorOutside, dims: [4] }] }),
      /sparse/,
    ],
    [
      'a branch',
      hostile({
        node: [
          ...made,
          { ...node('If', ['s'], ['x']), attribute: [{ name: 'then_branch', type: 5, g: { name: 'then' } }] },
        ],
        initializer: numbers,
      }),
      /branches, loops/,
    ],
    [
      'a loop without a body',
      hostile({ node: [...made, node('Loop', ['s'], ['x'])], initializer: numbers }),
      /operator Loop/,
    ],
    [
      'chance',
      hostile({ node: [...made, node('RandomNormal', [], ['x'], { shape: [2] })], initializer: numbers }),
      /RandomNormal/,
    ],
    [
      'an operator of another domain',
      hostile({
        node: [...made, { ...node('FusedConv', ['s'], ['x']), domain: 'com.microsoft' }],
        initializer: numbers,
      }),
      /com\.microsoft/,
    ],
    ['functions', hostile({ node: made, initializer: numbers }, { functions: [{ name: 'f' }] }), /functions/],
    ['a training', joined(hostile({ node: made, initializer: numbers }), field(20, new Uint8Array(0))), /training/],
    [
      'two graphs, of which readers see another',
      joined(hostile({ node: made, initializer: [...numbers, tensorOutside] }), field(7, new Uint8Array(0))),
      /another file|two of graph/,
    ],
    [
      'two sound graphs',
      joined(hostile({ node: made, initializer: numbers }), field(7, new Uint8Array(0))),
      /two of graph/,
    ],
    [
      'a field that ONNX lacks',
      joined(hostile({ node: made, initializer: numbers }), field(30, Buffer.from('x'))),
      /field 30/,
    ],
    [
      "onnxruntime's own format",
      joined(Uint8Array.from([8, 8, 18, 4]), Buffer.from('ORTM'), new Uint8Array(64)),
      /own format/,
    ],
    ['noise', Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919 + 13) % 251), /model\.onnx/],
    [
      'a name that is no text',
      Buffer.from(
        Buffer.from(hostile({ node: made, initializer: numbers, name: 'qqqq' }))
          .toString('latin1')
          .replace('qqqq', '\xff\xff\xff\xff'),
        'latin1',
      ),
      /a damaged one/,
    ],
    ['nothing', new Uint8Array(0), /no ONNX model/],
    ['a photograph', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /model\.onnx/],
    [
      'a weight of 4 PB',
      hostile({
        node: made,
        initializer: [...numbers, { name: 'w', dims: [2 ** 25, 2 ** 25], data_type: 1, raw_data: new Uint8Array(4) }],
      }),
      /too much/,
    ],
    [
      'a weight with fewer values than it says',
      hostile({
        node: made,
        initializer: [...numbers, { name: 'w', dims: [1000, 1000], data_type: 1, raw_data: new Uint8Array(4) }],
      }),
      /values that its dimensions say/,
    ],
    [
      'a constant made as large as memory',
      hostile({
        node: [...made, node('ConstantOfShape', ['size'], ['x'])],
        initializer: [...numbers, constantOf([2], [65536n, 8192n])],
      }),
      /makes 536870912 values/,
    ],
    [
      'a constant as large, which an attribute states',
      hostile({
        node: [
          ...made,
          node('Constant', [], ['size'], { value_ints: [65536, 8192] }),
          node('ConstantOfShape', ['size'], ['x']),
        ],
        initializer: numbers,
      }),
      /makes 536870912 values/,
    ],
    [
      'more operators than a network has',
      hostile({
        node: [...made, ...Array.from({ length: 50_001 }, () => node('Relu', ['s'], ['x']))],
        initializer: numbers,
      }),
      /50003 operators/,
    ],
    [
      'more parts than fit into memory',
      hostile({
        node: [...made, { ...node('Relu', [], ['x']), input: new Array(1_000_001).fill('') }],
        initializer: numbers,
      }),
      /parts/,
    ],
    ['no map', hostile({ node: made, initializer: numbers, output: [info('score', [])] }), /no map/],
    [
      'a score of whole numbers',
      hostile({ node: made, initializer: numbers, output: [info('score', [], 7), info('map', [1, 1, 2, 2])] }),
      /no score of float32/,
    ],
    [
      'a weight that is no number, which the score need not show',
      hostile({ node: made, initializer: [...numbers, weight('w', [4], (i) => (i === 2 ? Number.NaN : 1))] }),
      /value 3 of 4 of its weight w is NaN/,
    ],
    [
      'an infinite weight',
      hostile({ node: made, initializer: [...numbers, weight('w', [2], () => Number.NEGATIVE_INFINITY)] }),
      /its weight w is -Infinity/,
    ],
    ['another input', hostile({ node: made, initializer: numbers, input: [info('x', [1])] }), /legal is pixels/],
  ])('whose model has, or is, %s', async (_, model, said) => {
    const sent = await altered({ model: () => model });
    await expect(openBundle(sent)).rejects.toMatchObject({
      code: 'BUNDLE_INVALID',
      message: expect.stringMatching(said),
    });
  });
});
