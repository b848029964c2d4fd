/** Every kind of model that felfri makes is one that a bundle may hold. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { smallFlow, smallFusion, smallUnet } from '../../test/detectors.ts';
import { formulaWeights } from '../../test/formula-weights.ts';
import { temporaryFolders } from '../../test/support/folder.ts';
import { writeSafetensors } from '../core/safetensors.ts';
import { efficientNetBackbone } from '../detectors/backbones/efficientnet.ts';
import { surfaceBackbone } from '../detectors/backbones/surface.ts';
import { tiled } from '../detectors/backbones/tiled.ts';
import { quantise } from '../engine/onnx/quantization.ts';
import { measuredTensors } from '../engine/onnx/quantization-plan.ts';
import { decodeModel, encodeModel } from '../engine/onnx/schema.ts';
import { foldConstants } from '../engine/runtime/onnxruntime.ts';
import type { Canvas } from '../train/canvas.ts';
import { requireAdmittedModel } from './model.ts';
import { exportModel } from './write.ts';

const folder = temporaryFolders();
const canvas: Canvas = { height: 256, width: 256, fit: 'letterbox' };

async function quantised(): Promise<Uint8Array> {
  const unet = decodeModel(await foldConstants(exportModel(smallUnet(8))));
  return encodeModel(quantise(unet, new Map(measuredTensors(unet).map((name) => [name, { low: -1, high: 1 }]))));
}

async function efficientNet(): Promise<Uint8Array> {
  const weights = join(await folder(), 'b0.safetensors');
  await writeSafetensors(weights, formulaWeights('b0'));
  return exportModel(smallFlow(canvas, await efficientNetBackbone({ weights })));
}

it.each<[string, 'flow' | 'unet' | 'fusion', () => Promise<Uint8Array>]>([
  ['a U-Net', 'unet', async () => exportModel(smallUnet())],
  ['a U-Net folded by onnxruntime and in 8 bits', 'unet', quantised],
  ['a flow', 'flow', async () => exportModel(smallFlow())],
  ['a flow on EfficientNet', 'flow', efficientNet],
  ['a flow on an ONNX file, in tiles', 'flow', async () => exportModel(smallFlow(canvas, tiled(await surfaceBackbone(), { side: 128, overlap: 32 })))], // biome-ignore format: one line
  ['a fusion', 'fusion', async () => smallFusion().model],
])('%s', async (_, detector, make) => {
  const bytes = await make();
  requireAdmittedModel(bytes, { detector }, (why) => new Error(why));
  expect(() => requireAdmittedModel(bytes.subarray(0, -1), { detector }, (why) => new Error(why))).toThrow(/model/);
});
