import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formulaWeights } from '../../../test/formula-weights.ts';
import { bytesOf, info, node, weight } from '../../../test/onnx-file.ts';
import { writeSafetensors } from '../../core/safetensors.ts';
import { openBackbone } from './select.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'felfri-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a backbone by its name', () => {
  it('is the wavelet, an EfficientNet with weights, or an ONNX file', async () => {
    const weights = join(folder, 'b0.safetensors');
    await writeSafetensors(weights, formulaWeights('b0', 'timm'));
    const file = join(folder, 'any.onnx');
    const nodes = [node('Conv', ['x', 'w'], ['y'], { kernel_shape: [2, 2], strides: [2, 2] })];
    const outputs = [info('y', ['n', 4, 'h', 'w'])];
    await writeFile(file, bytesOf({ opset: 18, nodes, weights: [weight('w', [4, 3, 2, 2], (i) => i)], outputs }));
    const opened = [
      await openBackbone('wavelet'),
      await openBackbone('efficientnet-b0', { weights, padding: 'same' }),
      await openBackbone(`onnx:${file}`, { outputs: ['y'] }),
    ];
    expect(opened.map((b) => [b.name, b.channels, b.stride])).toEqual([
      ['wavelet', 33, 8],
      ['efficientnet-b0', 192, 32],
      [`onnx:${file}`, 4, 2],
    ]);
    // the variant that was asked for, not the one that the file holds
    await expect(openBackbone('efficientnet-b5', { weights })).rejects.toMatchObject({ code: 'WEIGHTS_MISMATCH' });
  });

  it('is refused with the legal ones', async () => {
    for (const spec of ['resnet', 'efficientnet-b8', 'onnx:', '']) {
      await expect(openBackbone(spec)).rejects.toMatchObject({
        code: 'OPTION_INVALID',
        message: expect.stringContaining('wavelet, efficientnet-b0, efficientnet-b1'),
      });
    }
    await expect(openBackbone('efficientnet-b0')).rejects.toMatchObject({ code: 'OPTION_INVALID', subject: 'weights' });
  });
});
