/** Inspects with a recipe's model in a thread of this browser. Pixels come from the page, and go nowhere else. */
import * as ort from 'onnxruntime-web/wasm';
import type { Answer, Pixels, Question } from './messages.ts';

// more threads would ask the station for headers that shut other pages out
ort.env.wasm.numThreads = 1;

let session: ort.InferenceSession | undefined;

function answer(message: Answer): void {
  self.postMessage(message);
}

async function open(address: string): Promise<void> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The station gave no model: ${response.status} ${response.statusText}`);
  const model = new Uint8Array(await response.arrayBuffer());
  session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
  answer({ ready: true });
}

async function inspect({ width, height, data }: Pixels): Promise<void> {
  const start = performance.now();
  const rgb = new Uint8Array(width * height * 3);
  for (let p = 0; p < width * height; p++) for (let c = 0; c < 3; c++) rgb[3 * p + c] = data[4 * p + c]!;
  const found = await session!.run({ pixels: new ort.Tensor('uint8', rgb, [height, width, 3]) });
  const score = (found['score']!.data as Float32Array)[0]!;
  answer({ score, millis: performance.now() - start });
}

self.addEventListener('message', ({ data }: MessageEvent<Question>) => {
  const work = 'model' in data ? open(data.model) : inspect(data.pixels);
  work.catch((error: unknown) => answer({ problem: error instanceof Error ? error.message : String(error) }));
});
