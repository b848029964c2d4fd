import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSafetensors } from '../../src/core/safetensors.ts';
import { efficientNetBackbone } from '../../src/detectors/backbones/efficientnet.ts';
import { featureMapsOfPixels } from '../../src/detectors/backbones/features.ts';
import { createGraph } from '../../src/engine/operators/table.ts';
import { runGraph } from '../../src/engine/run-graph.ts';
import { expectClose } from '../close.ts';
import { sharedFolder } from './shared-folder.ts';

it('pretrained EfficientNet-B0 gives on a photograph what PyTorch gives, at three scales', async () => {
  const weights = join(sharedFolder, 'weights', 'efficientnet_b0_stage6.safetensors');
  const backbone = await efficientNetBackbone({ weights });
  expect(backbone).toMatchObject({ name: 'efficientnet-b0', channels: 192 });
  const { tensors } = await readSafetensors(join(sharedFolder, 'golden', 'efficientnet_b0_pretrained.safetensors'));
  const image = tensors.get('image_hwc_uint8')!;
  const graph = createGraph();
  const canvas = { height: 256, width: 256, fit: 'stretch' } as const;
  const maps = featureMapsOfPixels(graph.input('pixels', [-1, -1, 3], 'uint8'), canvas, backbone);
  const pixels = { shape: image.shape, data: Uint8Array.from(image.data) };
  const outputs = await runGraph(Object.fromEntries(maps.map((map, s) => [`${s}`, map])), { pixels });
  for (const s of [0, 1, 2]) {
    const expected = tensors.get(`features/${s}`)!;
    expect(outputs[`${s}`]!.shape).toEqual(expected.shape);
    expectClose(outputs[`${s}`]!.data, expected.data, `scale ${s}`, { absolute: 1e-4, relative: 1e-3 });
  }
});
