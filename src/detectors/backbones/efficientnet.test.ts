import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { formulaWeights } from '../../../test/formula-weights.ts';
import { readGolden } from '../../../test/golden-file.ts';
import { torchFile, zipOf } from '../../../test/support/published-weights.ts';
import { FelfriError } from '../../core/errors.ts';
import { writeSafetensors } from '../../core/safetensors.ts';
import { type NamedTensors, type Tensor, tensor } from '../../core/tensor.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { efficientNetBackbone, efficientNetStages } from './efficientnet.ts';
import { type EfficientNetVariant, efficientNetArchitecture } from './efficientnet-architecture.ts';
import { foldEfficientNet, recogniseEfficientNet } from './efficientnet-weights.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'felfri-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(tensors: NamedTensors, name: string): Promise<string> {
  const path = join(folder, name);
  await writeSafetensors(path, tensors);
  return path;
}

function errorOf(work: () => unknown): FelfriError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(FelfriError);
    return error as FelfriError;
  }
  throw new Error('nothing was thrown');
}

/** Features of an image by a backbone made from options. */
async function featuresOf(options: Parameters<typeof efficientNetBackbone>[0], image: Tensor): Promise<Tensor> {
  const backbone = await efficientNetBackbone(options);
  const graph = createGraph();
  const y = backbone.features(graph.input('x', image.shape));
  return (await runGraph({ y }, { x: image }))['y']!;
}

const photo = (height: number, width: number): Tensor =>
  tensor(
    [1, 3, height, width],
    Array.from({ length: 3 * height * width }, (_, i) => 0.5 + 0.5 * Math.sin(i * 0.37 + Math.sin(i * 0.011))),
  );

describe('the network', () => {
  it.each(['b0', 'b5'] as const)('%s gives what PyTorch gives', async (variant) => {
    const golden = await readGolden('efficientnet_formula');
    const folded = foldEfficientNet(recogniseEfficientNet(formulaWeights(variant), 'formula'), 1e-3);
    const input = golden.get(`${variant}/input`);
    const graph = createGraph();
    const stages = efficientNetStages(
      graph.input('x', input.shape),
      efficientNetArchitecture(variant),
      new FixedParameters(graph, folded),
      folded,
      'same',
    );
    const y = stages.at(-1)!;
    const output = golden.get(`${variant}/output`);
    expect(y.shape).toEqual(output.shape);
    expectClose((await runGraph({ y }, { x: input }))['y']!.data, output.data, variant, { absolute: 2e-5 });
  });

  it.each(['lite0', 'lite2'] as const)('%s gives what the package that publishes it gives', async (variant) => {
    const golden = await readGolden('efficientnet_lite_formula');
    const folded = foldEfficientNet(recogniseEfficientNet(formulaWeights(variant), 'formula'), 1e-3);
    const input = golden.get(`${variant}/input`);
    const graph = createGraph();
    const y = efficientNetStages(
      graph.input('x', input.shape),
      efficientNetArchitecture(variant),
      new FixedParameters(graph, folded),
      folded,
      'same',
    ).at(-1)!;
    const output = golden.get(`${variant}/output`);
    expect(y.shape).toEqual(output.shape);
    expectClose((await runGraph({ y }, { x: input }))['y']!.data, output.data, variant, { absolute: 2e-5 });
  });

  it('of a Lite sees colours as 127 and 128 of 255 say, in a published wheel as in safetensors', async () => {
    const tensors = formulaWeights('lite0');
    const wheel = join(folder, 'lite0.whl');
    await writeFile(wheel, zipOf({ 'lite0/__init__.txt': Buffer.from('code'), 'lite0/lite0.pth': torchFile(tensors) }));
    const image = photo(64, 64);
    const published = await featuresOf({ weights: wheel }, image);
    expect(published.shape).toEqual([1, 192, 2, 2]);
    expectClose(
      published.data,
      (await featuresOf({ weights: await fileOf(tensors, 'lite0.safetensors') }, image)).data,
      'wheel',
    );
    const folded = foldEfficientNet(recogniseEfficientNet(tensors, 'formula'), 1e-3);
    const graph = createGraph();
    const x = { shape: image.shape, data: image.data.map((v) => (255 * v - 127) / 128) };
    const lite0 = efficientNetArchitecture('lite0');
    const y = efficientNetStages(
      graph.input('x', x.shape),
      lite0,
      new FixedParameters(graph, folded),
      folded,
      'same',
    ).at(-1)!;
    expectClose(published.data, (await runGraph({ y }, { x }))['y']!.data, 'colours', { absolute: 2e-5 });
  });

  it('is taken from a .pth file, and an archive without one is refused', async () => {
    const weights = join(folder, 'lite1.pth');
    await writeFile(weights, torchFile(formulaWeights('lite1')));
    expect((await efficientNetBackbone({ weights })).name).toBe('efficientnet-lite1');
    const other = join(folder, 'other.whl');
    await writeFile(other, zipOf({ 'notes.txt': Buffer.from('none') }));
    await expect(efficientNetBackbone({ weights: other })).rejects.toMatchObject({
      code: 'TENSOR_FILE',
      message: expect.stringContaining('without a .pth'),
    });
  });

  it('pads alike in both forms where every layer has an odd size, and differently elsewhere', async () => {
    const weights = await fileOf(formulaWeights('b0'), 'b0.safetensors');
    const both = async (image: Tensor): Promise<[Tensor, Tensor]> => [
      await featuresOf({ weights }, image),
      await featuresOf({ weights, padding: 'symmetric', epsilon: 1e-3 }, image),
    ];
    const [same, symmetric] = await both(photo(65, 33));
    expect(same.shape).toEqual([1, 192, 3, 2]);
    expectClose(symmetric.data, same.data, 'odd sizes');
    const [a, b] = await both(photo(64, 32));
    expect(b.shape).toEqual(a.shape);
    expect(Math.max(...a.data.map((v, i) => Math.abs(v - b.data[i]!)))).toBeGreaterThan(0.01);
  });
});

describe('weights', () => {
  it('mean the same under every naming scheme', async () => {
    const image = photo(64, 64);
    const expected = await featuresOf({ weights: await fileOf(formulaWeights('b0'), 'own.safetensors') }, image);
    for (const scheme of ['timm', 'torchvision']) {
      const weights = await fileOf(formulaWeights('b0', scheme), `${scheme}.safetensors`);
      const got = await featuresOf({ weights, padding: 'same' }, image);
      expectClose(got.data, expected.data, scheme);
    }
  });

  it('are named as the libraries name them', () => {
    expect([...formulaWeights('b0', 'timm').keys()]).toEqual(
      expect.arrayContaining([
        'conv_stem.weight',
        'bn1.running_var',
        'blocks.0.0.conv_dw.weight',
        'blocks.0.0.conv_pw.weight',
        'blocks.0.0.bn2.bias',
        'blocks.1.0.se.conv_reduce.bias',
        'blocks.5.3.conv_pwl.weight',
        'blocks.5.3.bn3.weight',
      ]),
    );
    expect([...formulaWeights('b0', 'torchvision').keys()]).toEqual(
      expect.arrayContaining([
        'features.0.0.weight',
        'features.1.0.block.0.0.weight',
        'features.1.0.block.1.fc1.bias',
        'features.1.0.block.2.1.running_mean',
        'features.2.1.block.2.fc2.weight',
        'features.6.3.block.3.0.weight',
      ]),
    );
  });

  it('tell their scheme and variant, also with what lies beyond stage 6', () => {
    const beyond: Record<string, string[]> = {
      efficientnet_pytorch: ['_blocks.21._project_conv.weight', '_conv_head.weight', '_bn1.weight', '_fc.bias'],
      timm: ['blocks.6.0.conv_pw.weight', 'conv_head.weight', 'bn2.running_mean', 'classifier.weight'],
      torchvision: ['features.7.0.block.0.0.weight', 'features.8.1.bias', 'classifier.1.weight'],
    };
    for (const [scheme, names] of Object.entries(beyond)) {
      const tensors = formulaWeights('b1', scheme);
      for (const name of [...names, 'x.num_batches_tracked']) tensors.set(name, tensor([1]));
      const found = recogniseEfficientNet(tensors, 'file');
      expect([found.scheme.name, found.variant]).toEqual([scheme, 'b1']);
    }
  });

  it('are refused with every fault named in one error', () => {
    const tensors = formulaWeights('b0', 'timm');
    tensors.delete('blocks.0.0.conv_dw.weight');
    tensors.delete('bn1.bias');
    tensors.set('conv_stem.weight', tensor([32, 1, 3, 3]));
    tensors.set('blocks.5.9.conv_pw.weight', tensor([1]));
    const error = errorOf(() => recogniseEfficientNet(tensors, 'file'));
    expect(error.code).toBe('WEIGHTS_MISMATCH');
    expect(error.message).toContain('2 missing: bn1.bias; blocks.0.0.conv_dw.weight');
    expect(error.message).toContain('1 of another shape: conv_stem.weight is [32,1,3,3], not [32,3,3,3]');
    expect(error.message).toContain('1 not of this network: blocks.5.9.conv_pw.weight');
    expect(error.message).toContain('EfficientNet-B0');
  });

  it('of another variant than the one asked for, or of another network, are refused', async () => {
    const asked = (variant: EfficientNetVariant) => () => recogniseEfficientNet(formulaWeights('b0'), 'file', variant);
    expect(errorOf(asked('b1')).message).toContain('missing: _blocks.15.');
    const other = new Map([['layer1.0.conv1.weight', tensor([1])]]);
    expect(errorOf(() => recogniseEfficientNet(other, 'file')).message).toContain('layer1.0.conv1.weight');
  });

  it('under timm names ask for the padding, since the names do not tell', async () => {
    const weights = await fileOf(formulaWeights('b0', 'timm'), 'open.safetensors');
    await expect(efficientNetBackbone({ weights })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('that cannot be read say so', async () => {
    const weights = join(folder, 'broken.safetensors');
    await expect(efficientNetBackbone({ weights })).rejects.toMatchObject({ code: 'TENSOR_FILE' });
    await writeFile(weights, 'no safetensors');
    await expect(efficientNetBackbone({ weights })).rejects.toMatchObject({ code: 'TENSOR_FILE' });
  });

  it('decide the fingerprint, together with the padding', async () => {
    const tensors = formulaWeights('b0');
    const weights = await fileOf(tensors, 'first.safetensors');
    const first = await efficientNetBackbone({ weights });
    expect((await efficientNetBackbone({ weights })).fingerprint).toBe(first.fingerprint);
    const symmetric = await efficientNetBackbone({ weights, padding: 'symmetric', epsilon: 1e-3 });
    expect(symmetric.fingerprint).not.toBe(first.fingerprint);
    const bias = tensors.get('_bn0.bias')!.data;
    bias[0] = bias[0]! + 1e-3;
    const changed = await efficientNetBackbone({ weights: await fileOf(tensors, 'second.safetensors') });
    expect(changed.fingerprint).not.toBe(first.fingerprint);
  });
});
