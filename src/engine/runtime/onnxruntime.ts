/**
 * The one file that knows onnxruntime. `run` blocks the thread it is called on, so anything long lives in a worker thread
 * (workers/host.ts); this module is what the worker, and short scripts, use directly.
 */
// first: what is imported is evaluated in this order
import './no-usage-data.ts';

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import type { Device } from './devices.ts';
import { Kept } from './kept.ts';
import { deviceError } from './missing-device.ts';
import { forWebgpu } from './webgpu.ts';

/** What may be fed: float32, or uint8 pixels. */
export interface Feed {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
}

interface Fetched {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

export type Feeds = Readonly<Record<string, Feed>>;
export type Fetches = Record<string, Fetched>;

/** What may be fed where sessions keep tensors; `shape` may differ from that under which it was computed. */
export type KeptFeeds = Readonly<Record<string, Feed | { readonly shape: readonly number[]; readonly data: Kept }>>;

/** What a run gave: what was fetched, and what stayed on the device and is now the caller's to release. */
export interface Outcome {
  readonly fetches: Fetches;
  readonly kept: Readonly<Record<string, Kept>>;
}

/** Anything that runs a compiled graph: in this thread, in a worker, or elsewhere. */
export interface Runner {
  /** `handOver` names buffers of feeds that need not be left with the caller. */
  run(feeds: Feeds, outputs?: readonly string[], handOver?: readonly ArrayBuffer[]): Promise<Fetches>;
  release(): Promise<void>;
}

export interface SessionOptions {
  /** The processor unless told; operators that another device lacks run on the processor all the same. */
  readonly device?: Device;
  /** Threads within an operator; default all cores. */
  readonly threads?: number;
  /** Whether memory that a run took goes back to the system after it, which takes a large network a tenth more time; kept for the next unless told. */
  readonly returnsMemory?: boolean;
  /** Whether the graph may be rewritten to be faster; it is unless told. */
  readonly optimise?: boolean;
  /** Path that the file of a profile begins with, which is written on release; none unless told (profile.ts). */
  readonly profilePrefix?: string;
}

interface KeepingOptions extends SessionOptions {
  /** Outputs that stay on the device, by name; for `runKeeping`. */
  readonly keep?: readonly string[];
}

export const onnxruntimeVersion: string = ort.env.versions?.node ?? 'unknown';

/**
 * The same model with everything computed beforehand that no input changes: its weights are plain constants, batch normalisations part of
 * their convolutions. Only operators of the ONNX standard.
 */
export async function foldConstants(model: Uint8Array): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'felfri-fold-'));
  const optimizedModelFilePath = join(folder, 'folded.onnx');
  try {
    const settings = { graphOptimizationLevel: 'basic', optimizedModelFilePath, logSeverityLevel: 3 } as const;
    const session = await ort.InferenceSession.create(model, settings);
    await session.release();
    return await readFile(optimizedModelFilePath);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Loads a model onto one device; throws what onnxruntime throws. */
async function load(given: Uint8Array | string, options: KeepingOptions): Promise<ort.InferenceSession> {
  const { device = 'cpu', threads = availableParallelism(), optimise = true, profilePrefix, keep = [] } = options;
  const { returnsMemory = false } = options;
  let [model, provider]: [Uint8Array | string, ort.InferenceSession.ExecutionProviderConfig] = [given, device];
  if (device === 'webgpu') {
    const named = await forWebgpu(given);
    [model, provider] = [
      named.model,
      { name: device, ...(named.processorNodes.length > 0 && { forceCpuNodeNames: named.processorNodes }) },
    ];
  }
  const settings: ort.InferenceSession.SessionOptions = {
    executionProviders: [provider],
    graphOptimizationLevel: optimise ? 'all' : 'disabled',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // a plan of all buffers as one block comes on top of the arena: a third more memory for no time (docs/experiments/speed.md)
    enableMemPattern: false,
    enableCpuMemArena: !returnsMemory,
    logSeverityLevel: 3,
    ...(keep.length > 0 && { preferredOutputLocation: Object.fromEntries(keep.map((name) => [name, 'gpu-buffer'])) }),
    ...(profilePrefix !== undefined && { enableProfiling: true, profileFilePrefix: profilePrefix }),
  };
  return typeof model === 'string'
    ? ort.InferenceSession.create(model, settings)
    : ort.InferenceSession.create(model, settings);
}

const fetched = ({ dims, data }: ort.Tensor): Fetched => ({ shape: dims, data: data as Float32Array<ArrayBuffer> });

/** The processor keeps plain arrays, so that what is built on keeping can be tried on it. */
const reshaped = (tensor: ort.Tensor, dims: readonly number[]): ort.Tensor =>
  tensor.location === 'cpu'
    ? new ort.Tensor('float32', tensor.data as Float32Array, dims)
    : ort.Tensor.fromGpuBuffer(tensor.gpuBuffer, { dataType: 'float32', dims });

const tensorOf = ({ data, shape }: KeptFeeds[string]): ort.Tensor => {
  if (data instanceof Kept) return reshaped(data.native as ort.Tensor, shape);
  return data instanceof Float32Array ? new ort.Tensor('float32', data, shape) : new ort.Tensor('uint8', data, shape);
};

/** A model loaded into onnxruntime on the calling thread. */
export class Session implements Runner {
  readonly #session: ort.InferenceSession;
  readonly #keep: ReadonlySet<string>;

  private constructor(session: ort.InferenceSession, keep: readonly string[]) {
    this.#session = session;
    this.#keep = new Set(keep);
  }

  /**
   * Loads a model from bytes or from a file (external data beside it is found only from a file). Throws DEVICE_MISSING where the machine
   * lacks the device.
   */
  static async create(model: Uint8Array | string, options: KeepingOptions = {}): Promise<Session> {
    const { device = 'cpu', keep = [] } = options;
    const session = await load(model, options).catch(async (error: Error) => {
      if (device === 'cpu') throw error;
      const attempt = async (other: Device): Promise<void> =>
        (await load(model, { device: other, threads: 1 })).release();
      throw await deviceError(attempt, device, error);
    });
    return new Session(session, keep);
  }

  get inputNames(): readonly string[] {
    return this.#session.inputNames;
  }

  get outputNames(): readonly string[] {
    return this.#session.outputNames;
  }

  async #run(feeds: KeptFeeds, outputs: readonly string[]): Promise<[string, ort.Tensor][]> {
    const given: Record<string, ort.Tensor> = {};
    for (const name of this.#session.inputNames) {
      const feed = feeds[name];
      if (feed) given[name] = tensorOf(feed);
    }
    const result = await this.#session.run(given, [...outputs]);
    return outputs.map((name) => [name, result[name]!]);
  }

  /** Runs the model; inputs are read in place, outputs are fresh. Feeds that the model does not take are left out. */
  async run(feeds: KeptFeeds, outputs: readonly string[] = this.#session.outputNames): Promise<Fetches> {
    return Object.fromEntries((await this.#run(feeds, outputs)).map(([name, out]) => [name, fetched(out)]));
  }

  /** Runs the model whole, and leaves on the device what it was created to keep. What is fed must not be released meanwhile. */
  async runKeeping(feeds: KeptFeeds): Promise<Outcome> {
    const fetches: Fetches = {};
    const kept: Record<string, Kept> = {};
    for (const [name, out] of await this.#run(feeds, this.#session.outputNames)) {
      if (this.#keep.has(name)) kept[name] = new Kept(out);
      else fetches[name] = fetched(out);
    }
    return { fetches, kept };
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}
