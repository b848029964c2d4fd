/** Sessions and trainers in worker threads of their own, so that computing never blocks the caller's thread. */
import type { Worker } from 'node:worker_threads';
import { type ErrorCode, FelfriError } from '../../core/errors.ts';
import type { NamedTensors } from '../../core/tensor.ts';
import type { Feeds, Fetches, Runner, SessionOptions } from '../runtime/onnxruntime.ts';
import type { TrainingProgram } from '../training/program.ts';
import type { StepResult, TrainerLike, TrainerOptions, TrainerState } from '../training/trainer.ts';
import type { Call, Reply, Start } from './protocol.ts';
import { startWorker } from './start.ts';

class Remote {
  readonly #worker: Worker;
  readonly #pending = new Map<number, { resolve: (v: unknown) => void; reject: (e: Error) => void }>();
  #next = 0;
  #failure: Error | undefined;

  constructor(start: Start) {
    this.#worker = startWorker('host', start);
    this.#worker.on('message', ({ id, result, error }: Reply) => {
      const waiting = this.#pending.get(id);
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#worker.unref();
      if (!error) waiting?.resolve(result);
      else
        waiting?.reject(
          error.code ? new FelfriError(error.code as ErrorCode, error.message) : new Error(error.message),
        );
    });
    this.#worker.on('error', (error) => this.#fail(error as Error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`the computing thread ended with code ${code}`)));
    this.#worker.unref();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  call<T>(method: string, ...args: unknown[]): Promise<T> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      // throws, and owes nothing, when the arguments cannot be sent
      this.#worker.postMessage({ id, method, args } satisfies Call);
      this.#pending.set(id, { resolve: resolve as (v: unknown) => void, reject });
      // an idle worker does not keep the process alive, one that owes an answer does
      this.#worker.ref();
    });
  }

  async end(): Promise<void> {
    if (!this.#failure) await this.call('release');
    await this.stop();
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** A thread that waits for its model. */
export interface PreparedSession {
  /** To be called once. */
  load(model: Uint8Array | string, options?: SessionOptions): Promise<WorkerSession>;
  /** Ends the thread when there will be no model. */
  abandon(): Promise<void>;
}

/** A session in a worker thread. */
export class WorkerSession implements Runner {
  readonly #remote: Remote;

  private constructor(remote: Remote) {
    this.#remote = remote;
  }

  static async create(model: Uint8Array | string, options: SessionOptions = {}): Promise<WorkerSession> {
    const remote = new Remote({ kind: 'session', model, options });
    await remote.call('ready');
    return new WorkerSession(remote);
  }

  /** Starts a thread before the model is at hand, so that what it needs is loaded meanwhile. */
  static prepare(): PreparedSession {
    const remote = new Remote({ kind: 'waiting' });
    return {
      load: async (model, options = {}) => {
        await remote.call('load', model, options);
        return new WorkerSession(remote);
      },
      abandon: () => remote.stop(),
    };
  }

  run(feeds: Feeds, outputs?: readonly string[]): Promise<Fetches> {
    return this.#remote.call('run', feeds, outputs);
  }

  release(): Promise<void> {
    return this.#remote.end();
  }
}

/** A trainer in a worker thread. */
export class WorkerTrainer implements TrainerLike {
  readonly #remote: Remote;

  private constructor(remote: Remote) {
    this.#remote = remote;
  }

  static async create(program: TrainingProgram, options: TrainerOptions): Promise<WorkerTrainer> {
    const remote = new Remote({ kind: 'trainer', program, options });
    await remote.call('ready');
    return new WorkerTrainer(remote);
  }

  step(feeds: Feeds, learningRate: number): Promise<StepResult> {
    return this.#remote.call('step', feeds, learningRate);
  }

  evaluate(feeds: Feeds): Promise<Fetches> {
    return this.#remote.call('evaluate', feeds);
  }

  weights(): Promise<NamedTensors> {
    return this.#remote.call('weights');
  }

  state(): Promise<TrainerState> {
    return this.#remote.call('state');
  }

  restore(state: TrainerState): Promise<void> {
    return this.#remote.call('restore', state);
  }

  release(): Promise<void> {
    return this.#remote.end();
  }
}
