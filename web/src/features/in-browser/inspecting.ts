/** Inspects with a recipe's model in a thread of this browser. Pixels come from the page, and go nowhere else. */
import * as ort from 'onnxruntime-web/wasm';
import { viewsIn } from '../../../../src/bundle/views.ts';
import { isBlank } from '../../../../src/data/image/blank.ts';
import { frameFaults } from '../../../../src/data/image/frame-faults.ts';
import { drawHeatMap } from '../../../../src/inspect/heat-map.ts';
import { type MapFacts, mapScaleOf } from '../../../../src/inspect/map-scale.ts';
import { inRegions } from '../../../../src/judge/in-regions.ts';
import { verdictOf } from '../../../../src/judge/verdict.ts';
import type { Answer, Judging, Pixels, Question } from './messages.ts';

// more threads would ask the station for headers that shut other pages out
ort.env.wasm.numThreads = 1;

let session: ort.InferenceSession | undefined;

function answer(message: Answer, handOver: Transferable[] = []): void {
  self.postMessage(message, { transfer: handOver });
}

async function open(address: string): Promise<void> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The station gave no model: ${response.status} ${response.statusText}`);
  const model = new Uint8Array(await response.arrayBuffer());
  session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'], logSeverityLevel: 3 });
  const [pixels] = session.inputMetadata;
  if (pixels?.isTensor && pixels.type !== 'uint8') {
    throw new Error(
      'The active recipe sees images of more than 8 bits, or chosen bands. Let the station inspect them.',
    );
  }
  answer({ ready: true });
}

/** Red, green and blue. A canvas has lost the colours under transparency, which the station counts; so these are not judged here. */
function opaqueColours({ data }: Pixels): Uint8Array {
  const rgb = new Uint8Array((data.length / 4) * 3);
  for (let p = 0; p * 4 < data.length; p++) {
    if (data[4 * p + 3] !== 255) throw new Error('The image has transparent pixels. Let the station inspect it.');
    for (let c = 0; c < 3; c++) rgb[3 * p + c] = data[4 * p + c]!;
  }
  return rgb;
}

function opaque(rgb: Uint8Array): Pixels['data'] {
  const data = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255);
  for (let p = 0; p * 3 < rgb.length; p++) for (let c = 0; c < 3; c++) data[4 * p + c] = rgb[3 * p + c]!;
  return data;
}

/** Scores of a fusion's two detectors, where the model gives them. */
function partsOf({ flow, unet }: ort.InferenceSession.ReturnType): { flow: number; unet: number } | null {
  if (!flow || !unet) return null;
  return { flow: (flow.data as Float32Array)[0]!, unet: (unet.data as Float32Array)[0]! };
}

const dataOf = (tensor: ort.OnnxValue | undefined) => tensor && { data: (tensor as ort.Tensor).data };

async function inspect(pixels: Pixels, facts: MapFacts, judging: Judging): Promise<void> {
  const { width, height } = pixels;
  const start = performance.now();
  const rgb = opaqueColours(pixels);
  const found = await session!.run({ pixels: new ort.Tensor('uint8', rgb, [height, width, 3]) });
  const score = (found['score']!.data as Float32Array)[0]!;
  const millis = performance.now() - start;
  const map = { shape: found['map']!.dims, data: Float32Array.from(found['map']!.data as Float32Array) };
  const image = { width, height, channels: 3, data: rgb } as const;
  const frame = judging.learned && { found: frameFaults(image), learned: judging.learned };
  // the rule that the station passes, too
  const picture = { width, height, blank: isBlank(image) && !judging.judgesBlank, sizes: judging.sizes, frame };
  const views = viewsIn((name) => dataOf(found[name])) ?? [];
  const own = { score, map: map.data, parts: partsOf(found), views, ...inRegions(image, map, facts.regions) };
  const verdict = verdictOf(own, judging, picture);
  const data = opaque(drawHeatMap(image, map, mapScaleOf(facts, { ...judging, ...verdict })).data);
  answer({ ...verdict, score, millis, drawn: { width, height, data } }, [data.buffer]);
}

self.addEventListener('message', ({ data }: MessageEvent<Question>) => {
  const work = 'model' in data ? open(data.model) : inspect(data.pixels, data.map, data.judging);
  work.catch((error: unknown) => answer({ problem: error instanceof Error ? error.message : String(error) }));
});
