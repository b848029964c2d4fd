import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { formulaWeights } from '../../../test/formula-weights.ts';
import { bytesOf, info, node, weight } from '../../../test/onnx-file.ts';
import { writeSafetensors } from '../../core/safetensors.ts';
import { knownBackbone } from './hub/catalogue.ts';
import { fetchBackbone } from './hub/fetch.ts';
import { openBackbone } from './select.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'felfri-'));
});
afterAll(() => rm(folder, { recursive: true }));

afterEach(() => vi.unstubAllEnvs());

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
        message: expect.stringContaining('wavelet, scattering, surface, efficientnet-b0, efficientnet-b1'),
      });
    }
  });

  it('is refused without weights, naming what brings them', async () => {
    vi.stubEnv('FELFRI_CACHE', folder);
    await expect(openBackbone('efficientnet-b0')).rejects.toMatchObject({
      code: 'BACKBONE_MISSING',
      subject: 'weights',
      message: expect.stringContaining('felfri backbone fetch efficientnet-b0 '),
    });
    // no weights are known for this one
    await expect(openBackbone('efficientnet-b4')).rejects.toMatchObject({
      code: 'BACKBONE_MISSING',
      subject: 'weights',
    });
  });

  it('takes fetched weights from the cache, with their padding and licence', async () => {
    vi.stubEnv('FELFRI_CACHE', folder);
    const known = knownBackbone('efficientnet-b0.ns_jft_in1k')!;
    const from = join(folder, 'carried.safetensors');
    await writeSafetensors(from, formulaWeights('b0', 'timm'));
    await fetchBackbone(known, { from });
    const opened = await openBackbone(known.name);
    const given = await openBackbone('efficientnet-b0', { weights: from, padding: 'same' });
    expect([opened.name, opened.licence, opened.fingerprint]).toEqual([
      'efficientnet-b0',
      'Apache-2.0',
      given.fingerprint,
    ]);
  });
});
