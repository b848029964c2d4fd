/**
 * What every device must be able to do, tried on one of them in a process of its own, beside the processor with its graphs left as they
 * are; prints one JSON object, a `DeviceTrial`.
 *
 *     node .test-build/test/support/device-trial.js DEVICE
 */
import { exportModel, type TrainedDetector } from '../../src/bundle/write.ts';
import { FelfriError } from '../../src/core/errors.ts';
import { Random } from '../../src/core/random.ts';
import { sizeOf, type Tensor } from '../../src/core/tensor.ts';
import { flowPermutations } from '../../src/detectors/flow/config.ts';
import { featureInput, flowTraining } from '../../src/detectors/flow/training.ts';
import { unetTraining } from '../../src/detectors/unet/training.ts';
import { greater, mul, reduceSum } from '../../src/engine/builders.ts';
import { gradientsOf } from '../../src/engine/gradients.ts';
import type { Value } from '../../src/engine/graph.ts';
import { toOnnx } from '../../src/engine/onnx/writer.ts';
import type { OperatorName } from '../../src/engine/operators/attributes.ts';
import { createGraph, operatorOf, operatorTable } from '../../src/engine/operators/table.ts';
import type { Device } from '../../src/engine/runtime/devices.ts';
import { type Feeds, type Fetches, Session, type SessionOptions } from '../../src/engine/runtime/onnxruntime.ts';
import { compileTraining, type TrainingDefinition } from '../../src/engine/training/program.ts';
import { WorkerSession } from '../../src/engine/workers/remote.ts';
import { smallFlow, smallUnet } from '../detectors.ts';
import { type Story, type Traffic, tellTraining } from './device-training.ts';

export interface DeviceTrial {
  /** Why the device is not there, by code and message; nothing of the rest then. */
  readonly absent?: { readonly code: string; readonly message: string };
  /** Largest difference from the processor, over the largest value of the tensor; by what was tried. */
  readonly differences?: Readonly<Record<string, number>>;
  /** What passed between the processor and the device in each training, by its name. */
  readonly traffic?: Readonly<Record<string, Traffic>>;
  /** What a trainer must do and did not do there, in words. */
  readonly broken?: readonly string[];
}

const device = process.argv[2] as Device;
/** The processor computes node by node, so that it too is compared with something other than itself. */
const reference: SessionOptions = { optimise: false, threads: 1 };
const differences: Record<string, number> = {};
const traffic: Record<string, Traffic> = {};
const broken: string[] = [];

function compare(name: string, got: Fetches, expected: Fetches): void {
  for (const [output, { data }] of Object.entries(expected)) {
    const other = got[output]!.data;
    const largest = Math.max(
      1e-3,
      data.reduce((most, v) => Math.max(most, Math.abs(v)), 0),
    );
    const apart = data.reduce(
      (most, v, i) => Math.max(most, Math.abs(v - other[i]!)),
      other.length === data.length ? 0 : 1,
    );
    // what is no number compares with nothing
    differences[name] = Math.max(differences[name] ?? 0, Number.isNaN(apart) ? 1 : apart / largest);
  }
}

async function run(model: Uint8Array, feeds: Feeds, options: SessionOptions): Promise<Fetches> {
  const session = await Session.create(model, options);
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

/** An operator's outputs and the gradients of a sum over them, of all cases of the table in one model. */
async function tryOperator(op: OperatorName): Promise<void> {
  const graph = createGraph();
  const outputs: Record<string, Value> = {};
  const feeds: Record<string, Tensor> = {};
  for (const [n, { inputs, attributes }] of operatorOf(op).cases(Random.of(1, op)).entries()) {
    const xs = inputs.map((t: Tensor, i: number) => graph.input(`x${n}.${i}`, t.shape));
    const condition = op === 'Where' ? [greater(graph.constant(inputs[0]!.shape, [1, -1, 1, -1, 1, -1]), 0)] : [];
    const y = graph.apply(op, [...condition, ...xs], attributes as never);
    outputs[`y${n}`] = y;
    for (const [i, gradient] of gradientsOf(reduceSum(mul(y, y)), xs).entries()) outputs[`g${n}.${i}`] = gradient;
    for (const [i, input] of inputs.entries()) feeds[`x${n}.${i}`] = input;
  }
  if (Object.keys(outputs).length === 0) return;
  const model = toOnnx(outputs);
  compare(`operator ${op}`, await run(model, feeds, { device }), await run(model, feeds, reference));
}

const opened: Session[] = [];
const random = Random.of(5, 'device');
const normal = (...shape: number[]): Tensor => ({
  shape,
  data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
});

/** A training's numbers, and how it went. */
async function tryTraining(name: string, definition: TrainingDefinition, feeds: Omit<Story, 'program'>): Promise<void> {
  const story = { program: compileTraining(definition), ...feeds };
  const told = await tellTraining(story, { device });
  compare(`training ${name}`, told.numbers, (await tellTraining(story, { threads: 1 })).numbers);
  traffic[name] = told.traffic;
  broken.push(...told.broken.map((what) => `${name}: ${what}`));
}

async function tryInspection(name: string, detector: TrainedDetector): Promise<void> {
  const model = exportModel(detector);
  const pixels = Uint8Array.from({ length: 80 * 100 * 3 }, () => Math.floor(random.uniform(0, 256)));
  const feeds: Feeds = { pixels: { shape: [80, 100, 3], data: pixels } };
  const session = await WorkerSession.create(model, { device });
  compare(`inspection ${name}`, await session.run(feeds), await run(model, feeds, reference));
  await session.release();
}

async function tryAll(): Promise<DeviceTrial> {
  const nothing = toOnnx({ y: mul(createGraph().input('x', [1]), 2) });
  try {
    // held to the end, as with the last session goes what the device has compiled for all of them
    const first = await Session.create(nothing, { device });
    await first.run({ x: normal(1) });
    opened.push(first);
  } catch (error) {
    if (!(error instanceof FelfriError)) throw error;
    return { absent: { code: error.code, message: error.message } };
  }
  for (const name of Object.keys(operatorTable) as OperatorName[]) await tryOperator(name);
  // as many channels as convolutions by tiles take
  const [channels, batch] = [64, 2];
  const config = { channels, hidden: 32, kernels: [3], clamp: 3 };
  const mapSizes: [number, number][] = [
    [8, 8],
    [4, 4],
    [2, 2],
  ];
  const flow = flowTraining({
    config,
    permutations: flowPermutations(channels, config.kernels.length, 0),
    batch,
    evaluationBatch: batch,
    mapSizes,
  });
  const maps = Object.fromEntries(mapSizes.map((sides, s) => [featureInput(s), normal(batch, channels, ...sides)]));
  const none = Object.fromEntries(
    Object.entries(maps).map(([input, { shape, data }]) => [input, { shape, data: data.map(() => Number.NaN) }]),
  );
  await tryTraining('flow', flow, { batch: maps, evaluated: maps, diverging: none });
  const target = normal(batch, 1, 32, 32);
  target.data.forEach((v, i) => {
    target.data[i] = v > 1 ? 1 : 0;
  });
  const unet = unetTraining({ base: 4, patch: 32, batch });
  const patches = { image: normal(batch, 1, 32, 32), target };
  await tryTraining('U-Net', unet, { batch: patches, evaluated: patches });
  await tryInspection('flow', smallFlow());
  await tryInspection('U-Net', smallUnet());
  return { differences, traffic, broken };
}

process.stdout.write(`${JSON.stringify(await tryAll())}\n`);
