/**
 * How far a bundle's model is from the network that was trained, on its golden images: in onnxruntime-node, and in
 * onnxruntime-web (WebAssembly). Run: tsx bench/agreement.ts BUNDLE
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as web from 'onnxruntime-web';
import { detect } from '../src/bundle/detect.ts';
import { type DetectorOutput, disagreement } from '../src/bundle/golden.ts';
import { readSafetensors } from '../src/core/safetensors.ts';
import { readImage } from '../src/data/image/decode.ts';
import { Session } from '../src/engine/runtime/onnxruntime.ts';
import { pixelFeed } from '../src/train/pixel-input.ts';

const bundle = process.argv[2];
if (!bundle) throw new Error('usage: tsx bench/agreement.ts BUNDLE');
const model = await readFile(join(bundle, 'model.onnx'));
const { tensors } = await readSafetensors(join(bundle, 'golden', 'outputs.safetensors'));
const node = await Session.create(model);
web.env.wasm.numThreads = 1;
const browser = await web.InferenceSession.create(model, { executionProviders: ['wasm'] });

for (const name of (await readdir(join(bundle, 'golden'))).filter((n) => n.endsWith('.png'))) {
  const key = name.replace('.png', '');
  const expected: DetectorOutput = { score: tensors.get(`${key}/score`)!.data[0]!, map: tensors.get(`${key}/map`)! };
  const image = await readImage(join(bundle, 'golden', name));
  const { data, shape } = pixelFeed(image, undefined);
  const out = await browser.run({ pixels: new web.Tensor('uint8', data, shape) });
  const inBrowser: DetectorOutput = {
    score: (out['score']!.data as Float32Array)[0]!,
    map: { shape: out['map']!.dims, data: out['map']!.data as Float32Array<ArrayBuffer> },
  };
  for (const [runtime, got] of [
    ['onnxruntime-node', await detect(node, image)],
    ['onnxruntime-web', inBrowser],
  ] as const) {
    const { score, map } = disagreement(got, expected);
    console.log(
      `golden/${name}  ${runtime}: score ${got.score.toPrecision(7)}, trained ${expected.score.toPrecision(7)}; relative difference ${score.toExponential(1)}, of the map ${map.toExponential(1)}`,
    );
  }
}
await node.release();
await browser.release();
