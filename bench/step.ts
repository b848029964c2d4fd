/**
 * Seconds for a training step and an inference of one network, as one JSON line. It takes the arguments and gives the fields of the
 * PyTorch peer's torch_speed.py, and measures as that does: one run to warm up, then the median of `--steps` runs (of inference, at least 10).
 *
 *     tsx bench/step.ts csflow --channels 192 --hidden 128 --size 384 --batch 16
 *     tsx bench/step.ts unet --base 32 --size 256 --batch 8
 *     tsx bench/step.ts effnet --variant b0 --size 384        (inference of three scales, one image)
 *
 * `--device webgpu` has a graphics card compute; arithmetic is counted on the processor alone. Training runs as `felfri train` runs it, in a
 * worker thread; inference as a bundle does, with the weights in the model.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../src/core/random.ts';
import { writeSafetensors } from '../src/core/safetensors.ts';
import { sizeOf, type Tensor } from '../src/core/tensor.ts';
import { efficientNetBackbone } from '../src/detectors/backbones/efficientnet.ts';
import type { EfficientNetVariant } from '../src/detectors/backbones/efficientnet-architecture.ts';
import { flowPermutations, paperConfig, paperTraining } from '../src/detectors/flow/config.ts';
import { flowForward } from '../src/detectors/flow/network.ts';
import { featureInput, flowTraining } from '../src/detectors/flow/training.ts';
import { unet } from '../src/detectors/unet/network.ts';
import { unetAdam, unetTraining } from '../src/detectors/unet/training.ts';
import type { Value } from '../src/engine/graph.ts';
import { toOnnx } from '../src/engine/onnx/writer.ts';
import { createGraph } from '../src/engine/operators/table.ts';
import { FixedParameters, type Parameters } from '../src/engine/parameters.ts';
import { type Device, devices } from '../src/engine/runtime/devices.ts';
import { type Feeds, Session } from '../src/engine/runtime/onnxruntime.ts';
import type { AdamOptions } from '../src/engine/training/adam-rule.ts';
import { compileTraining, type TrainingDefinition } from '../src/engine/training/program.ts';
import { WorkerTrainer } from '../src/engine/workers/remote.ts';
import { operationsOf, sgemmRate } from './arithmetic.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    channels: { type: 'string', default: '192' },
    hidden: { type: 'string', default: '128' },
    base: { type: 'string', default: '32' },
    variant: { type: 'string', default: 'b0' },
    size: { type: 'string', default: '384' },
    batch: { type: 'string', default: '16' },
    steps: { type: 'string', default: '5' },
    threads: { type: 'string', default: '2' },
    device: { type: 'string', default: 'cpu' },
  },
});
const device = values.device as Device;
if (!devices.includes(device)) throw new Error(`--device ${device}: legal are ${devices.join(', ')}`);
const [channels, hidden, base, size, batch, steps, threads] = (
  ['channels', 'hidden', 'base', 'size', 'batch', 'steps', 'threads'] as const
).map((name) => Number(values[name])) as [number, number, number, number, number, number, number];
const random = Random.of(0, 'bench');

function normal(shape: readonly number[]): Tensor {
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()) };
}

async function medianSeconds(run: () => Promise<unknown>, runs: number): Promise<number> {
  await run();
  const seconds: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await run();
    seconds.push((performance.now() - start) / 1000);
  }
  seconds.sort((a, b) => a - b);
  const middle = (seconds[Math.floor((runs - 1) / 2)]! + seconds[Math.ceil((runs - 1) / 2)]!) / 2;
  return Math.round(middle * 1e4) / 1e4;
}

interface Network {
  readonly definition: TrainingDefinition;
  readonly adam: AdamOptions;
  readonly learningRate: number;
  readonly feeds: Feeds;
  /** The network for one image. */
  readonly outputs: (p: Parameters, graph: ReturnType<typeof createGraph>) => Record<string, Value>;
  readonly feed: Feeds;
}

function flow(): Network {
  const config = { ...paperConfig, channels, hidden };
  const permutations = flowPermutations(channels, config.kernels.length, 0);
  const side = Math.floor(size / 32);
  const mapSizes = [1, 2, 4].map((divisor): [number, number] => [Math.ceil(side / divisor), Math.ceil(side / divisor)]);
  const maps = (n: number): Feeds =>
    Object.fromEntries(mapSizes.map((sides, scale) => [featureInput(scale), normal([n, channels, ...sides])]));
  const feed = maps(1);
  return {
    definition: flowTraining({ config, permutations, batch, evaluationBatch: 1, mapSizes }),
    adam: paperTraining.adam,
    learningRate: paperTraining.learningRate,
    feeds: maps(batch),
    outputs: (p, graph) => {
      const inputs = Object.entries(feed).map(([name, { shape }]) => graph.input(name, shape));
      const { z, logDet } = flowForward(inputs, p, config, permutations);
      return { logDet, ...Object.fromEntries(z.map((value, scale) => [`z${scale}`, value])) };
    },
    feed,
  };
}

function segmentation(): Network {
  const target = { shape: [batch, 1, size, size], data: new Float32Array(batch * size * size) };
  for (let i = 0; i < target.data.length; i++) target.data[i] = random.next() > 0.95 ? 1 : 0;
  const feed = { image: normal([1, 1, size, size]) };
  return {
    definition: unetTraining({ base, patch: size, batch }),
    adam: { ...unetAdam, clipNorm: 1 },
    learningRate: 1e-4,
    feeds: { image: normal([batch, 1, size, size]), target },
    outputs: (p, graph) => ({ logits: unet(graph.input('image', feed.image.shape), p, { base }) }),
    feed,
  };
}

/** Largest resident memory so far, in MB. */
const peakMemory = (): number => Math.floor(process.resourceUsage().maxRSS / 1024);

/** Seconds, on the processor with the arithmetic done in them and the machine's own rate before and after. */
async function measureInference(outputs: Record<string, Value>, feed: Feeds): Promise<object> {
  const session = await Session.create(toOnnx(outputs), { threads, device });
  const measureRate = async (): Promise<number> => (device === 'cpu' ? await sgemmRate(threads) : 0);
  const before = await measureRate();
  const seconds = await medianSeconds(() => session.run(feed), Math.max(steps, 10));
  const after = await measureRate();
  await session.release();
  if (device !== 'cpu') return { inference_s: seconds };
  return {
    inference_s: seconds,
    inference_gflops: Math.round(operationsOf(Object.values(outputs)) / seconds / 1e7) / 100,
    sgemm_gflops: Math.round(Math.max(before, after) * 100) / 100,
  };
}

async function measure({ definition, adam, learningRate, feeds, outputs, feed }: Network): Promise<object> {
  const program = compileTraining({ step: definition.step });
  const trainer = await WorkerTrainer.create(program, { adam, seed: 0, threads, device });
  const trainStep = await medianSeconds(() => trainer.step(feeds, learningRate), steps);
  const trainPeak = peakMemory();
  const weights = await trainer.weights();
  await trainer.release();
  const graph = createGraph();
  const parameters = [...weights].filter(([name]) => !name.includes('running_')).map(([, t]) => t.data.length);
  return {
    parameters: parameters.reduce((a, b) => a + b, 0),
    train_step_s: trainStep,
    train_peak_rss_mb: trainPeak,
    ...(await measureInference(outputs(new FixedParameters(graph, weights), graph), feed)),
  };
}

/** Weights drawn at random, as the peer's are: the time does not depend on them. */
async function measureFeatures(): Promise<object> {
  const { formulaWeights } = await import('../test/formula-weights.ts');
  const folder = await mkdtemp(join(tmpdir(), 'felfri-bench-'));
  try {
    const weights = join(folder, 'weights.safetensors');
    await writeSafetensors(weights, formulaWeights(values.variant as EfficientNetVariant));
    const backbone = await efficientNetBackbone({ weights });
    const graph = createGraph();
    const feed = Object.fromEntries([1, 2, 4].map((d, scale) => [`image${scale}`, normal([1, 3, size / d, size / d])]));
    const maps = Object.entries(feed).map(([name, { shape }], scale): [string, Value] => [
      `map${scale}`,
      backbone.features(graph.input(name, shape)),
    ]);
    return await measureInference(Object.fromEntries(maps), feed);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const [model] = positionals;
const networks: Record<string, () => Promise<object>> = {
  csflow: () => measure(flow()),
  unet: () => measure(segmentation()),
  effnet: measureFeatures,
};
const chosen = networks[model ?? ''];
if (!chosen) throw new Error(`got ${model ?? 'no model'}; give one of ${Object.keys(networks).join(', ')}`);
const result = await chosen();
console.log(JSON.stringify({ ...result, peak_rss_mb: peakMemory() }));
