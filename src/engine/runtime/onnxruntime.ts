/**
 * The one file that knows onnxruntime. `run` blocks the thread it is called on, so anything long lives in a worker thread
 * (worker.ts); this module is what the worker, and short scripts, use directly.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { FelfriError } from '../../core/errors.ts';
import { type Device, devices } from './devices.ts';
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

/** Anything that runs a compiled graph: in this thread, in a worker, or elsewhere. */
export interface Runner {
  run(feeds: Feeds, outputs?: readonly string[]): Promise<Fetches>;
  release(): Promise<void>;
}

export interface SessionOptions {
  /** The processor unless told; operators that another device lacks run on the processor all the same. */
  readonly device?: Device;
  /** Threads within an operator; default all cores. */
  readonly threads?: number;
  /** Whether the graph may be rewritten to be faster; it is unless told. */
  readonly optimise?: boolean;
  /** Path that the file of a profile begins with, which is written on release; none unless told (profile.ts). */
  readonly profilePrefix?: string;
}

export const onnxruntimeVersion: string = ort.env.versions?.node ?? 'unknown';

/**
 * The same model with everything computed beforehand that no input changes: its weights are plain constants, batch normalisations part of
 * their convolutions. Only operators of the ONNX standard.
 */
export async function foldConstants(model: Uint8Array): Promise<Buffer> {
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
async function load(given: Uint8Array | string, options: SessionOptions): Promise<ort.InferenceSession> {
  const { device = 'cpu', threads = availableParallelism(), optimise = true, profilePrefix } = options;
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
    // a plan of all buffers as one block comes on top of the arena: a third more memory for no time (docs/experiments.md)
    enableMemPattern: false,
    logSeverityLevel: 3,
    ...(profilePrefix !== undefined && { enableProfiling: true, profileFilePrefix: profilePrefix }),
  };
  return typeof model === 'string'
    ? ort.InferenceSession.create(model, settings)
    : ort.InferenceSession.create(model, settings);
}

/** Whether a device takes the model, or why not. */
async function refusal(model: Uint8Array | string, device: Device): Promise<string | undefined> {
  try {
    await (await load(model, { device, threads: 1 })).release();
    return undefined;
  } catch (error) {
    return (error as Error).message.trim().split('\n').at(-1)!;
  }
}

/** The error of a model that a device did not take: the model's own where the processor does not take it either. */
async function deviceError(model: Uint8Array | string, device: Device, error: Error): Promise<Error> {
  const usable: Device[] = [];
  for (const other of devices) if (other !== device && !(await refusal(model, other))) usable.push(other);
  if (!usable.includes('cpu')) return error;
  const why = error.message.trim().split('\n').at(-1)!.split(' was false. ').at(-1)!;
  return new FelfriError(
    'DEVICE_MISSING',
    `unsupported device ${device} here: should be one of ${usable.join(', ')} (onnxruntime: ${why})`,
    { subject: 'device', cause: error },
  );
}

/** A model loaded into onnxruntime on the calling thread. */
export class Session implements Runner {
  readonly #session: ort.InferenceSession;

  private constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  /**
   * Loads a model from bytes or from a file (external data beside it is found only from a file). Throws DEVICE_MISSING where the machine
   * lacks the device.
   */
  static async create(model: Uint8Array | string, options: SessionOptions = {}): Promise<Session> {
    const { device = 'cpu' } = options;
    const session = await load(model, options).catch(async (error: Error) => {
      throw device === 'cpu' ? error : await deviceError(model, device, error);
    });
    return new Session(session);
  }

  get inputNames(): readonly string[] {
    return this.#session.inputNames;
  }

  get outputNames(): readonly string[] {
    return this.#session.outputNames;
  }

  /** Runs the model; inputs are read in place, outputs are fresh. Feeds that the model does not take are left out. */
  async run(feeds: Feeds, outputs: readonly string[] = this.#session.outputNames): Promise<Fetches> {
    const given: Record<string, ort.Tensor> = {};
    for (const name of this.#session.inputNames) {
      const feed = feeds[name];
      if (!feed) continue;
      const { data, shape } = feed;
      given[name] =
        data instanceof Float32Array ? new ort.Tensor('float32', data, shape) : new ort.Tensor('uint8', data, shape);
    }
    const result = await this.#session.run(given, [...outputs]);
    const fetched: Fetches = {};
    for (const name of outputs) {
      const out = result[name]!;
      fetched[name] = { shape: out.dims, data: out.data as Float32Array<ArrayBuffer> };
    }
    return fetched;
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}
