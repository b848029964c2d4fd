/**
 * The one file that knows onnxruntime. `run` blocks the thread it is called on, so anything long lives in a worker thread
 * (worker.ts); this module is what the worker, and short scripts, use directly.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';

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

/** A model loaded into onnxruntime on the calling thread. */
export class Session implements Runner {
  readonly #session: ort.InferenceSession;

  private constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  /** Loads a model from bytes or from a file (external data beside it is found only from a file). */
  static async create(model: Uint8Array | string, options: SessionOptions = {}): Promise<Session> {
    const settings: ort.InferenceSession.SessionOptions = {
      executionProviders: ['cpu'],
      graphOptimizationLevel: options.optimise === false ? 'disabled' : 'all',
      intraOpNumThreads: options.threads ?? availableParallelism(),
      interOpNumThreads: 1,
      // a plan of all buffers as one block comes on top of the arena: a third more memory for no time (docs/experiments.md)
      enableMemPattern: false,
      logSeverityLevel: 3,
      ...(options.profilePrefix !== undefined && { enableProfiling: true, profileFilePrefix: options.profilePrefix }),
    };
    const session =
      typeof model === 'string'
        ? await ort.InferenceSession.create(model, settings)
        : await ort.InferenceSession.create(model, settings);
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
